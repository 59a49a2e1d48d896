/** What stood on this screen of the values that a command replaces: the server refuses to replace anything else. */

import { live } from '$shared/live.svelte';
import type { Bases } from '$shared/versions';
import { aboutOf, fieldsOf, type Action } from '../actions';

const basesOf = (row: { bases: Bases | Bases[] }): Bases => (Array.isArray(row.bases) ? (row.bases[0] ?? {}) : row.bases);

class Shown {
  /** What stood there when the line in the command bar was begun. */
  #begun = new Map<string, Bases>();
  /** The own command that set a field last: its answer is here before the row tells. */
  #own = new Map<string, string>();

  beginLine(): void {
    if (this.#begun.size) return;
    this.#begun = new Map([...live.incidents.values(), ...live.units.values()].map((row) => [row.id, basesOf(row)]));
  }

  endLine(): void {
    this.#begun.clear();
  }

  of(id: string): Bases {
    const row = live.incidents.get(id) ?? live.units.get(id);
    return this.#begun.get(id) ?? (row ? basesOf(row) : {});
  }

  /** The action with its base: by field, the mark of what was shown and the own command that set it. */
  based(action: Action): Action {
    const fields = fieldsOf(action);
    if (!fields.length) return action;
    const id = aboutOf(action);
    const shown = ('base' in action && action.base) || this.of(id);
    const said = fields.map((field) => [field, [shown[field], this.#own.get(`${id} ${field}`)].filter(Boolean).join(' ')]);
    return { ...action, base: Object.fromEntries(said.filter(([, base]) => base)) } as Action;
  }

  took(action: Action, key: string): void {
    for (const field of fieldsOf(action)) this.#own.set(`${aboutOf(action)} ${field}`, key);
  }
}

export const shown = new Shown();
