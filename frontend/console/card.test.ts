import { describe, expect, it } from 'vitest';
import type { IncidentRow, Recommendation, Scheme } from '$shared/types';
import { cardOf, FIELDS, type Sight } from './card';
import { scriptOf, SPOKEN } from './script';

const T = (time: string): string => `2019-08-16T${time}:00Z`;
const partner = { card: ['{number}: {own_reference}, other {other_reference} {other_grade}', 'Hazards: {hazards}', 'RVP: {rvp}', 'Scene: {scene}', 'Unit: {units}', 'Asked: {waits}', '{type} at {place}', 'Always'] };
const scheme = { time_zone: 'UTC', flags: {}, partners: { police: partner, ambulance: partner } } as unknown as Scheme;
const sight: Sight = { agency: 'police', scheme, now: Date.parse(T('18:30')), marking: '' };
const row = {
  id: 'i1', number: '2041', phase: 'waiting', stub: false, visible_to: ['police', 'ambulance'],
  refs: [{ agency: 'police', foreign_id: '1-0816-4412', grade: '1' }, { agency: 'ambulance', foreign_id: '77120', grade: 'C2' }],
  type: { id: 'assault', name: 'Assault with injury', coarse: 'violence' }, place: { text: 'High Street, Gillingham' },
  opened_at: T('18:00'), flags: [], rvp: null, scene_safe: null, units: [], resources: [],
  hazards: [{ code: 'weapon', name: 'Knife or other weapon', holds: true, at: T('18:05'), by: 'police', note: 'knife\nseen', cleared_at: null }],
  waits: [{ asked: 'ambulance', by: 'police', need: 'clinician', requested_at: T('18:22'), answered_at: null, answer: null, eta_at: null, arrived_at: null, released_at: null }],
  suitability: { verdict: 'hold', sentence: 'knife seen' },
} as unknown as IncidentRow;
const unit = { unit_id: 'u1', call_sign: 'JR01', status: 'mobile', word: 'Mobile', status_at: T('18:25'), mode: '', eta_at: T('18:34') };
const advice = { target: 'scene', units: [{ rank: 1, unit_id: 'u1', call_sign: 'JR01', can_offer: true, eta_s: 240, eta_words: 'about 4 min (not calibrated)', reasons: [], shortfalls: [], distance_m: 1, divert_from: null }] } as unknown as Recommendation;

describe('the card', () => {
  it('fills the lines of the own partner and leaves empty ones out', () =>
    expect(cardOf(row, sight).split('\n')).toEqual([
      '2041: 1-0816-4412, other 77120 C2',
      'Hazards: Knife or other weapon, knife seen (police 18:05)',
      'Scene: NOT declared safe',
      'Unit: none sent',
      'Asked: police asked ambulance for clinician 18:22, not answered',
      'Assault with injury at High Street, Gillingham',
      'Always',
    ]));
  it('is turned for the other room', () => expect(cardOf(row, { ...sight, agency: 'ambulance' })).toContain('2041: 77120, other 1-0816-4412 grade 1'));
  it('carries every time of a wait and of a unit', () => {
    const wait = { ...row.waits[0], answered_at: T('18:23'), answer: 'yes', eta_at: T('18:40'), arrived_at: T('18:39'), released_at: T('19:00') } as IncidentRow['waits'][number];
    const card = cardOf({ ...row, waits: [wait], units: [unit] }, sight);
    expect(card).toContain('Asked: police asked ambulance for clinician 18:22, answered yes 18:23, arrived 18:39, released 19:00');
    expect(card).toContain('Unit: JR01 Mobile 18:25, expected 18:34');
  });
  it('says first that nothing is real', () => {
    expect(cardOf(row, { ...sight, marking: 'SYNTHETIC EXERCISE' })).toMatch(/^SYNTHETIC EXERCISE, not a real incident\n/);
    expect(scriptOf(row, advice, { ...sight, marking: 'SYNTHETIC' })).toMatch(/^SYNTHETIC\. /);
  });
  it('lets no typed word begin a line, whatever breaks it', () => {
    for (const sign of ['\n', '\r', '\u2028', '\u0085', '\t', '\u0000']) {
      const place = { ...row.place, text: `High Street${sign}/close` } as IncidentRow['place'];
      expect(cardOf({ ...row, place }, sight).split(/[\n\r\u2028\u2029\u0085]/)).toContain('Assault with injury at High Street /close');
    }
  });
  it('makes something of a row that holds next to nothing', () => {
    const bare = { ...row, refs: [], type: null, place: null, hazards: [], waits: [], stub: true } as unknown as IncidentRow;
    for (const fill of Object.values(FIELDS)) expect(typeof fill(bare, sight)).toBe('string');
    expect(cardOf(bare, sight)).toContain('2041: none yet, other none yet');
  });
});

describe('the line to read out', () => {
  it('says who, both references, what, where, hazards, the wait and the nearest unit', () =>
    expect(scriptOf(row, advice, sight)).toBe(
      'Police control, joint unit request, your reference 77120, ours 1-0816-4412, assault with injury at High Street, Gillingham, hazards: knife or other weapon (knife\nseen), scene not declared safe, we have waited for clinician since 18:22, nearest joint unit JR01 4 minutes.'.replace('\n', ' '),
    ));
  it('names the unit that is on its way', () => expect(scriptOf({ ...row, units: [unit] }, advice, sight)).toMatch(/joint unit on its way.*joint unit JR01 mobile, expected 18:34\.$/));
  it('says nothing of what the other room does not see', () => expect(scriptOf({ ...row, visible_to: ['police'] }, advice, sight)).toBeNull());
  it('is made of the listed fields and of no other', () => {
    const read = new Set<string>();
    const watched = new Proxy(row, { get: (target, name) => (read.add(String(name)), Reflect.get(target, name)) });
    scriptOf(watched, advice, sight);
    expect([...read].sort()).toEqual([...SPOKEN, 'visible_to'].sort());
  });
});
