/** Who is looking, and the way back to the sign-in page. */

import { get, post, remove } from './api';
import { forgetCopies } from './copies';
import type { Agency, Session, Viewer } from './types';
import { plainWords } from './words';

export async function whoAmI(): Promise<Session> {
  return get<Session>('/session');
}

/** Take a role of the demonstration; `agency` chooses where both services have people in it. */
export async function takeRole(role: string, unit: string | null, agency: Agency): Promise<Viewer> {
  const answer = await post<{ viewer: Viewer }>('/session', unit ? { role, unit } : { role, agency });
  return answer.viewer;
}

export async function useToken(token: string): Promise<Viewer> {
  return (await post<{ viewer: Viewer }>('/session', { token })).viewer;
}

/** Sign out. Without a link the session ends by its time; the screen is emptied all the same, also for "back". */
export async function leave(): Promise<void> {
  await remove('/session').catch(() => undefined);
  document.body.replaceChildren();
  await forgetCopies();
  location.replace('/');
}

/** The name of a strip's window, beside a room's own system. */
export const STRIP = 'jru-strip';

/** Where a viewer's work is done; in a window that showed the strip, the strip. */
export function homeOf(viewer: Viewer): string {
  if (viewer.unit_id || viewer.call_sign || CREW_ROLES.has(viewer.role)) return '/crew';
  if (!IN_A_ROOM.has(viewer.role)) return '/desk';
  return window.name === STRIP ? '/strip' : '/console';
}

export const CREW_ROLES: ReadonlySet<string> = new Set(['paramedic', 'constable', 'special_constable']);
const IN_A_ROOM: ReadonlySet<string> = new Set(['police_dispatcher', 'ambulance_dispatcher', 'duty_supervisor', 'clinical_desk']);

export const ROLE_WORDS: Record<string, string> = {
  police_dispatcher: 'Police room',
  ambulance_dispatcher: 'Ambulance room',
  duty_supervisor: 'Duty supervisor',
};

/** A role as people say it. */
export function roleWords(role: string): string {
  const words = ROLE_WORDS[role] ?? plainWords(role);
  return words.charAt(0).toUpperCase() + words.slice(1);
}
