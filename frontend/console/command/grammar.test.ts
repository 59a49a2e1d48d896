import { describe, expect, it } from 'vitest';
import { complete } from './complete';
import { parse } from './grammar';
import { COMMANDS } from './help';
import { READERS } from './readers';
import type { Context } from './words';

const context: Context = {
  viewer: { agency: 'police' },
  units: [
    { id: 'u1', call_sign: 'JR01', offer: null, incident: 'i1' },
    { id: 'u2', call_sign: 'JR 02 Swale', offer: 'off_1', incident: null },
  ],
  incidents: [
    { id: 'i1', number: '2041', matches: ['i2'], owed: [] },
    { id: 'i2', number: '2042', matches: [], owed: ['release', 'eta'] },
  ],
  joined: [{ id: 'i3', number: '2039' }],
  statuses: [
    { id: 'scene', names: ['scene', 'At scene', 'at scene'] },
    { id: 'patient', names: ['patient', 'At patient', 'at scene'] },
    { id: 'mobile', names: ['mobile', 'Mobile', 'en route'] },
  ],
  hazards: [
    { id: 'weapon', names: ['weapon', 'Knife or other weapon'] },
    { id: 'violence_marker', names: ['violence_marker', 'Violence marker'] },
  ],
  declines: [{ id: 'unsafe', names: ['unsafe', 'Not safe for this crew'] }],
  closings: [
    { id: 'not_found', names: ['not_found', 'Nobody found'] },
    { id: 'attended', names: ['attended', 'Attended and finished'] },
  ],
  districts: [{ id: 'medway', names: ['medway', 'Medway'] }],
  sites: [{ id: 'base_medway', names: ['base_medway', 'Medway base'] }],
  grades: ['1', '2', '3', '4'],
  now: Date.parse('2019-08-16T21:00:00Z'),
  zone: 'Europe/London',
  inHand: 'i1',
};

const action = (line: string): unknown => {
  const read = parse(line, context);
  return read.ok ? read.action : read.error;
};

describe('commands', () => {
  it.each([
    ['/s JR01 scene', { do: 'status', unit: 'u1', status: 'scene' }],
    ['JR01 scene', { do: 'status', unit: 'u1', status: 'scene' }],
    ['/s jr 02 swale mob', { do: 'status', unit: 'u2', status: 'mobile' }],
    ['/a JR01 2042', { do: 'offer', unit: 'u1', incident: 'i2' }],
    ['/a JR 02 Swale 2042', { do: 'offer', unit: 'u2', incident: 'i2' }],
    ['/a jr02swale #2042', { do: 'offer', unit: 'u2', incident: 'i2' }],
    ['/a JR01', { do: 'offer', unit: 'u1', incident: 'i1' }],
    ['/a unit=JR 02 Swale incident=2041', { do: 'offer', unit: 'u2', incident: 'i1' }],
    ['/d JR01 nearer job', { do: 'stand_down', unit: 'u1', reason: 'nearer job' }],
    ['/d JR 02 Swale too far', { do: 'withdraw', unit: 'u2', offer: 'off_1', reason: 'too far' }],
    ['/v JR01 2042 life at risk', { do: 'divert', unit: 'u1', incident: 'i2', reason: 'life at risk' }],
    ['/ok JR 02 Swale', { do: 'answer_offer', unit: 'u2', offer: 'off_1', answer: 'accept' }],
    ['/ok JR 02 Swale unsafe', { do: 'answer_offer', unit: 'u2', offer: 'off_1', answer: 'decline', reason: 'unsafe' }],
    ['/agree JR 02 Swale', { do: 'consent', unit: 'u2', offer: 'off_1', consent: true }],
    ['/object JR 02 Swale', { do: 'consent', unit: 'u2', offer: 'off_1', consent: false }],
    ['/b JR01 ambulance', { do: 'backup', unit: 'u1', agency: 'ambulance', kind: 'ambulance' }],
    ['/b JR01 sup ambulance', { do: 'backup', unit: 'u1', agency: 'ambulance', kind: 'supervisor' }],
    ['/cancel JR01 voice', { do: 'cancel_emergency', unit: 'u1' }],
    ['/check JR01', { do: 'check', unit: 'u1' }],
    ['/break JR01 22:30', { do: 'break', unit: 'u1', starts_at: '2019-08-16T21:30:00.000Z', minutes: null, site: '' }],
    ['/break JR01 2230 30 medway base', { do: 'break', unit: 'u1', starts_at: '2019-08-16T21:30:00.000Z', minutes: 30, site: 'base_medway' }],
    ['/break JR01 cancel', { do: 'cancel_break', unit: 'u1' }],
    ['/x 2041 caller says he ran', { do: 'line', incident: 'i1', text: 'caller says he ran' }],
    ['/x caller says he ran', { do: 'line', incident: 'i1', text: 'caller says he ran' }],
    ['/r 2041 clinician', { do: 'request', incident: 'i1', need: 'clinician' }],
    ['/y 2041 yes 12', { do: 'answer', incident: 'i1', answer: 'yes', eta_min: 12, reason: '' }],
    ['/y no all busy', { do: 'answer', incident: 'i1', answer: 'no', eta_min: null, reason: 'all busy' }],
    ['/eta', { do: 'ask', incident: 'i1', about: 'eta', words: '' }],
    ['/leave 2042', { do: 'ask', incident: 'i2', about: 'release', words: '' }],
    ['/ring 2041 about the son', { do: 'ask', incident: 'i1', about: 'call', words: 'about the son' }],
    ['/y 2042 yes', { do: 'answer_question', incident: 'i2', about: 'release', answer: 'yes', eta_min: null, reason: '' }],
    ['/y 2042 eta yes 12', { do: 'answer_question', incident: 'i2', about: 'eta', answer: 'yes', eta_min: 12, reason: '' }],
    ['/y 2042 ring no all lines busy', { do: 'answer_question', incident: 'i2', about: 'call', answer: 'no', eta_min: null, reason: 'all lines busy' }],
    ['/y 2042 come later', { do: 'answer', incident: 'i2', answer: 'later', eta_min: null, reason: '' }],
    ['/m 2041 2042', { do: 'match', incident: 'i1', other: 'i2', same: true, reason: '' }],
    ['/m 2041 2042 different', { do: 'match', incident: 'i1', other: 'i2', same: false, reason: '' }],
    ['/m 2041', { do: 'match', incident: 'i1', other: 'i2', same: true, reason: '' }],
    ['/part 2039 two addresses', { do: 'unmerge', incident: 'i1', other: 'i3', reason: 'two addresses' }],
    ['/part 2041 2039 two addresses', { do: 'unmerge', incident: 'i1', other: 'i3', reason: 'two addresses' }],
    ['/on', { do: 'show', what: 'crews' }],
    ['/wait JR01 Star Hill, Rochester; covers both towns', { do: 'wait', unit: 'u1', place: { text: 'Star Hill, Rochester' }, reason: 'covers both towns' }],
    ['/off JR 02 Swale', { do: 'book_off', unit: 'u2' }],
    ['/g 2042', { do: 'go', incident: 'i2' }],
    ['2042', { do: 'go', incident: 'i2' }],
    ['/safe 2041', { do: 'scene_safe', incident: 'i1', words: '' }],
    ['/hz 2041 weapon knife seen', { do: 'hazard', incident: 'i1', code: 'weapon', note: 'knife seen' }],
    ['/hz knife', { do: 'hazard', incident: 'i1', code: 'weapon', note: '' }],
    ['/i 2041 clinical: GCS 14', { do: 'note', incident: 'i1', text: 'GCS 14', label: 'clinical' }],
    ['/i gate code 4', { do: 'note', incident: 'i1', text: 'gate code 4', label: 'operational' }],
    ['/close 2041 nobody', { do: 'close', incident: 'i1', reason: 'not_found' }],
    ['/grade 2041 2', { do: 'amend', incident: 'i1', changes: { grade: '2' } }],
    ['/share', { do: 'share', incident: 'i1' }],
    ['/reopen 2042 came back', { do: 'reopen', incident: 'i2', reason: 'came back' }],
    ['/state medway paused no paramedic', { do: 'district', district: 'medway', status: 'paused', reason: 'no paramedic' }],
    ['/n', { do: 'show', what: 'new' }],
    ['/card 2042', { do: 'card', incident: 'i2' }],
    ['/script', { do: 'script', incident: 'i1' }],
    ['/strip', { do: 'show', what: 'strip' }],
  ])('%s', (line, expected) => {
    expect(action(line)).toEqual(expected);
  });
});

describe('errors name what is wrong and what would do', () => {
  it.each([
    ['', /Type a command/],
    ['/zz 1', /no command \/zz/],
    ['/s JR09 scene', /No unit is called JR09.*JR01/],
    ['/s JR01 dancing', /“dancing” is no status.*At scene/],
    ['/s JR01', /Say which status/],
    ['/s JR01 at', /could be At scene or At patient/],
    ['/a JR01 9999', /no incident 9999/],
    ['/a JR01 soon', /“soon” is no incident number/],
    ['/d JR01', /Say why JR01/],
    ['/cancel JR01', /Speak to the crew first/],
    ['/ok JR01', /has no open offer/],
    ['/close 2041', /Say which closing reason/],
    ['/m 2041 2041', /cannot be matched with itself/],
    ['/m 2041 2039 different', /2039 is joined.*\/part 2039/],
    ['/part 2042 other street', /2042 is not joined to 2041.*2039/],
    ['/part 2039', /Say why they are two/],
    ['/y 2042 eta yes', /how many minutes/],
    ['/y 2042 no', /Say why not/],
    ['/off', /Name a unit first/],
    ['/wait JR01', /Say where JR01 waits/],
    ['/grade 2041 9', /is no grade here/],
    ['/v JR01 2042', /needs a reason/],
    ['/glass 2041 clinical', /which fields .* and why/],
    ['/glass 2041 because I want to', /which fields/],
    ['/glass close', /no restricted fields/],
    ['77', /no incident 77/],
  ])('%s', (line, expected) => {
    expect(action(line)).toMatch(expected);
  });

  it('asks for a number when nothing is in hand', () => {
    const read = parse('/share', { ...context, inHand: null });
    expect(read).toEqual({ ok: false, error: 'Name an incident by its number: none is in hand.' });
  });
});

describe('restricted fields', () => {
  it('are opened by their names with the rest as the reason', () =>
    expect(action('/glass 2041 clinical identity patient cannot speak')).toEqual({
      do: 'glass', incident: 'i1', labels: ['clinical', 'identity'], reason: 'patient cannot speak',
    }));
  it('are those of the incident in hand without a number', () =>
    expect(action('/glass evidence suspect may be armed')).toMatchObject({ incident: 'i1', labels: ['police_evidence'] }));
  it('are closed again', () => {
    const read = parse('/glass close', { ...context, glass: 'brk_1' });
    expect(read).toMatchObject({ ok: true, action: { do: 'close_glass', incident: 'i1', glass: 'brk_1' } });
  });
});

describe('help and completion', () => {
  it('explains every command and no other', () => {
    expect(COMMANDS.map((command) => command.name).sort()).toEqual(Object.keys(READERS).sort());
  });

  it.each([
    ['/clo', '/close '],
    ['/s JR', '/s JR01 '],
    ['/s JR01 sc', '/s JR01 scene '],
    ['/a JR01 204', '/a JR01 2041 '],
    ['/part 20', '/part 2039 '],
    ['/off J', '/off JR01 '],
    ['/hz 2041 w', '/hz 2041 weapon '],
  ])('%s completes', (typed, first) => {
    expect(complete(typed, context)[0]).toBe(first);
  });

  it('never throws on any text', () => {
    const parts = ['/', 's', 'a', 'JR01', '2041', '=', 'unit=', '  ', '#', 'ünï', '/hz', 'different', '\\', '((', '*'];
    for (let seed = 0; seed < 3000; seed += 1) {
      const line = [seed, seed >> 2, seed >> 4, seed >> 7].map((at) => parts[at % parts.length]).join(seed % 2 ? ' ' : '');
      const read = parse(line, context);
      expect(read.ok ? read.words : read.error).not.toBe('');
      complete(line, context);
    }
  });
});
