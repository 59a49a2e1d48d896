/** What is on this dispatcher's desk: the incident in hand, pins, drafts, what is armed, what was last said. */

import { SvelteMap } from 'svelte/reactivity';
import { get } from '$shared/api';
import { clock } from '$shared/clock.svelte';
import { isOver } from '$shared/glass';
import { live } from '$shared/live.svelte';
import { Readings } from '$shared/newest';
import type { IncidentFull, IncidentRow, Recommendation } from '$shared/types';
import { capital } from '$shared/words';
import type { Action } from '../actions';
import { contextOf, type Context } from '../command/words';
import { emptyBooking, type Booking } from '$shared/booking';
import { recognise } from '../paste';
import type { Amendment } from './amendment';
import { emptyDraft, withPasted, type Draft } from './draft';

export type Form =
  | 'amend'
  | 'line'
  | 'ask'
  | 'answer'
  | 'note'
  | 'hazard'
  | 'glass'
  | 'outcome'
  | 'person'
  | 'close'
  | 'reopen'
  | 'match'
  | 'card'
  | 'script'
  | 'resource'
  | 'backup'
  | 'unit_status';

export interface Armed {
  action: Action;
  sentence: string;
  /** A command still to be typed to its end before it can be sent, such as a reason. */
  needs?: string;
}

export interface Said {
  kind: 'told' | 'refused' | 'plain';
  text: string;
}

const REFRESH_MS = 200;
const RECOMMEND_MS = 1500;

const nameOf = (ref: { agency: string; sender: string; foreign_id: string }): string => `${ref.agency} ${ref.sender} ${ref.foreign_id}`;

class Desk {
  inHand = $state<string | null>(null);
  #read = $state.raw<IncidentFull | null>(null);
  recommendation = $state.raw<Recommendation | null>(null);
  failed = $state('');
  pins = $state<string[]>([]);
  armed = $state.raw<Armed | null>(null);
  form = $state<Form | null>(null);
  draft = $state<Draft | null>(null);
  booking = $state<Booking | null>(null);
  /** What is being changed, by incident: it stays while its person looks at others. */
  readonly amendments = new SvelteMap<string, Amendment>();
  sheet = $state<'keys' | 'settings' | 'handover' | null>(null);
  /** The box for pasted text stands in the pane's place. */
  pasting = $state(false);
  pasteText = $state('');
  said = $state.raw<Said>({ kind: 'plain', text: '' });
  command = $state('');
  history = $state.raw<string[]>([]);
  busy = $state(0);
  #detail: ReturnType<typeof setTimeout> | null = null;
  #advice: ReturnType<typeof setTimeout> | null = null;
  #readings = new Readings();
  #advised = new Readings();
  #known: { number: string; refs: string[] } | null = null;

  /** What was opened is over by the clock: all that was read with it goes from the screen until it is read anew. */
  readonly lapsed: boolean = $derived(isOver(this.#read?.glass, clock.now));
  /** All that is known of the incident in hand; null while it is read. */
  readonly full: IncidentFull | null = $derived(this.#read?.id === this.inHand && !this.lapsed ? this.#read : null);
  readonly row: IncidentRow | null = $derived(this.inHand ? (live.incidents.get(this.inHand) ?? null) : null);

  open(id: string): void {
    this.putAside();
    if (id === this.inHand) return;
    this.inHand = id;
    this.#known = null;
    this.keepUp();
    this.#read = null;
    this.recommendation = null;
    this.failed = '';
    this.form = null;
    this.armed = null;
    void this.readDetail();
    void this.readAdvice();
  }

  /** Stay with the incident in hand when it is joined to another, which then holds its references. */
  keepUp(): void {
    if (!this.inHand) return;
    const row = live.incidents.get(this.inHand);
    if (row) {
      this.#known = { number: row.number, refs: row.refs.map(nameOf) };
      return;
    }
    const known = this.#known;
    const heir = known && [...live.incidents.values()].find((one) => one.refs.some((ref) => known.refs.includes(nameOf(ref))));
    if (!known || !heir) return;
    const left = this.inHand;
    this.pins = [...new Set(this.pins.map((id) => (id === left ? heir.id : id)))];
    this.open(heir.id);
    this.say('told', `${known.number} is part of ${heir.number} now.`);
  }

  /** Read the incident in hand again soon; several changes in a burst cost one reading. */
  freshen(detail: boolean): void {
    if (!this.inHand) return;
    if (detail) this.#detail ??= setTimeout(() => void this.readDetail(), REFRESH_MS);
    this.#advice ??= setTimeout(() => void this.readAdvice(), detail ? REFRESH_MS : RECOMMEND_MS);
  }

  async readDetail(): Promise<void> {
    this.#detail = null;
    const id = this.inHand;
    if (!id) return;
    await this.#readings.read(
      id,
      () => get<IncidentFull>(`/incidents/${encodeURIComponent(id)}`),
      (full) => {
        if (this.inHand === id) [this.#read, this.failed] = [full, ''];
      },
      (problem) => {
        if (this.inHand === id) this.failed = problem.message;
      },
    );
  }

  /** Whether the incident in hand is being read. */
  get reading(): boolean {
    return this.#readings.out;
  }

  async readAdvice(): Promise<void> {
    this.#advice = null;
    const id = this.inHand;
    if (!id || live.incidents.get(id)?.phase === 'closed') return;
    const take = (advice: Recommendation | null): void => {
      if (this.inHand === id) this.recommendation = advice;
    };
    await this.#advised.read(id, () => get<Recommendation>(`/incidents/${encodeURIComponent(id)}/recommendation`), take, () => take(null));
  }

  togglePin(id: string): void {
    if (this.pins.includes(id)) this.pins = this.pins.filter((one) => one !== id);
    else if (this.pins.length < 3) this.pins = [...this.pins, id];
    else this.say('refused', 'Three incidents are pinned. Unpin one first (full stop).');
  }

  show(form: Form): void {
    this.form = this.form === form ? null : form;
  }

  startDraft(): void {
    this.putAside();
    this.draft = { ...(this.draft ?? emptyDraft()), shown: true };
  }

  startPaste(): void {
    this.putAside();
    this.pasting = true;
  }

  /** Turn pasted text into a draft to confirm; nothing is saved. Returns false, with the reason said, when it cannot be. */
  takePasted(text: string): boolean {
    const { scheme, viewer } = live;
    if (!scheme || !viewer) return false;
    const read = recognise(text, scheme, viewer.agency);
    if (!read.ok) {
      this.say('refused', read.error);
      return false;
    }
    const draft = withPasted(this.draft ?? emptyDraft(), read.found, read.rest, text);
    if (!draft) {
      this.say('refused', 'The draft that is open has no room for this text in its remarks. Save it or throw it away first; nothing was taken.');
      return false;
    }
    this.putAside();
    this.pasteText = '';
    this.draft = { ...draft, shown: true };
    const count = draft.pasted.length;
    this.say('told', `${count === 0 ? 'No field' : count === 1 ? 'One field' : `${count} fields`} recognised, marked to be checked. Nothing is saved yet.`);
    return true;
  }

  startBooking(): void {
    this.putAside();
    this.booking = { ...(this.booking ?? emptyBooking()), shown: true };
  }

  /** Put aside whatever stands in the pane's place; nothing typed is lost. Returns false when nothing stood there. */
  putAside(): boolean {
    const stood = this.draft?.shown || this.booking?.shown || this.pasting || this.sheet;
    this.sheet = null;
    this.pasting = false;
    if (this.draft?.shown) this.draft = { ...this.draft, shown: false };
    if (this.booking?.shown) this.booking = { ...this.booking, shown: false };
    return !!stood;
  }

  arm(action: Action, sentence: string): void {
    this.armed = { action, sentence };
  }

  say(kind: Said['kind'], text: string): void {
    this.said = { kind, text: capital(text) };
  }

  remember(line: string): void {
    this.history = [line, ...this.history.filter((one) => one !== line)].slice(0, 50);
  }

  context(): Context {
    const full = this.full;
    const around = { inHand: this.inHand, joined: full?.merged ?? [], glass: full?.glass?.id ?? null, now: clock.reading() };
    return contextOf(live.scheme, live.viewer, live.units.values(), live.incidents.values(), around);
  }
}

export const desk = new Desk();
