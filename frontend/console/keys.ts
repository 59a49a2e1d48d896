/** Keys of the console. The table feeds the key sheet and the reference page; `press` does what a key says. */

import { live } from '$shared/live.svelte';
import { prefs } from '$shared/prefs.svelte';
import { isLetter, meant } from './letters';
import { armUnit, begin, choose, perform, sendArmed, unitInHand } from './perform';
import { answerRoom, askRoom } from './rooms';
import { clashes } from './state/clashes.svelte';
import { desk, type Form } from './state/desk.svelte';
import { focusSection, moveRow } from './lists/roving';

export interface KeyHelp {
  keys: string;
  does: string;
}

export const KEYS: { title: string; rows: KeyHelp[] }[] = [
  {
    title: 'Lists',
    rows: [
      { keys: 'j ↓', does: 'next row' },
      { keys: 'k ↑', does: 'previous row' },
      { keys: 'Enter', does: 'open the row; send what is armed' },
      { keys: '[ ]', does: 'previous, next list' },
      { keys: '.', does: 'pin or unpin the incident in hand' },
      { keys: 'Alt+1 … 3', does: 'go to a pinned incident' },
      { keys: 'g', does: 'go to an incident by number' },
      { keys: 'n', does: 'new incident' },
      { keys: 'P', does: 'paste text from your own CAD into a draft' },
      { keys: 'Ctrl+V', does: 'the same, while no field has the focus' },
      { keys: 'B', does: 'book a crew on or off' },
    ],
  },
  {
    title: 'Incident in hand',
    rows: [
      { keys: '1 … 9', does: 'arm the recommended unit; Enter offers, Esc disarms' },
      { keys: 'a', does: 'amend: grade, type, place, flags' },
      { keys: 'T', does: 'two versions: keep theirs' },
      { keys: 'M', does: 'two versions: use mine' },
      { keys: 'm', does: 'match review' },
      { keys: 'x', does: 'share a line with the other room' },
      { keys: 'y', does: 'show this incident to the other room' },
      { keys: 'l', does: 'line to read out to the other room' },
      { keys: 'C', does: 'copy a card for your own CAD' },
      { keys: 'r', does: 'ask the other service to come; answer when it asked you' },
      { keys: 'E', does: 'ask the other room when it will be there' },
      { keys: 'L', does: 'ask the other room whether yours may leave' },
      { keys: 'R', does: 'ask the other room to ring you' },
      { keys: 'Y', does: 'answer the other room yes; minutes where it asked for a time' },
      { keys: 'N', does: 'answer it no, and type why' },
      { keys: 'Z', does: 'answer it later' },
      { keys: 'h', does: 'record a hazard' },
      { keys: 'w', does: 'record the scene safe (police)' },
      { keys: 'i', does: 'note with a label' },
      { keys: 'e', does: 'own resources: attach, move, stand down' },
      { keys: 'o', does: 'outcome and persons' },
      { keys: 'c', does: 'close, or open again' },
    ],
  },
  {
    title: 'Unit on it',
    rows: [
      { keys: 's', does: 'set its status' },
      { keys: 'd', does: 'stand it down, or withdraw the offer' },
      { keys: 'b', does: 'ask for back-up' },
      { keys: 'f', does: 'divert a unit here' },
    ],
  },
  {
    title: 'Screen',
    rows: [
      { keys: '/', does: 'command bar' },
      { keys: 'Esc', does: 'disarm, close the form, clear the bar' },
      { keys: 'u', does: 'undo the last harmless step (form, arming, text)' },
      { keys: 'v', does: 'map here' },
      { keys: 'V', does: 'map in a second window' },
      { keys: 'S', does: 'strip beside your own CAD, in a window of its own' },
      { keys: 't', does: 'dark or light' },
      { keys: 'p', does: 'print the state of now' },
      { keys: ',', does: 'settings: size, colours, sounds, letters' },
      { keys: '?', does: 'this sheet' },
    ],
  },
];

/** The letter of a line of the sheet that may be exchanged, or null. */
export function letterOf(row: KeyHelp): string | null {
  const first = row.keys.split(' ')[0] ?? '';
  return isLetter(first) ? first : null;
}

const FORMS: Record<string, Form> = { a: 'amend', x: 'line', h: 'hazard', i: 'note', e: 'resource', o: 'outcome' };

/** Handle one key press of the page. */
export function press(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.isComposing) return;
  if (event.key === 'Escape') return escape();
  if (event.altKey && /^Digit[1-3]$/.test(event.code)) {
    event.preventDefault();
    const pinned = desk.pins[Number(event.code.slice(5)) - 1];
    if (pinned) desk.open(pinned);
    return;
  }
  if (typing(event.target) || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === 'Enter' && desk.armed) {
    event.preventDefault();
    void sendArmed();
    return;
  }
  if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
    if (moveRow(event.key === 'ArrowDown' ? 1 : -1)) event.preventDefault();
    return;
  }
  if (!isLetter(event.key)) {
    if (act(event.key)) event.preventDefault();
    return;
  }
  const letter = prefs.chosen.letters ? meant(event.key, prefs.chosen.keys) : null;
  if (letter && act(letter)) event.preventDefault();
}

/** Text pasted while no field has the focus becomes a draft. */
export function pastedOutside(event: ClipboardEvent): void {
  if (event.defaultPrevented || typing(event.target)) return;
  const text = event.clipboardData?.getData('text/plain') ?? '';
  if (!text.trim()) return;
  event.preventDefault();
  desk.takePasted(text);
}

function typing(target: EventTarget | null): boolean {
  const element = target as HTMLElement | null;
  if (!element?.matches) return false;
  return element.matches('input:not([type=checkbox]):not([type=radio]):not([type=button]), textarea, select, [contenteditable=true]');
}

function escape(): void {
  if (desk.armed) desk.armed = null;
  else if (desk.form && !desk.sheet) desk.form = null;
  else if (!desk.putAside()) {
    desk.command = '';
    desk.say('plain', '');
  }
  const focused = document.activeElement as HTMLElement | null;
  if (typing(focused)) focused?.blur();
}

function act(key: string): boolean {
  if (/^[1-9]$/.test(key)) {
    armUnit(Number(key));
    return true;
  }
  const does = LETTERS[key];
  if (does) does();
  else if (FORMS[key] && desk.row) desk.show(FORMS[key]);
  else return false;
  return true;
}

const LETTERS: Record<string, () => void> = {
  j: () => void moveRow(1),
  k: () => void moveRow(-1),
  '[': () => focusSection(-1),
  ']': () => focusSection(1),
  '/': () => begin('/'),
  '?': () => void perform({ do: 'show', what: 'help' }),
  ',': () => void perform({ do: 'show', what: 'settings' }),
  n: () => void perform({ do: 'show', what: 'new' }),
  P: () => void perform({ do: 'show', what: 'paste' }),
  B: () => void perform({ do: 'show', what: 'crews' }),
  g: () => begin('/g '),
  v: () => void perform({ do: 'show', what: 'map' }),
  V: () => void perform({ do: 'show', what: 'window' }),
  S: () => void perform({ do: 'show', what: 'strip' }),
  t: () => void perform({ do: 'show', what: 'theme' }),
  p: () => void perform({ do: 'show', what: 'print' }),
  u: () => escape(),
  m: () => held(() => void perform({ do: 'show', what: 'match' })),
  l: () => held(() => desk.show('script')),
  C: () => held((id) => void perform({ do: 'card', incident: id })),
  y: () => held((id, number) => desk.arm({ do: 'share', incident: id }, `Enter shows ${number} to the other room`)),
  r: () => held(() => desk.show(asksMe() ? 'answer' : 'ask')),
  E: () => held((id) => void askRoom(id, 'eta')),
  L: () => held((id) => void askRoom(id, 'release')),
  R: () => held((id) => void askRoom(id, 'call')),
  Y: () => held((id) => void answerRoom(id, 'yes')),
  N: () => held((id) => void answerRoom(id, 'no')),
  Z: () => held((id) => void answerRoom(id, 'later')),
  w: () =>
    held((id, number) => {
      if (live.viewer?.agency !== 'police') desk.say('refused', 'Only police record the scene safe. Ask the police room (r).');
      else desk.arm({ do: 'scene_safe', incident: id, words: '' }, `Enter records the scene of ${number} safe, in your name`);
    }),
  c: () => held(() => desk.show(desk.row?.phase === 'closed' ? 'reopen' : 'close')),
  s: () => aboutUnit((sign) => begin(`/s ${sign} `)),
  d: () => aboutUnit((sign) => begin(`/d ${sign} `)),
  b: () => aboutUnit((sign) => begin(`/b ${sign} `)),
  f: () =>
    held((_id, number) => {
      begin('/v ');
      desk.say('plain', `Type the unit, ${number} and the reason: /v JR01 ${number} reason.`);
    }),
  T: () => decide(false),
  M: () => decide(true),
  '.': () => held((id) => desk.togglePin(id)),
};

/** Decide the first field of the incident in hand that has two versions. */
function decide(mine: boolean): void {
  const [clash] = desk.inHand ? clashes.of(desk.inHand) : [];
  const field = clash?.versions[0]?.field;
  if (clash && field) void choose(clash, field, mine);
  else desk.say('plain', 'Nothing on the incident in hand has two versions.');
}

function held(then: (id: string, number: string) => void): void {
  if (desk.row) then(desk.row.id, desk.row.number);
  else desk.say('refused', 'Open an incident first: j and k move, Enter opens.');
}

function aboutUnit(then: (sign: string) => void): void {
  const unit = unitInHand();
  if (unit) then(unit.call_sign);
  else desk.say('refused', 'No joint unit is on the incident in hand.');
}

/** True when the other room asked and this room has not answered. */
export function asksMe(): boolean {
  const mine = live.viewer?.agency;
  return (desk.row?.waits ?? []).some((wait) => wait.asked === mine && !wait.answered_at && !wait.arrived_at && !wait.released_at);
}
