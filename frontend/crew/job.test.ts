import { describe, expect, it } from 'vitest';
import type { IncidentRow, UnitRow } from '$shared/types';
import { candidates, holds, metresBetween, nextStep } from './job';

const row = (more: Partial<IncidentRow>): IncidentRow =>
  ({ id: 'i', phase: 'waiting', hazards: [], scene_safe: null, place: null, suitability: { verdict: 'yes', score: 5, sentence: '', nearest_miss: null }, ...more }) as IncidentRow;
const unit = (next: string[], status = 'mobile'): UnitRow => ({ next, status }) as UnitRow;
const knife = { code: 'weapon', name: 'Knife', holds: true, at: '', by: 'police', note: null, cleared_at: null };

describe('the big button', () => {
  it('offers the usual next status', () => expect(nextStep(unit(['scene', 'rvp']), row({}))).toBe('scene'));
  it('offers the rendezvous while the scene is not safe', () => expect(nextStep(unit(['scene', 'rvp']), row({ hazards: [knife] }))).toBe('rvp'));
  it('never offers the scene from the rendezvous while it holds', () => {
    const held = row({ hazards: [knife] });
    expect(nextStep(unit(['scene', 'clearing'], 'rvp'), held)).toBe('clearing');
    const safe = row({ hazards: [knife], scene_safe: { at: '', by: 'x', words: '' } });
    expect(nextStep(unit(['scene', 'clearing'], 'rvp'), safe)).toBe('scene');
  });
  it('never offers an emergency', () => expect(nextStep(unit(['emergency']), null)).toBeNull());
});

describe('hold', () => {
  it('stands until somebody records the scene safe or the hazard is cleared', () => {
    expect(holds(row({ hazards: [knife] }))).toBe(true);
    expect(holds(row({ hazards: [{ ...knife, cleared_at: '2019-08-16T22:00:00Z' }] }))).toBe(false);
    expect(holds(row({ hazards: [{ ...knife, holds: false }] }))).toBe(false);
  });
});

describe('candidates', () => {
  const at = (lon: number): IncidentRow['place'] => ({ text: '', lon, lat: 51.4, verified: true, district: null });
  it('puts suitable first, then near, and leaves the unsuitable out', () => {
    const no = { verdict: 'no' as const, score: 1, sentence: '', nearest_miss: null };
    const maybe = { verdict: 'consider' as const, score: 3, sentence: '', nearest_miss: null };
    const found = candidates([row({ id: 'maybe', place: at(0.5), suitability: maybe }), row({ id: 'far', place: at(0.9) }), row({ id: 'near', place: at(0.51) }), row({ id: 'no', suitability: no }), row({ id: 'busy', phase: 'active' })], { lon: 0.5, lat: 51.4 });
    expect(found.map((one) => one.row.id)).toEqual(['near', 'far', 'maybe']);
  });
  it('measures distance', () => expect(metresBetween({ lon: 0.5, lat: 51.4 }, { lon: 0.51, lat: 51.4 })).toBeCloseTo(694, -1));
});
