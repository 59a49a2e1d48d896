import { describe, expect, it } from 'vitest';
import type { IncidentRow, Recommendation, RecommendedUnit, Scheme, UnitRow, Wait } from '$shared/types';
import { relief } from './relief';

const NOW = Date.parse('2019-08-16T20:00:00Z');
const at = (minutes: number): string => new Date(NOW + minutes * 60_000).toISOString();
const scheme = { partners: { ambulance: { direct_line: '01632 960102' } }, statuses: [{ id: 'available', available: true }], time_zone: 'UTC' } as unknown as Scheme;
const wait = { asked: 'ambulance', by: 'police', need: 'clinician', requested_at: at(-10), answered_at: null, answer: null, eta_at: null, arrived_at: null, released_at: null } as Wait;
const medic = { agency: 'ambulance', present: true };
const free = { id: 'u1', call_sign: 'JR01', status: 'available', seats: [medic], released: {}, offer: null, incident_id: null, emergency: null } as unknown as UnitRow;
const ranked = { rank: 1, unit_id: 'u1', call_sign: 'JR01', eta_s: 240, eta_words: 'about 4 min (not calibrated)', can_offer: true, reasons: [], shortfalls: [], divert_from: null, distance_m: 1 } as unknown as RecommendedUnit;
const advice = { units: [ranked], target: 'scene' } as unknown as Recommendation;
const row = (more: Partial<IncidentRow> = {}): IncidentRow => ({ units: [], resources: [], ...more }) as IncidentRow;
const say = (one: IncidentRow, with_: { advice?: Recommendation | null; units?: UnitRow[] } = {}, of: Wait = wait): string =>
  relief(one, of, { units: with_.units ?? [free], scheme, advice: with_.advice ?? null, now: NOW });
const coming = (status: string, eta: number | null): IncidentRow['resources'] => [
  { agency: 'ambulance', call_sign: 'A118', kind: 'dca', status, at: at(-5), eta_at: eta === null ? null : at(eta) },
];

describe('the cheapest relief of a wait', () => {
  it('is somebody who is there already', () => expect(say(row({ resources: coming('scene', null) }))).toBe('A118 is at scene: record the arrival.'));
  it('is somebody who comes soon', () => expect(say(row({ resources: coming('mobile', 3) }), { advice })).toBe('A118 is coming, ETA 3 min.'));
  it('names a joint unit that is much sooner', () =>
    expect(say(row({ resources: coming('mobile', 40) }), { advice })).toBe('A118 is coming, ETA 40 min; JR01 could come, 4 min (1 offers it).'));
  it('tells who is overdue', () => expect(say(row({ resources: coming('mobile', -2) }))).toContain('A118 was due 19:58'));
  it('is the joint unit that can be offered', () => expect(say(row(), { advice })).toBe('JR01 could come, 4 min (1 offers it).'));
  it('is a free unit while nothing was worked out', () => expect(say(row())).toBe('JR01 is free.'));
  it('is a divert when nobody is free', () =>
    expect(say(row(), { advice: { ...advice, units: [{ ...ranked, can_offer: false, divert_from: '2040' }] } })).toBe('JR01 could be diverted from 2040, 4 min.'));
  it('is no unit without the asked service aboard', () => {
    const gone = { ...free, seats: [{ ...medic, present: false }] } as UnitRow;
    expect(say(row(), { advice, units: [gone] })).toBe('nobody is on the way yet; its direct line is 01632 960102.');
  });
  it('is no unit that was released by the asked service', () =>
    expect(say(row(), { units: [{ ...free, released: { ambulance: at(-1), police: null } }] })).toContain('nobody is on the way'));
  it('is the promised time of an answer', () => expect(say(row(), { units: [] }, { ...wait, answer: 'yes', eta_at: at(12) })).toBe('the ambulance service is coming, ETA 12 min.'));
  it('is the telephone after a no', () =>
    expect(say(row(), { units: [] }, { ...wait, answer: 'no' })).toBe('the ambulance room answered no; its direct line is 01632 960102.'));
});
