/** Who is looking, and the way back to the sign-in page. */

import { get, post, remove } from './api';
import type { Session, Viewer } from './types';

export async function whoAmI(): Promise<Session> {
  return get<Session>('/session');
}

export async function takeRole(role: string, unit: string | null): Promise<Viewer> {
  const answer = await post<{ viewer: Viewer }>('/session', unit ? { role, unit } : { role });
  return answer.viewer;
}

export async function useToken(token: string): Promise<Viewer> {
  return (await post<{ viewer: Viewer }>('/session', { token })).viewer;
}

export async function leave(): Promise<void> {
  await remove('/session');
  location.assign('/');
}

/** Where a viewer's work is done. */
export function homeOf(viewer: Viewer): string {
  if (viewer.unit_id || viewer.call_sign || CREW_ROLES.has(viewer.role)) return '/crew';
  return AT_A_DESK.has(viewer.role) ? '/console' : '/account';
}

export const CREW_ROLES: ReadonlySet<string> = new Set(['paramedic', 'constable', 'special_constable']);
const AT_A_DESK: ReadonlySet<string> = new Set(['police_dispatcher', 'ambulance_dispatcher', 'duty_supervisor', 'inspector', 'clinical_desk']);

export const ROLE_WORDS: Record<string, string> = {
  police_dispatcher: 'Police room',
  ambulance_dispatcher: 'Ambulance room',
  duty_supervisor: 'Duty supervisor',
};

/** A role as people say it. */
export function roleWords(role: string): string {
  const words = ROLE_WORDS[role] ?? role.replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}
