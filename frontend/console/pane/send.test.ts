import { describe, expect, it } from 'vitest';
import type { RecommendedUnit, UnitRow } from '$shared/types';
import { sendLine, timesCaveat } from './send';

const unit: RecommendedUnit = {
  rank: 1, unit_id: 'u1', call_sign: 'JR02', eta_s: 1080, eta_words: 'about 18 min (not calibrated)', distance_m: 26_000, method: 'road',
  joint_complete: true, can_offer: false, reasons: ['joint complete', '26.0 km'],
  shortfalls: [{ code: 'committed', words: 'on another incident (patient)', blocks: true }, { code: 'stale_position', words: 'position 3 min old', blocks: false }],
  sentence: '18 min: joint complete, 26.0 km, on another incident (patient), position 3 min old', divert_from: '1836',
};

describe('a line under Send', () => {
  it('says every fact once', () => {
    expect(sendLine(unit, 'scene', { word: 'At patient' } as UnitRow)).toEqual({
      eta: '18 min', distance: '26.0 km', why: 'Joint complete, position 3 min old', stops: ['at patient on 1836'],
    });
  });

  it('says where the unit would wait', () => expect(sendLine(unit, 'rvp', undefined).eta).toBe('18 min to RVP'));

  it('keeps the server’s words for what stops a unit that cannot be diverted', () => {
    expect(sendLine({ ...unit, divert_from: null }, 'scene', undefined).stops).toEqual(['on another incident (patient)']);
  });

  it('does not add a target to a unit out of reach', () => {
    expect(sendLine({ ...unit, eta_s: null, eta_words: 'beyond the travel limit' }, 'rvp', undefined).eta).toBe('beyond the travel limit');
  });
});

it('says once that times are not calibrated', () => {
  expect(timesCaveat([unit, unit])).toBe('not calibrated');
  expect(timesCaveat([{ ...unit, eta_words: '18 min' }])).toBe('');
});
