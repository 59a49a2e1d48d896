/** What one person set on this device: theme, density, sounds, single-letter keys, whether it tells where it is. */

export interface Choices {
  /** `sun`: light by day, dark by night, as the page is told (`follow`). */
  theme: 'dark' | 'light' | 'sun';
  density: 'dense' | 'roomy';
  map: boolean;
  letters: boolean;
  soundOffer: boolean;
  soundOverdue: boolean;
  soundEmergency: boolean;
  position: boolean;
}

const START: Choices = {
  theme: 'dark',
  density: 'dense',
  map: true,
  letters: true,
  soundOffer: true,
  soundOverdue: true,
  soundEmergency: true,
  position: false,
};

class Prefs {
  #place = 'jru.console';
  chosen = $state<Choices>({ ...START });
  #day = false;

  open(place: string, first: Partial<Choices> = {}): void {
    this.#place = `jru.${place}`;
    this.chosen = { ...START, ...first, ...this.#read() };
    this.show();
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
    const { theme } = this.chosen;
    document.documentElement.dataset.theme = theme === 'sun' ? (this.#day ? 'light' : 'dark') : theme;
    document.documentElement.dataset.density = this.chosen.density;
  }

  #read(): Partial<Choices> {
    try {
      return JSON.parse(localStorage.getItem(this.#place) ?? '{}') as Partial<Choices>;
    } catch {
      return {};
    }
  }
}

export const prefs = new Prefs();
