/** The one function behind every key, command and click. */

import { command, get, newKey, Problem } from '$shared/api';
import { live } from '$shared/live.svelte';
import { prefs } from '$shared/prefs.svelte';
import { STRIP } from '$shared/session';
import type { UnitRow } from '$shared/types';
import { fieldName, versionsIn } from '$shared/versions';
import { callFor, type Action } from './actions';
import { parse } from './command/grammar';
import { copyCard } from './copying';
import { clashes, type Clash } from './state/clashes.svelte';
import { desk } from './state/desk.svelte';
import { handover } from './state/handover.svelte';
import { shown } from './state/shown';

/** Do it now. Returns true when the server (or the screen) did it. */
export async function perform(action: Action): Promise<boolean> {
  desk.armed = null;
  if (!callFor(action)) return here(action);
  desk.busy += 1;
  let sent = shown.based(action);
  const key = newKey();
  try {
    sent = action.do === 'wait' ? await placed(sent) : sent;
    const call = callFor(sent);
    if (!call) return false;
    const answer = await command(call.path, call.body, key);
    shown.took(sent, key);
    desk.say('told', answer.told);
    after(action, answer.outcome);
    return true;
  } catch (problem) {
    if (problem instanceof Problem && clashed(sent, problem)) return false;
    desk.say('refused', problem instanceof Problem ? problem.message : 'This page failed. Reload it; nothing was sent.');
    return false;
  } finally {
    desk.busy -= 1;
  }
}

/** Keep both versions where somebody else changed the same thing; nothing that was typed is lost. */
function clashed(action: Action, problem: Problem): boolean {
  const versions = versionsIn(problem.body);
  if (!versions.length) return false;
  clashes.keep(action, versions);
  if (action.do !== 'person') desk.form = null;
  desk.say('refused', `Not sent: somebody changed this meanwhile (${versions.map((one) => fieldName(one.field).toLowerCase()).join(', ')}). Both versions are kept; choose one.`);
  return true;
}

/** Keep theirs, or send one's own in its place. */
export async function choose(clash: Clash, field: string, mine: boolean): Promise<void> {
  const left = clashes.choose(clash, field, mine);
  if (left && !(await perform(left))) clashes.restore(clash);
  else if (!left && !mine) desk.say('plain', `${fieldName(field)}: theirs stays.`);
}

/** Read one command line; what cannot be read is said, and the line is kept. */
export async function obey(line: string): Promise<boolean> {
  const read = parse(line, desk.context());
  if (!read.ok) {
    desk.say('refused', read.error);
    return false;
  }
  desk.remember(line.trim());
  return perform(read.action);
}

/** A place to wait with its point on the map, where the map knows it by this name; else the words alone. */
async function placed(action: Action): Promise<Action> {
  if (action.do !== 'wait') return action;
  const { text } = action.place;
  const found = await get<{ name: string; lon: number; lat: number; partial: boolean }[]>(`/places?q=${encodeURIComponent(text)}`).catch(() => []);
  const hit = found.find((one) => one.name.toLowerCase() === text.toLowerCase()) ?? (found.length === 1 && !found[0]?.partial ? found[0] : undefined);
  return hit ? { ...action, place: { text: hit.name, lon: hit.lon, lat: hit.lat } } : action;
}

/** Put the command into the bar, to be finished by hand. */
export function begin(line: string): void {
  desk.command = line;
  const bar = document.querySelector<HTMLInputElement>('[data-command]');
  bar?.focus();
  queueMicrotask(() => bar?.setSelectionRange(line.length, line.length));
}

export async function sendArmed(): Promise<void> {
  if (desk.armed) await perform(desk.armed.action);
}

async function here(action: Action): Promise<boolean> {
  if (action.do === 'card') return copyCard(action.incident);
  if (action.do === 'go' || action.do === 'script') {
    desk.open(action.incident);
    if (action.do === 'script') desk.show('script');
    return true;
  }
  if (action.do !== 'show') return false;
  switch (action.what) {
    case 'map':
      if (window.name === STRIP) openMap();
      else prefs.set('map', !prefs.chosen.map);
      break;
    case 'window':
      openMap();
      break;
    case 'strip':
      window.open('/strip', STRIP, 'width=420,height=1000');
      break;
    case 'help':
      desk.sheet = desk.sheet === 'keys' ? null : 'keys';
      break;
    case 'settings':
      desk.sheet = desk.sheet === 'settings' ? null : 'settings';
      break;
    case 'handover':
      desk.sheet = 'handover';
      void handover.read();
      break;
    case 'wall':
      window.open('/console#wall', 'jru-wall');
      break;
    case 'match':
      desk.show('match');
      break;
    case 'new':
      desk.startDraft();
      break;
    case 'paste':
      desk.startPaste();
      break;
    case 'crews':
      desk.startBooking();
      break;
    case 'print':
      window.print();
      break;
    case 'theme':
      prefs.set('theme', prefs.chosen.theme === 'dark' ? 'light' : 'dark');
      break;
  }
  return true;
}

function openMap(): void {
  window.open('/console#map', 'jru-map', 'width=1200,height=900');
}

function after(action: Action, outcome: Record<string, string>): void {
  if (action.do === 'create') {
    desk.draft = null;
    if (outcome.incident_id) desk.open(outcome.incident_id);
    return;
  }
  if (action.do === 'book_on') {
    desk.booking = null;
    return;
  }
  if ('incident' in action && action.incident === desk.inHand) {
    if (action.do !== 'person') desk.form = null;
    void desk.readDetail();
    void desk.readAdvice();
  }
}

/** Arm the n-th recommended unit for the incident in hand. */
export function armUnit(place: number): void {
  const advice = desk.recommendation;
  const row = desk.row;
  const unit = advice?.units.find((one) => one.rank === place);
  if (!advice || !row || !unit) {
    desk.say('refused', row ? `There is no recommendation ${place} for ${row.number}.` : 'Open an incident first.');
    return;
  }
  if (unit.divert_from) {
    begin(`/v ${unit.call_sign} ${row.number} `);
    desk.say('plain', `${unit.call_sign} is on ${unit.divert_from}: type the reason for the divert, then Enter.`);
    return;
  }
  if (!unit.can_offer) {
    const why = advice.refusal ?? unit.shortfalls.find((one) => one.blocks)?.words ?? 'it cannot be offered';
    desk.say('refused', `${unit.call_sign} cannot be offered: ${why}`);
    return;
  }
  desk.arm({ do: 'offer', unit: unit.unit_id, incident: row.id }, `Enter offers ${unit.call_sign} to ${row.number}`);
}

/** The unit that a verb about units means: the one on the incident in hand, or the one offered to it. */
export function unitInHand(): { id: string; call_sign: string } | null {
  const row = desk.row;
  if (!row) return null;
  const on = row.units[0];
  if (on) return { id: on.unit_id, call_sign: on.call_sign };
  const offered = [...live.units.values()].find((unit) => unit.offer?.incident_id === row.id);
  return offered ? { id: offered.id, call_sign: offered.call_sign } : null;
}

/** Open what the unit is on, else begin its status. */
export function openUnit(unit: UnitRow): void {
  const job = unit.incident_id ?? unit.offer?.incident_id;
  if (job && live.incidents.has(job)) desk.open(job);
  else begin(`/s ${unit.call_sign} `);
}
