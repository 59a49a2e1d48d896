import { describe, expect, it } from 'vitest';
import { breakSaid, momentOf } from './breaks';
import type { UnitRow } from './types';

const KENT = 'Europe/London';
const planned = { at: '2019-08-16T21:30:00Z', ends_at: '2019-08-16T22:00:00Z', minutes: 30, place: 'Medway base' };
const unit = (breaks: object, more: object = {}): UnitRow =>
  ({ status: 'available', break_due_at: '2019-08-16T21:00:00Z', breaks: { planned: null, began_at: null, ended_at: null, ...breaks }, ...more }) as unknown as UnitRow;
const at = (time: string): number => Date.parse(`2019-08-16T${time}:00Z`);

describe('a break', () => {
  it.each([
    [unit({ planned }), '21:00', '22:30', 'break planned 22:30 for 30 min at Medway base', 'plain'],
    [unit({ planned }), '21:30', 'due', 'break due now: planned 22:30 for 30 min at Medway base', 'amber'],
    [unit({ planned }), '22:00', 'missed', 'break missed: it was planned 22:30 for 30 min at Medway base', 'amber'],
    [unit({ began_at: '2019-08-16T21:31:00Z' }, { status: 'meal', break_due_at: null }), '21:40', 'now', 'on break since 22:31', 'plain'],
    [unit({ began_at: '2019-08-16T21:31:00Z', ended_at: '2019-08-16T22:02:00Z' }, { break_due_at: null }), '22:40', 'taken', 'break taken 22:31 to 23:02', 'plain'],
    [unit({}), '20:00', 'by 22:00', 'break due by 22:00, none planned', 'plain'],
    [unit({}), '21:05', 'due', 'break due since 22:00, none planned', 'amber'],
  ])('%# is told as it stands', (row, time, brief, words, level) => {
    expect(breakSaid(row, at(time), KENT)).toEqual({ brief, words, level });
  });

  it.each([
    ['22:30', '21:00', '2019-08-16T21:30:00.000Z'],
    ['2230', '21:40', '2019-08-16T21:30:00.000Z'],
    ['0:30', '22:50', '2019-08-16T23:30:00.000Z'],
    ['23:50', '23:30', '2019-08-17T22:50:00.000Z'],
    ['25:00', '21:00', null],
    ['soon', '21:00', null],
  ])('%s said at %s UTC', (text, time, moment) => {
    expect(momentOf(text, at(time), KENT)).toBe(moment);
  });
});
