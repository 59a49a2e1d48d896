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
  return viewer.unit_id || viewer.call_sign ? '/crew' : '/console';
}

export const ROLE_WORDS: Record<string, string> = {
  police_dispatcher: 'Police room',
  ambulance_dispatcher: 'Ambulance room',
  duty_supervisor: 'Duty supervisor',
};
