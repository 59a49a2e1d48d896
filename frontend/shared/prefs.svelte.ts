/** What one person set on this device: theme, density, sounds, single-letter keys. */

export interface Choices {
  theme: 'dark' | 'light';
  density: 'dense' | 'roomy';
  map: boolean;
  letters: boolean;
  soundOffer: boolean;
  soundOverdue: boolean;
  soundEmergency: boolean;
}

const START: Choices = {
  theme: 'dark',
  density: 'dense',
  map: true,
  letters: true,
  soundOffer: true,
  soundOverdue: true,
  soundEmergency: true,
};

class Prefs {
  #place = 'jru.console';
  chosen = $state<Choices>({ ...START });

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

  show(): void {
    document.documentElement.dataset.theme = this.chosen.theme;
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
