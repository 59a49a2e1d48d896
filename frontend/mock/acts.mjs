/** What the stand-in does with a command: enough to walk a job from offer to close. */

import { INCIDENTS, UNITS } from './board.mjs';
import { SCHEME } from './scheme.mjs';

const problem = (status, code, reason) => ({ status, body: { title: 'Refused', status, code, reason, detail: reason } });
const word = (id) => SCHEME.statuses.find((one) => one.id === id)?.word ?? id;
let made = 100;

export function act(path, body, viewer, now) {
  const [, kind, id, ...rest] = path.split('/');
  if (kind === 'incidents' && !id) return create(body, viewer, now);
  const row = INCIDENTS.find((one) => one.id === id);
  const unit = UNITS.find((one) => one.id === id);
  if (kind === 'incidents' && row) return onIncident(row, rest.join('/'), body, viewer, now);
  if (kind === 'units' && unit) return onUnit(unit, rest, body, viewer, now);
  return problem(404, 'not_found', 'There is no such thing here.');
}

function create(body, viewer, now) {
  made += 1;
  const number = String(2000 + made);
  const row = { ...structuredClone(INCIDENTS[10]), id: `inc_${number}`, number, opened_at: now, since: now, place: { verified: false, district: null, lon: null, lat: null, ...body.place }, flags: body.flags ?? [] };
  row.type = { ...SCHEME.types.find((one) => one.id === body.type) };
  row.refs = [{ ...row.refs[0], agency: viewer?.agency ?? 'police', foreign_id: body.foreign_id ?? `local-${number}`, clock_start: now, grade: body.grade ?? null }];
  row.hazards = (body.hazards ?? []).map((one) => ({ ...SCHEME.hazards.find((h) => h.code === one.code), at: now, by: 'police', note: one.note ?? null, cleared_at: null }));
  INCIDENTS.push(row);
  return { told: `Incident ${number} is open.`, outcome: { incident_id: row.id, number }, change: { incidents: [row] } };
}

function onIncident(row, verb, body, viewer, now) {
  const agency = viewer?.agency ?? 'police';
  const done = (told) => ({ told, change: { incidents: [row] } });
  switch (verb) {
    case 'share': row.visible_to = ['police', 'ambulance']; return done(`${row.number} is shown to both rooms.`);
    case 'lines': return done(`One line of ${row.number} is shared.`);
    case 'notes': return done(`Noted on ${row.number}.`);
    case 'hazards': row.hazards = [...row.hazards, { ...SCHEME.hazards.find((h) => h.code === body.code), at: now, by: agency, note: body.note ?? null, cleared_at: null }]; return done('Hazard recorded for both services.');
    case 'scene-safe':
      if (agency !== 'police') return problem(403, 'refused', 'Only police may record the scene safe.');
      row.scene_safe = { at: now, by: viewer?.name ?? 'police', words: '' }; row.suitability = { ...row.suitability, verdict: 'yes', sentence: 'police recorded the scene safe', nearest_miss: null };
      return done(`Scene of ${row.number} recorded safe.`);
    case 'requests': row.waits = [...row.waits, { asked: agency === 'police' ? 'ambulance' : 'police', by: agency, need: body.need, requested_at: now, answered_at: null, answer: null, eta_at: null, answers: [], arrived_at: null, released_at: null, due: { amber_at: null, red_at: null } }]; return done('The other room is asked.');
    case 'questions': row.questions = [...row.questions, { id: `qst_${now}`, asked: agency === 'police' ? 'ambulance' : 'police', by: agency, about: body.about, words: body.words ?? null, asked_at: now, answers: [], settled_at: null, due: { amber_at: null, red_at: null } }]; return done('The other room is asked.');
    case 'match': row.matches = []; return done(body.decision === 'same' ? `${row.number} and the other are one incident.` : 'Kept apart.');
    case 'close': row.phase = 'closed'; row.closed_at = now; return done(`${row.number} is closed.`);
    case 'reopen': row.phase = 'waiting'; row.closed_at = null; return done(`${row.number} is open again.`);
    default: return done(`Done on ${row.number}.`);
  }
}

function onUnit(unit, [verb, id, last], body, viewer, now) {
  const row = INCIDENTS.find((one) => one.id === (body.incident_id ?? unit.offer?.incident_id ?? unit.incident_id));
  const done = (told, incidents = row ? [row] : []) => ({ told, change: { units: [unit], incidents } });
  if (verb === 'offers' && !id) {
    if (unit.offer || unit.incident_id) return problem(409, 'unit_taken', `${unit.call_sign} is already taken.`);
    unit.offer = { id: `off_${(made += 1)}`, incident_id: row.id, incident_number: row.number, type: row.type?.name ?? null, place: row.place?.text ?? null, by_agency: viewer?.agency ?? 'police', by: viewer?.name ?? '', made_at: now, expires_at: new Date(Date.parse(now) + 90_000).toISOString(), target: row.suitability.verdict === 'hold' ? 'rvp' : 'scene', rule: 'Either room may offer in Medway.' };
    return done(`${unit.call_sign} is offered to ${row.number}; the crew has 90 s.`);
  }
  if (verb === 'offers') {
    unit.offer = null;
    if (last === 'answer' && body.answer === 'accept') return take(unit, row, now, done);
    return done(`The offer to ${unit.call_sign} is off.`);
  }
  if (verb === 'self-assign') return take(unit, row, now, done);
  if (verb === 'status') {
    Object.assign(unit, { status: body.status, word: word(body.status), status_at: now, next: SCHEME.statuses.find((one) => one.id === body.status)?.follows ?? [] });
    if (row) row.units = row.units.map((one) => (one.unit_id === unit.id ? { ...one, status: unit.status, word: unit.word, status_at: now } : one));
    if (body.status === 'available') Object.assign(unit, { incident_id: null, incident_number: null });
    return done(`${unit.call_sign}: ${unit.word}.`);
  }
  if (verb === 'seats') { unit.seats = unit.seats.map((one) => (one.seat === body.seat ? { ...one, present: body.present, left_reason: body.reason ?? null } : one)); return done('Seats changed.'); }
  if (verb === 'backup') { unit.backup = [...unit.backup, { agency: body.agency, kind: body.kind, at: now }]; return done(`Back-up asked: ${body.kind}.`); }
  if (verb === 'emergency') { unit.emergency = id === 'cancel' ? null : { at: now, owner: null }; return done(`Emergency of ${unit.call_sign}.`); }
  if (verb === 'stand-down') { Object.assign(unit, { incident_id: null, incident_number: null, status: 'available', word: 'Available', status_at: now }); return done(`${unit.call_sign} stood down.`); }
  return done('Done.');
}

function take(unit, row, now, done) {
  Object.assign(unit, { incident_id: row.id, incident_number: row.number, status: 'assigned', word: 'Assigned', status_at: now, next: ['mobile'] });
  row.phase = 'active';
  row.units = [{ unit_id: unit.id, call_sign: unit.call_sign, status: 'assigned', word: 'Assigned', status_at: now, mode: 'police', eta_at: null }];
  return done(`${unit.call_sign} is on ${row.number}.`);
}
