/** A made-up board: the same rows at every start. All people and calls are invented. */

import { SCHEME } from './scheme.mjs';

const START = Date.parse('2019-08-16T22:41:07Z');
export const at = (minutes) => new Date(START + minutes * 60_000).toISOString();
const type = (id) => { const one = SCHEME.types.find((t) => t.id === id); return { id, name: one.name, coarse: one.coarse }; };
const place = (text, lon, lat, district = 'medway', verified = true) => ({ text, lon, lat, district, verified });
const ref = (agency, foreign_id, grade, minutes, more = {}) => ({
  agency, sender: agency === 'police' ? 'KENTPOL' : 'SECAMB', foreign_id, grade,
  urgency: Number(grade.replace('C', '')), clock_start: at(-minutes), clock_stopped_at: null, clock_stopped_by: null, closed_by_sender: false, ...more,
});
const suit = (verdict, score, sentence, nearest_miss = null) => ({ verdict, score, sentence, nearest_miss });
const hazard = (code, minutes, note, by = 'police') => ({ ...SCHEME.hazards.find((h) => h.code === code), at: at(-minutes), by, note, cleared_at: null });

function incident(number, phase, minutes, what, where, refs, suitability, more = {}) {
  const owner = refs[0].agency;
  return {
    id: `inc_${number}`, number, phase, stub: false, owner, joint: refs.length > 1, refs, type: what ? type(what) : null, place: where,
    opened_at: at(-minutes), since: at(-minutes), flags: [], hazards: [], scene_safe: null, rvp: null, candidate: null,
    visible_to: refs.length > 1 || more.candidate ? ['police', 'ambulance'] : [owner], suitability, waits: [], questions: [], units: [], resources: [], matches: [],
    due: { amber_at: at(-minutes + 12), red_at: at(-minutes + 24) }, closed_at: null, bases: [{}], ...more,
  };
}

const unitOn = (call_sign, status, minutes, eta = null) => ({
  unit_id: `unt_${call_sign}`, call_sign, status, word: SCHEME.statuses.find((s) => s.id === status).word, status_at: at(-minutes), mode: 'police', eta_at: eta === null ? null : at(eta),
});
const resource = (agency, call_sign, kind, status, minutes, eta = null) => ({ agency, call_sign, kind, status, at: at(-minutes), eta_at: eta === null ? null : at(eta) });
const wait = (asked, need, minutes, more = {}) => ({ asked, by: asked === 'police' ? 'ambulance' : 'police', need, requested_at: at(-minutes), answered_at: null, answer: null, eta_at: null, answers: [], arrived_at: null, released_at: null, due: { amber_at: null, red_at: null }, ...more });
const shown = { candidate: { rule: 'police_injury', sentence: 'Both rooms see it: a police call with someone injured.' } };

export const INCIDENTS = [
  incident('2041', 'waiting', 3.2, 'assault_injury', place('High Street j/w Church Street, Gillingham', 0.5512, 51.3885), [ref('police', '1-0816-4412', '1', 3.2)],
    suit('hold', 4.6, 'knife seen, scene not declared safe', 'Would be YES 5/5 if police record “scene safe” (injury, both asked, 3 min).'),
    { ...shown, flags: ['injury', 'violence'], hazards: [hazard('weapon', 1.1, 'knife seen')], rvp: { name: 'Gillingham Ice Bowl car park', lon: 0.578, lat: 51.363 },
      waits: [wait('ambulance', 'clinician', 2.4)], resources: [resource('police', 'P212', 'patrol', 'mobile', 2, 3)],
      matches: [{ other_id: 'inc_2042', other_number: '2042', agency: 'ambulance', score: 0.93, reasons: ['60 m apart', '2 min apart', 'both violence'] }] }),
  incident('2042', 'waiting', 1.4, 'assault_injury', place('Church Street, Gillingham', 0.5518, 51.3888), [ref('ambulance', '77120', 'C2', 1.4)], suit('yes', 4.8, 'a person injured by another, violence on scene', null),
    { ...shown, flags: ['injury'], matches: [{ other_id: 'inc_2041', other_number: '2041', agency: 'police', score: 0.93, reasons: ['60 m apart', '2 min apart', 'both violence'] }] }),
  incident('2035', 'waiting', 27.5, 'mental_health_crisis', place('Railway Street, Chatham', 0.5222, 51.3795), [ref('police', '1-0816-4391', '2', 27.5), ref('ambulance', '77098', 'C3', 25)],
    suit('yes', 4.4, 'mental health crisis, police and ambulance both asked', null), { waits: [wait('ambulance', 'clinician', 18.4, { answered_at: at(-16), answer: 'later', eta_at: at(22) })] }),
  incident('2036', 'waiting', 15.1, 'drunk_incapable', place('Sheerness High Street, by the clock tower', 0.7605, 51.4402, 'swale'), [ref('police', '1-0816-4395', '2', 15.1)], suit('yes', 4.1, 'person cannot stand, head injury not excluded'), shown),
  incident('2038', 'waiting', 9.8, 'overdose_self_harm', place('Milton Road, Gravesend', 0.3731, 51.4419, 'gravesham'), [ref('ambulance', '77104', 'C2', 9.8)], suit('consider', 3.2, 'police not asked yet', 'Would be YES if the ambulance room asks for police.'), shown),
  incident('2039', 'waiting', 8.2, 'domestic_abuse_injury', place('Temple Hill, Dartford', 0.2267, 51.4525, 'dartford'), [ref('police', '1-0816-4403', '1', 8.2)], suit('consider', 3.4, 'injury reported by a third person only', 'Would be YES if an injury is confirmed.'), { ...shown, hazards: [hazard('dog', 6, 'large dog loose')] }),
  incident('2040', 'waiting', 6.5, 'fight', place('Rainham Mark, by the Hop and Vine', 0.6075, 51.3646), [ref('police', '1-0816-4409', '2', 6.5)], suit('no', 2.1, 'no injury reported', 'Would be CONSIDER if someone is injured.')),
  incident('2043', 'waiting', 5.6, 'rtc_injury', place('A249 at Key Street roundabout', 0.7072, 51.3474, 'swale'), [ref('police', '1-0816-4411', '2', 5.6), ref('ambulance', '77118', 'C2', 5)], suit('consider', 3, 'two ambulances already on the way'), { resources: [resource('ambulance', 'A118', 'ambulance', 'mobile', 4, 6)], flags: ['injury'] }),
  incident('2044', 'waiting', 4.9, 'welfare_concern', place('Canterbury Street, Gillingham', 0.5478, 51.3842), [ref('police', '1-0816-4413', '3', 4.9)], suit('no', 1.8, 'no sign of injury or illness')),
  incident('2045', 'waiting', 3.9, 'collapse_behind_door', place('Strood Esplanade, flat above the bakery', 0.4938, 51.3934), [ref('ambulance', '77123', 'C2', 3.9)], suit('yes', 4.2, 'no answer behind a locked door, police power of entry needed'), { ...shown, flags: ['behind_door'] }),
  incident('2046', 'waiting', 2.1, 'public_order', place('Sittingbourne station forecourt', 0.7347, 51.3419, 'swale'), [ref('police', '1-0816-4415', '3', 2.1)], suit('no', 1.4, 'nobody hurt')),
  incident('2047', 'waiting', 1.6, 'drunk_incapable', place('Military Road, Chatham', 0.5243, 51.3832), [ref('police', '1-0816-4416', '3', 1.6)], suit('yes', 4, 'person cannot be roused'), { ...shown, flags: ['unconscious'] }),
  incident('2048', 'waiting', 0.7, null, place('near Gillingham', null, null, 'medway', false), [ref('ambulance', '77125', 'C3', 0.7)], suit('no', 0, 'nothing known yet'), { stub: true, ...shown }),
  incident('2037', 'active', 41, 'assault_injury', place('Strood High Street', 0.4977, 51.3959), [ref('police', '1-0816-4388', '1', 41), ref('ambulance', '77090', 'C2', 40, { clock_stopped_at: at(-12.5), clock_stopped_by: 'JR01' })],
    suit('yes', 4.9, 'assault with injury, both services asked'), { units: [unitOn('JR01', 'scene', 12.5)], resources: [resource('ambulance', 'A104', 'ambulance', 'stood_down', 10), resource('police', 'P207', 'patrol', 'scene', 30)],
      waits: [wait('ambulance', 'clinician', 38, { answered_at: at(-36), answer: 'yes', arrived_at: at(-12.5) })], due: { amber_at: at(28), red_at: at(58) } }),
  incident('2031', 'active', 66, 'mental_health_crisis', place('Northfleet High Street', 0.3369, 51.4417, 'gravesham'), [ref('police', '1-0816-4370', '2', 66), ref('ambulance', '77071', 'C3', 60)], suit('yes', 4.4, 'both services asked'), { units: [unitOn('JR02', 'handover', 31.2)], due: { amber_at: at(-16), red_at: at(-1.2) } }),
  incident('2033', 'active', 33, 'rtc_injury', place('M2 junction 3 slip road', 0.5003, 51.3258), [ref('police', '1-0816-4380', '1', 33)], suit('no', 2, 'three ambulances there'), { resources: [resource('police', 'P230', 'patrol', 'scene', 22)], due: { amber_at: at(30), red_at: at(60) } }),
  incident('2034', 'active', 29, 'breathing_chest_pain', place('Hempstead Valley', 0.5776, 51.3461), [ref('ambulance', '77095', 'C1', 29)], suit('no', 1, 'no police need'), { ...shown, resources: [resource('ambulance', 'A121', 'ambulance', 'scene', 19)], due: { amber_at: at(30), red_at: at(60) } }),
  incident('2032', 'active', 52, 'domestic_abuse_injury', place('Swanscombe, Church Road', 0.3093, 51.4467, 'dartford'), [ref('police', '1-0816-4376', '1', 52), ref('ambulance', '77080', 'C3', 45)], suit('consider', 3.3, 'injury slight'), { resources: [resource('police', 'P241', 'patrol', 'scene', 40), resource('ambulance', 'A109', 'ambulance', 'mobile', 8, 5)], due: { amber_at: at(-2), red_at: at(20) }, waits: [wait('ambulance', 'clinician', 38)] }),
  incident('2030', 'active', 75, 'fall', place('Faversham, West Street', 0.8895, 51.3161, 'swale'), [ref('ambulance', '77066', 'C4', 75)], suit('no', 1, 'no police need'), { ...shown, resources: [resource('ambulance', 'A115', 'ambulance', 'scene', 14)], due: { amber_at: at(40), red_at: at(80) } }),
  incident('2029', 'closed', 95, 'fight', place('Chatham Pentagon', 0.5266, 51.3832), [ref('police', '1-0816-4362', '2', 95)], suit('no', 2, 'nobody hurt'), { closed_at: at(-32), since: at(-32) }),
  incident('2026', 'closed', 118, 'drunk_incapable', place('Rochester High Street', 0.5047, 51.3889), [ref('police', '1-0816-4350', '2', 118), ref('ambulance', '77044', 'C3', 110)], suit('yes', 4.2, 'cannot stand'), { closed_at: at(-61), since: at(-61) }),
];

const seat = (name, agency, role, present = true, left_reason = null) => ({ seat: name, agency, role, name: null, present, left_reason });
const crew = (paramedic = true, left = null) => [seat('police1', 'police', 'special_constable'), seat('police2', 'police', 'special_constable'), seat('clinician', 'ambulance', 'paramedic', paramedic, left)];

function unit(call_sign, district, status, minutes, seats, lon, lat, more = {}) {
  const words = SCHEME.statuses.find((s) => s.id === status);
  const complete = seats.every((one) => one.present);
  return {
    id: `unt_${call_sign}`, call_sign, district, vehicle_id: `veh_${call_sign}`, status, word: words.word, police_code: words.police_code, police_word: words.police_word, ambulance_word: words.ambulance_word,
    status_at: at(-minutes), late: false, seats, joint_complete: complete, capability: complete ? 'joint complete' : 'police only: no paramedic', alone: null, incident_id: null, incident_number: null,
    position: { lon, lat, at: at(-0.2), stale: false }, duty: { start: at(-281), end: at(199) }, break_due_at: at(19), breaks: { planned: null, began_at: null, ended_at: null }, offer: null, emergency: null, released: { police: null, ambulance: null }, backup: [], wait: null, briefed: { police: 0, ambulance: 0 }, briefed_names: [],
    due: { amber_at: null, red_at: null }, next: words.follows, bases: {}, base: 'u1', ...more,
  };
}

export const UNITS = [
  unit('JR01', 'medway', 'scene', 12.5, crew(), 0.4981, 51.3961, { incident_id: 'inc_2037', incident_number: '2037', due: { amber_at: at(28), red_at: at(58) } }),
  unit('JR02', 'gravesham', 'handover', 31.2, crew(false, 'hospital'), 0.257, 51.434, { incident_id: 'inc_2031', incident_number: '2031', due: { amber_at: at(-16), red_at: at(-1.2) } }),
  unit('JR03', 'medway', 'available', 8.1, crew(), 0.5301, 51.3772, {}),
  unit('JR04', 'swale', 'available', 22, crew(false), 0.7421, 51.3407, { position: { lon: 0.7421, lat: 51.3407, at: at(-4.4), stale: true },
    offer: { id: 'off_1', incident_id: 'inc_2036', incident_number: '2036', type: 'Drunk and incapable', place: 'Sheerness High Street, by the clock tower', by_agency: 'police', made_at: at(-0.5), expires_at: at(1.1), target: 'scene', rule: 'Police room may offer in Swale; the ambulance room is told.' } }),
];

const line = (minutes, agency, sentence, label = 'operational', late = false) => ({ at: at(-minutes), recorded_at: at(-minutes + (late ? 2 : 0.02)), agency, by: 'room', sentence, label, late });

export function detail(row) {
  const first = row.refs[0];
  return {
    ...row,
    log: [
      line(3.2, first.agency, `${first.foreign_id} reported: ${row.type?.name ?? 'type not stated'} at ${row.place?.text}.`),
      line(3.0, 'system', 'Suitability: yes, 4.6 of 5.'),
      line(2.4, 'police', 'Police asked for a clinician.'),
      line(2.0, 'police', 'P212 assigned, about 3 min.'),
      line(1.4, 'system', 'Possible match with 2042: 0.93 (60 m apart, 2 min apart, both violence).'),
      line(1.1, 'police', 'Hazard: knife or other weapon (knife seen).', 'safety', true),
      line(1.0, 'system', 'Verdict changed: hold at RVP until police record the scene safe.'),
      line(0.6, 'ambulance', 'Shared: caller says one male bleeding from the arm.'),
    ],
    suitability_full: { ...row.suitability, version: '1', gates: row.suitability.verdict === 'hold' ? [{ gate: 'weapon', passed: false, effect: 'block', words: 'a weapon was reported and the scene is not declared safe' }] : [],
      factors: [{ factor: 'type', value: 0.9, words: 'assault with injury usually needs both services' }, { factor: 'asked', value: 1, words: 'police asked for a clinician' }] },
    lines: [{ at: at(-0.6), agency: 'ambulance', text: 'caller says one male bleeding from the arm' }],
    remarks: [{ at: at(-3.1), text: 'Two males fighting outside the kebab shop, one bleeding.', label: 'identity' }],
    caller: { name: 'Caller Example Nine', phone: '01632 960123' }, merged: [], outcome: null, persons: [], own: [], hours: null,
  };
}

export function recommend(row) {
  const hold = row.suitability.verdict === 'hold';
  const one = (rank, call_sign, eta_s, distance_m, can_offer, sentence, shortfalls = [], divert_from = null) => ({
    rank, unit_id: `unt_${call_sign}`, call_sign, eta_s, eta_words: eta_s ? `about ${Math.round(eta_s / 60)} min` : 'no time known', distance_m, method: 'road', joint_complete: !shortfalls.some((s) => s.code === 'seat_missing'), can_offer, reasons: [], shortfalls, sentence, divert_from,
  });
  return {
    incident_id: row.id, computed_at: at(0), verdict: row.suitability.verdict, sentence: row.suitability.sentence, nearest_miss: row.suitability.nearest_miss, target: hold ? 'rvp' : 'scene', rvp: row.rvp,
    units: [
      one(1, 'JR03', 252, 1900, true, 'Joint complete, nearest; ambulance likely not needed.'),
      one(2, 'JR04', 1120, 17400, false, 'Police only, from Sittingbourne.', [{ code: 'seat_missing', words: 'no paramedic aboard', blocks: true }, { code: 'stale_position', words: 'position 4 min old', blocks: false }]),
      one(3, 'JR01', 540, 5200, false, 'At scene of 2037, two police and a paramedic.', [{ code: 'committed', words: 'committed to 2037', blocks: true }]),
    ],
    otherwise: { police: 'nearest patrol P212, about 3 min', ambulance: 'nearest ambulance A118, about 11 min' }, rule: 'In Medway either room may offer; the other room is told.', refusal: null,
  };
}
