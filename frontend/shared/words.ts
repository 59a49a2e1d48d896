/** Times, ages, distances and names as people say them. All pure. */

import type { Agency, IncidentRow, Reference, Resource, Scheme, UnitRow } from './types';

/** Length of time as `0:42`, `12:31` under an hour, `2 h 05` above; never negative. */
export function length(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  if (whole < 3600) return `${Math.floor(whole / 60)}:${two(whole % 60)}`;
  const hours = Math.floor(whole / 3600);
  if (hours < 48) return `${hours} h ${two(Math.floor((whole % 3600) / 60))}`;
  return `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

/** Age of a thing in words, as read aloud: `8 s`, `4 min`, `2 h`. */
export function ageWords(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.round(whole / 60)} min`;
  return `${Math.round(whole / 3600)} h`;
}

export function secondsBetween(from: string, toMs: number): number {
  return (toMs - Date.parse(from)) / 1000;
}

const two = (value: number): string => String(value).padStart(2, '0');

const formats = new Map<string, Intl.DateTimeFormat>();

function format(zone: string, name: 'time' | 'minute' | 'date' | 'long'): Intl.DateTimeFormat {
  const key = `${zone} ${name}`;
  const found = formats.get(key);
  if (found) return found;
  const options: Record<typeof name, Intl.DateTimeFormatOptions> = {
    time: { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' },
    minute: { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' },
    date: { weekday: 'short', day: 'numeric', month: 'short' },
    long: { weekday: 'short', day: 'numeric', month: 'short', year: 'numeric' },
  };
  const made = new Intl.DateTimeFormat('en-GB', { timeZone: zone, ...options[name] });
  formats.set(key, made);
  return made;
}

/** `23:41:07`, the form used inside the room. */
export function roomTime(at: string | number, zone = 'Europe/London'): string {
  return format(zone, 'time').format(new Date(at));
}

/** `23:41`. */
export function shortTime(at: string | number, zone = 'Europe/London'): string {
  return format(zone, 'minute').format(new Date(at));
}

/** `Fri 16 Aug`. */
export function dayOf(at: string | number, zone = 'Europe/London'): string {
  return format(zone, 'date').format(new Date(at)).replace(',', '');
}

/** `Fri 16 Aug 2019`. */
export function fullDay(at: string | number, zone = 'Europe/London'): string {
  return format(zone, 'long').format(new Date(at)).replace(',', '');
}

/** `Fri 16 Aug 2019, 23:41`, the form used outside the room. */
export function fullTime(at: string | number, zone = 'Europe/London'): string {
  return `${fullDay(at, zone)}, ${shortTime(at, zone)}`;
}

/** True when a position is older than the blueprint allows; its age goes on while no row arrives. */
export function isStale(unit: UnitRow, scheme: Scheme | null, nowMs: number): boolean {
  if (!unit.position) return true;
  return unit.position.stale || secondsBetween(unit.position.at, nowMs) > (scheme?.timers.position_stale_s ?? 180);
}

export function distance(metres: number | null): string {
  if (metres === null) return '';
  return metres < 950 ? `${Math.round(metres / 50) * 50} m` : `${(metres / 1000).toFixed(1)} km`;
}

/** `IncidentShared` or `police_driver` as words. */
export function plainWords(code: string): string {
  return code.replaceAll('_', ' ').replaceAll(/([a-z])([A-Z])/g, '$1 $2').toLowerCase();
}

export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** Each single-service resource once, by its newest word: a joined incident can hold the same one from both reports. */
export function resourcesOf(row: IncidentRow): Resource[] {
  const newest = new Map<string, Resource>();
  for (const one of row.resources) {
    const key = `${one.agency} ${one.call_sign}`;
    const known = newest.get(key);
    if (!known || Date.parse(one.at) >= Date.parse(known.at)) newest.set(key, one);
  }
  return [...newest.values()];
}

const RESOURCE: Record<string, string> = { assigned: 'Assigned', mobile: 'Mobile', scene: 'At scene', left: 'Left scene', stood_down: 'Stood down' };

/** What a single-service vehicle does, in words. */
export function resourceWord(status: string): string {
  return RESOURCE[status] ?? capital(plainWords(status));
}

export const LETTER: Record<Agency, 'P' | 'A'> = { police: 'P', ambulance: 'A' };

export const other = (agency: Agency): Agency => (agency === 'police' ? 'ambulance' : 'police');

export function reference(incident: IncidentRow, agency: Agency): Reference | null {
  return incident.refs.find((ref) => ref.agency === agency) ?? null;
}

/** `grade 1` for police, `C2` for the ambulance service, as each room says it. */
export function gradeWords(ref: Reference): string {
  if (!ref.grade) return 'no grade yet';
  return ref.agency === 'police' ? `grade ${ref.grade}` : ref.grade;
}

export function typeName(incident: IncidentRow): string {
  return incident.type?.name ?? (incident.stub ? 'no details yet' : 'type not stated');
}

export function placeText(incident: IncidentRow): string {
  return incident.place?.text ?? 'place not shown';
}

export function urgency(incident: IncidentRow): number {
  return incident.refs.reduce((least, ref) => Math.min(least, ref.urgency ?? 5), 5);
}

export function statusWord(scheme: Scheme, id: string): string {
  return scheme.statuses.find((status) => status.id === id)?.word ?? plainWords(id);
}

export const VERDICT_WORD: Record<string, string> = { yes: 'YES', consider: 'CONSIDER', no: 'NO', hold: 'HOLD at RVP' };
