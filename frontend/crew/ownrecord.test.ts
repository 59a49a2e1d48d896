import { expect, it } from 'vitest';
import { fileRows, HEADS, hours, listed, summed, type OwnDuty } from './ownrecord';

const DUTY: OwnDuty = {
  unit_id: 'unt_1', call_sign: 'JR01', district: 'medway', booked_on_at: '2019-08-16T17:00:00Z', booked_off_at: null, minutes: 450,
  seat: 'police_driver', role: 'special_constable', qualifications: ['jru_course'], jobs: [{ kind: 'Fall', count: 1 }], recorded: [],
  debrief: { at: '2019-08-17T01:00:00Z', happened: ['near_miss'], hindered: 'one torch' },
};

it('says hours as people do', () => {
  expect([hours(0), hours(450), hours(61)]).toEqual(['0 h 00', '7 h 30', '1 h 01']);
});

it('counts each kind once, the most frequent first', () => {
  expect(listed(summed([[{ kind: 'Fall', count: 1 }], [{ kind: 'Assault', count: 2 }, { kind: 'Fall', count: 3 }]]))).toBe('Fall 4, Assault 2');
});

it('gives a file a cell for each head, a debrief with what was said of it', () => {
  const [row = []] = fileRows([DUTY]);
  expect(row).toHaveLength(HEADS.length);
  expect(row[HEADS.indexOf('happened')]).toBe('near miss');
  expect(row[HEADS.indexOf('hindered')]).toBe('one torch');
  expect(row[HEADS.indexOf('to')]).toBe('');
});
