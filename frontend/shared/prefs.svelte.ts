/** What one person set on this device: theme, colours, density, sounds, keys, whether it tells where it is and is told. */

import type { Viewer } from './types';

export interface Choices {
  /** `sun`: light by day, dark by night, as the page is told (`follow`). */
  theme: 'dark' | 'light' | 'sun';
  /** `apart`: colours that people who see red and green alike can tell apart. */
  colours: 'usual' | 'apart';
  density: 'dense' | 'roomy';
  map: boolean;
  letters: boolean;
  /** Letters that were exchanged: what the console calls it, and what is pressed instead. */
  keys: Record<string, string>;
  soundOffer: boolean;
  soundOverdue: boolean;
  position: boolean;
  /** What opens the way to a place: the device's own map, or one of those named. */
  navigate: 'device' | 'apple' | 'google' | 'osm';
  /** Whether this device is told what goes on while its page is not in front. */
  notices: boolean;
  noticesSilent: boolean;
}

const START: Choices = {
  theme: 'dark',
  colours: 'usual',
  density: 'dense',
  map: true,
  letters: true,
  keys: {},
  soundOffer: true,
  soundOverdue: true,
  position: false,
  navigate: 'device',
  notices: false,
  noticesSilent: false,
};

class Prefs {
  #place = 'jru.console';
  chosen = $state<Choices>({ ...START });
  #first: Partial<Choices> = {};
  #day = false;

  /** Take what was last set at a place, by whomever. */
  open(place: string, first: Partial<Choices> = {}): void {
    this.#place = `jru.${place}`;
    this.#first = first;
    this.#take();
  }

  /** Take what this person set here; who never set anything begins as the device stands. */
  belongTo(viewer: Viewer): void {
    this.#place = `${this.#place.split('/')[0]}/${markOf(`${viewer.agency} ${viewer.role} ${viewer.name}`)}`;
    this.#take();
  }

  set<K extends keyof Choices>(name: K, value: Choices[K]): void {
    this.chosen[name] = value;
    this.show();
    try {
      localStorage.setItem(this.#place, JSON.stringify(this.chosen));
    } catch {
      // A browser that forbids storage forgets the choice at the next load; nothing else depends on it.
    }
  }

  /** Take note whether it is day, for a theme that follows the sun. */
  follow(day: boolean): void {
    this.#day = day;
    this.show();
  }

  show(): void {
    const { theme, colours, density } = this.chosen;
    const { dataset } = document.documentElement;
    dataset.theme = theme === 'sun' ? (this.#day ? 'light' : 'dark') : theme;
    dataset.colours = colours;
    dataset.density = density;
  }

  #take(): void {
    this.chosen = { ...START, ...this.#first, ...read(this.#place.split('/')[0] ?? ''), ...read(this.#place) };
    this.show();
  }
}

function read(place: string): Partial<Choices> {
  try {
    return JSON.parse(localStorage.getItem(place) ?? '{}') as Partial<Choices>;
  } catch {
    return {};
  }
}

/** A short mark under which a person's choices lie; it names nobody. */
function markOf(words: string): string {
  let mark = 0;
  for (const letter of words) mark = (Math.imul(mark, 31) + (letter.codePointAt(0) ?? 0)) | 0;
  return (mark >>> 0).toString(36);
}

export const prefs = new Prefs();
