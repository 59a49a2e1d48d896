import { describe, expect, it } from 'vitest';
import type { Scheme } from '$shared/types';
import { LONGEST, recognise } from './paste';

const types = [
  { id: 'assault_injury', name: 'Assault with injury', codes: { police: ['VP-ASLT'], ambulance: ['TR-ASLT'] } },
  { id: 'fight', name: 'Fight', codes: { police: ['VP-FGHT'], ambulance: [] } },
];
const hazards = [
  { code: 'weapon', name: 'Knife or other weapon', holds: true },
  { code: 'dog', name: 'Dangerous dog', holds: false },
  { code: 'violence_marker', name: 'Violence marker on person or address', holds: false },
];
const scheme = {
  types, hazards,
  partners: {
    police: { references: ['1-0816-4412'], grades: [{ code: '1', name: 'Immediate' }, { code: '2', name: 'Priority' }] },
    ambulance: { references: ['77120'], grades: [{ code: 'C1', name: 'Life-threatening' }, { code: 'C2', name: 'Emergency' }] },
  },
} as unknown as Scheme;
const read = (text: string, agency: 'police' | 'ambulance' = 'police') => {
  const got = recognise(text, scheme, agency);
  if (!got.ok) throw new Error(got.error);
  return got;
};

describe('a pasted block', () => {
  it('fills every field that it names and keeps the rest', () => {
    const got = read('CAD Ref: 1-0816-4412\r\nCreated: 23:38:05\r\nGrade: 1 Immediate\r\nType: VP-ASLT\r\nLocation: High Street j/w Church Street, Gillingham\r\nCaller: Ann Example 07700 900123\r\nHazards: male has a knife\r\nTwo males fighting, one bleeding.');
    expect(got.found).toEqual({
      foreign_id: '1-0816-4412', reported: '23:38:05', grade: '1', type: 'assault_injury', place: 'High Street j/w Church Street, Gillingham',
      caller_name: 'Ann Example', caller_phone: '07700 900123', hazards: ['weapon'], hazard_note: 'Hazards: male has a knife',
    });
    expect(got.rest).toBe('Hazards: male has a knife\nTwo males fighting, one bleeding.');
  });

  it.each([
    ['Ref: 1-0816-4412', { foreign_id: '1-0816-4412' }, ''],
    ['Incident no: 1-0816-4412 | Grade: 2', { foreign_id: '1-0816-4412', grade: '2' }, ''],
    ['1-0816-4412', { foreign_id: '1-0816-4412' }, ''],
    ['see 1-0816-4412.', { foreign_id: '1-0816-4412' }, 'see 1-0816-4412.'],
    ['Ref: 77120', {}, 'Ref: 77120'],
    ['grade 2 attending', { grade: '2' }, 'grade 2 attending'],
    ['Priority: Immediate', { grade: '1' }, ''],
    ['Grade: 9', {}, 'Grade: 9'],
    ['Type: assault with injury', { type: 'assault_injury' }, ''],
    ['Type: VP-ASLT Assault with injury', { type: 'assault_injury' }, ''],
    ['Type: burglary', {}, 'Type: burglary'],
    ['caller reports a fight outside', { type: 'fight' }, 'caller reports a fight outside'],
    ['12 High Street, Gillingham ME7 1AB', { place: '12 High Street, Gillingham ME7 1AB' }, ''],
    ['Tel: 01634 960123', { caller_phone: '01634 960123' }, ''],
    ['rang from +44 7700 900123 twice', { caller_phone: '+44 7700 900123' }, 'rang from +44 7700 900123 twice'],
    ['Time: 25:99', {}, 'Time: 25:99'],
    ['dangerous dog in the house', { hazards: ['dog'], hazard_note: 'dangerous dog in the house' }, 'dangerous dog in the house'],
    ['no knife seen', {}, 'no knife seen'],
    ['weapons: none', {}, 'weapons: none'],
    ['Weapons: nil known', {}, 'Weapons: nil known'],
    ['knifepoint lane', {}, 'knifepoint lane'],
    ['Location: A Street\nLocation: B Street', { place: 'A Street' }, 'Location: B Street'],
  ])('%s', (text, found, rest) => {
    expect(read(text)).toEqual({ ok: true, found, rest });
  });

  it.each([
    ['Ref: 77120', { foreign_id: '77120' }, ''],
    ['77120', { foreign_id: '77120' }, ''],
    ['house 77120 on the left', {}, 'house 77120 on the left'],
    ['Cat: C2', { grade: 'C2' }, ''],
    ['now a C2', { grade: 'C2' }, 'now a C2'],
    ['TR-ASLT', { type: 'assault_injury' }, ''],
  ])('in the ambulance room: %s', (text, found, rest) => {
    expect(read(text, 'ambulance')).toEqual({ ok: true, found, rest });
  });

  it('is refused when it is empty or too long, with what to do', () => {
    expect(recognise(' \n\u0000 ', scheme, 'police')).toMatchObject({ ok: false, error: expect.stringContaining('no text') });
    expect(recognise('x'.repeat(LONGEST + 1), scheme, 'police')).toMatchObject({ ok: false, error: expect.stringMatching(/4,001 characters; a draft takes 4,000/) });
  });

  it('loses no word of any garbage', () => {
    const parts = ['Ref:', '1-0816-4412', 'Grade: 1', '|', ':', '=', '\n', '\t', 'Caller: x', '07700 900123', '🚓', '\u2028', 'Location:', 'ME7 1AB', '((', '\\', '<b>', 'no knife', 'knife', 'Type: Fight', '0'.repeat(40)];
    for (let seed = 1; seed < 1500; seed += 1) {
      const text = Array.from({ length: 6 }, (_, at) => parts[(seed * (at + 3) * 7919 + (seed >> at)) % parts.length]).join(seed % 3 ? ' ' : '\n');
      const got = recognise(text, scheme, 'police');
      if (!got.ok) continue;
      const kept = `${got.rest} ${Object.values(got.found).flat().join(' ')} 1 fight`.toLowerCase();
      const words = text.toLowerCase().match(/[\p{L}\p{N}]{2,}/gu) ?? [];
      const lost = words.filter((word) => !['ref', 'grade', 'caller', 'location', 'type'].includes(word) && !kept.includes(word));
      expect(lost, text).toEqual([]);
    }
  });
});
