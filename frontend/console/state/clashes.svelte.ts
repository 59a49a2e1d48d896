/** What was not sent because somebody else had changed the same thing: both versions, until a person has chosen. */

import type { Version } from '$shared/versions';
import { aboutOf, without, type Action } from '../actions';

export interface Clash {
  key: string;
  /** The incident or unit that it is about. */
  about: string;
  action: Action;
  versions: Version[];
}

class Clashes {
  /** Nothing that was typed leaves this list but by a choice. */
  list = $state.raw<Clash[]>([]);

  of(about: string): Clash[] {
    return this.list.filter((clash) => clash.about === about);
  }

  /** Keep what was refused; the newest words about a thing stand in place of earlier ones that were refused, too. */
  keep(action: Action, versions: Version[]): void {
    const about = aboutOf(action);
    const key = `${about} ${action.do} ${versions.map((one) => one.field).join(' ')}`;
    this.list = [...this.list.filter((one) => one.key !== key), { key, about, action, versions }];
  }

  /** Keep it again: what was chosen could not be sent. */
  restore(clash: Clash): void {
    if (!this.list.some((one) => one.key === clash.key)) this.list = [...this.list, clash];
  }

  /**
   * Decide one field. Returns what is left to send when all are decided, or null while some are not or when nothing is
   * left: theirs stands then.
   */
  choose(clash: Clash, field: string, mine: boolean): Action | null {
    const version = clash.versions.find((one) => one.field === field);
    if (!version) return null;
    const action = mine ? based(clash.action, field, version.base) : without(clash.action, field);
    const left = clash.versions.filter((one) => one !== version);
    const going = action !== null && left.length > 0;
    this.list = this.list.flatMap((one) => (one !== clash ? [one] : going ? [{ ...clash, action, versions: left }] : []));
    return left.length ? null : action;
  }
}

function based(action: Action, field: string, base: string): Action {
  return { ...action, base: { ...('base' in action ? action.base : {}), [field]: base } } as Action;
}

export const clashes = new Clashes();
