import { describe, expect, it } from 'vitest';
import type { IncidentRow, Question, UnitRow, Wait } from '$shared/types';
import { answerable, asksOf, askWords, mayLeave, owedBy } from './asking';
import { waiters } from './lists/order';

const at = (minute: number): string => `2019-08-16T20:${String(minute).padStart(2, '0')}:00Z`;
const due = { amber_at: null, red_at: null };
const wait = (more: Partial<Wait> = {}): Wait =>
  ({ asked: 'ambulance', by: 'police', need: 'clinician', requested_at: at(1), answered_at: null, answer: null, eta_at: null, answers: [], arrived_at: null, released_at: null, due, ...more });
const question = (more: Partial<Question> = {}): Question =>
  ({ id: 'qst_1', asked: 'ambulance', by: 'police', about: 'eta', words: null, asked_at: at(2), answers: [], settled_at: null, due, ...more });
const row = (more: Partial<IncidentRow> = {}): IncidentRow =>
  ({ id: 'inc_1', number: '2041', phase: 'waiting', hazards: [], waits: [], questions: [], units: [], resources: [], ...more }) as unknown as IncidentRow;
const later = { at: at(3), answer: 'later', eta_at: null, reason: null } as const;
const there = wait({ arrived_at: at(9) });

describe('what is owed', () => {
  it('is the oldest first, of every incident, by the room that was asked', () => {
    const one = row({ waits: [wait({ requested_at: at(4) })], questions: [question()] });
    const two = row({ id: 'inc_2', questions: [question({ id: 'qst_2', asked_at: at(1), about: 'call' })] });
    expect(owedBy([one, two], 'ambulance').map((ask) => ask.about)).toEqual(['call', 'eta', 'come']);
    expect(owedBy([one, two], 'police')).toEqual([]);
  });
  it('is no more once answered, settled, arrived or closed', () => {
    const done = [row({ questions: [question({ answers: [later] }), question({ settled_at: at(3) })] }), row({ waits: [there] }), row({ phase: 'closed', questions: [question()] })];
    expect(owedBy(done, 'ambulance')).toEqual([]);
  });
  it('may be answered again after “later”, behind what nobody has answered', () => {
    const asked = row({ waits: [wait({ answers: [later], answered_at: at(3) })], questions: [question()] });
    expect(answerable(asked, 'ambulance').map((ask) => ask.about)).toEqual(['eta', 'come']);
  });
  it('says what the asking room says', () => {
    expect(asksOf(row({ waits: [wait()], questions: [question({ about: 'call', words: 'the son' })] })).map(askWords)).toEqual(['please send clinician', 'please ring us (the son)']);
  });
  it('stands among the waits with its clock until it is answered', () => {
    const rows = [row({ waits: [wait({ answers: [later] })], questions: [question(), question({ id: 'qst_2', answers: [later] })] })];
    expect(waiters(rows).map((one) => [one.about, one.wait !== null])).toEqual([['come', true], ['eta', false]]);
  });
});

describe('who could leave', () => {
  const holds = { code: 'weapon', name: 'Knife', holds: true, at: at(1), by: 'police', note: null, cleared_at: null };
  it('is police once the clinician is there', () => expect(mayLeave(row({ waits: [there] }), [], 'police')).toBe(true));
  it.each([
    ['nobody has come', { waits: [wait()] }],
    ['they were let go', { waits: [{ ...there, released_at: at(10) }] }],
    ['they have asked', { waits: [there], questions: [question({ about: 'release' })] }],
    ['a hazard holds clinicians', { waits: [there], hazards: [holds] }],
    ['it is closed', { waits: [there], phase: 'closed' as const }],
  ])('is nobody while %s', (_why, more) => expect(mayLeave(row(more), [], 'police')).toBe(false));
  it('is an ambulance that waited for police only when another clinician is there', () => {
    const came = { asked: 'police', by: 'ambulance', arrived_at: at(9) } as const;
    const resources = [{ agency: 'ambulance', call_sign: 'A1', kind: 'dca', status: 'scene', at: at(2), eta_at: null }] as IncidentRow['resources'];
    const unit = { id: 'u1', seats: [{ agency: 'ambulance', present: true }], released: {} } as unknown as UnitRow;
    const units = [{ unit_id: 'u1', status: 'patient' }] as IncidentRow['units'];
    expect(mayLeave(row({ waits: [wait(came)], resources }), [unit], 'ambulance')).toBe(false);
    expect(mayLeave(row({ waits: [wait(came)], resources, units }), [unit], 'ambulance')).toBe(true);
  });
});
