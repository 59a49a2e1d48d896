/** How the crew's page comes to its board: from the server; without a link from the device, until the server answers. */

import { forgetCopies, timesForgotten } from '$shared/copies';
import { live } from '$shared/live.svelte';
import { whoAmI } from '$shared/session';
import type { Viewer } from '$shared/types';
import { recall } from './copy';
import { crew } from './crewstate.svelte';
import { queue } from './queue.svelte';
import { unlocked } from './seal';

const AGAIN_MS = 4_000;
/** A link that swallows what is sent gives up late: nobody waits longer than this for what the device keeps. */
const PATIENCE_MS = 1_000;

class Opening {
  /** Why there is nothing to show yet. */
  failed = $state('');
  /** Who is signed in, as soon as the server has told. */
  #told: Viewer | null = null;
  #again: ReturnType<typeof setTimeout> | undefined;
  #slow: ReturnType<typeof setTimeout> | undefined;

  async start(): Promise<void> {
    this.#slow ??= setTimeout(() => void this.#recall(), PATIENCE_MS);
    try {
      await this.#ask();
      this.failed = '';
    } catch (problem) {
      await this.#recall();
      if (live.ended) return;
      if (!live.ready) this.failed = `${(problem as Error).message} No job is kept on this device; it is tried again by itself.`;
      this.#again = setTimeout(() => void this.start(), AGAIN_MS);
    }
  }

  stop(): void {
    clearTimeout(this.#again);
    clearTimeout(this.#slow);
  }

  async #ask(): Promise<void> {
    const { viewer } = await whoAmI();
    this.#told = viewer;
    if (!viewer) {
      await forgetCopies();
      return live.ready ? live.end() : location.assign('/');
    }
    // What was shown without a link is for one person: another who has signed in since begins anew.
    if (queue.opened && (await unlocked()).owner !== queue.opened.owner) {
      await forgetCopies();
      return location.reload();
    }
    await live.open(viewer);
  }

  async #recall(): Promise<void> {
    const begun = timesForgotten();
    const found = live.ready || live.ended ? null : await recall();
    // While the device was read the server may have told the board, that the session is over, or who else is signed in.
    if (!found || live.ready || begun !== timesForgotten() || !this.#isFor(found.copy.viewer)) return;
    queue.opened = found.opened;
    live.recall(found.copy.viewer, found.copy.scheme, found.copy.board, found.age);
    crew.recall(found.copy.full);
  }

  #isFor(viewer: Viewer): boolean {
    return !this.#told || JSON.stringify(this.#told) === JSON.stringify(viewer);
  }
}

export const opening = new Opening();
