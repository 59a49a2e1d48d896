/** What somebody did in their own duties, as words, sums and rows of a file. Pure. */

import { capital, plainWords } from '$shared/words';

export interface Counted {
  kind: string;
  count: number;
}

export interface OwnDuty {
  unit_id: string;
  call_sign: string;
  district: string;
  booked_on_at: string;
  booked_off_at: string | null;
  minutes: number;
  seat: string | null;
  role: string;
  qualifications: string[];
  jobs: Counted[];
  recorded: Counted[];
  debrief: { at: string; happened?: string[]; kit?: string; helped?: string; hindered?: string } | null;
}

/** `7 h 30`. */
export function hours(minutes: number): string {
  return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, '0')}`;
}

/** Each kind once, the most frequent first. */
export function summed(lists: Counted[][]): Counted[] {
  const counts = new Map<string, number>();
  for (const one of lists.flat()) counts.set(one.kind, (counts.get(one.kind) ?? 0) + one.count);
  return [...counts].map(([kind, count]) => ({ kind, count })).sort((a, b) => b.count - a.count || a.kind.localeCompare(b.kind));
}

export function listed(list: Counted[]): string {
  return list.map((one) => `${one.kind} ${one.count}`).join(', ');
}

export const HEADS = ['call sign', 'from', 'to', 'minutes', 'seat', 'role', 'qualifications', 'jobs', 'recorded', 'happened', 'kit', 'helped', 'hindered'];

export function fileRows(duties: OwnDuty[]): string[][] {
  return duties.map((one) => [
    one.call_sign,
    one.booked_on_at,
    one.booked_off_at ?? '',
    String(one.minutes),
    plainWords(one.seat ?? ''),
    capital(plainWords(one.role)),
    one.qualifications.map(plainWords).join('; '),
    listed(one.jobs),
    listed(one.recorded),
    (one.debrief?.happened ?? []).map(plainWords).join('; '),
    one.debrief?.kit ?? '',
    one.debrief?.helped ?? '',
    one.debrief?.hindered ?? '',
  ]);
}
