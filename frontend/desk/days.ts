/** Days and months of the scheme's own zone as moments. Pure. */

import { zoneTime } from '$shared/zones';

const MIDNIGHT = { hour: 0, minute: 0 };

/** The moment at which a day such as `2019-08-16` begins in a zone, `later` days on; ISO 8601 in UTC. */
export function zoneDay(day: string, later: number, zone: string): string {
  const [year = 1970, month = 1, date = 1] = day.split('-').map(Number);
  return new Date(zoneTime(Date.UTC(year, month - 1, date, 12), later, MIDNIGHT, zone)).toISOString();
}

/** The day of a moment in a zone, such as `2019-08-16`. */
export function dayIn(atMs: number, zone: string): string {
  const parts = new Intl.DateTimeFormat('en-CA', { timeZone: zone, year: 'numeric', month: '2-digit', day: '2-digit' });
  return parts.format(atMs);
}

/** The day so many days before another one, such as `2019-07-31` two days before `2019-08-02`. */
export function dayBefore(day: string, days: number): string {
  return new Date(Date.parse(`${day}T12:00:00Z`) - days * 86_400_000).toISOString().slice(0, 10);
}

/** The month of a moment in a zone, such as `2019-08`. */
export function monthIn(atMs: number, zone: string): string {
  return dayIn(atMs, zone).slice(0, 7);
}

/** `August 2019` for `2019-08`. */
export function monthWords(month: string): string {
  const words = new Intl.DateTimeFormat('en-GB', { timeZone: 'UTC', year: 'numeric', month: 'long' });
  return /^\d{4}-\d{2}$/.test(month) ? words.format(Date.parse(`${month}-15T12:00:00Z`)) : 'which month?';
}
