/** How the crew's page comes to its board: from the server; without a link from the device, until the server answers. */

import { forgetCopies } from '$shared/copies';
import { live } from '$shared/live.svelte';
import { whoAmI } from '$shared/session';
import { recall } from './copy';
import { crew } from './crewstate.svelte';
import { queue } from './queue.svelte';
import { unlocked } from './seal';

const AGAIN_MS = 4_000;

class Opening {
  /** Why there is nothing to show yet. */
  failed = $state('');
  #again: ReturnType<typeof setTimeout> | undefined;

  async start(): Promise<void> {
    try {
      await this.#ask();
      this.failed = '';
    } catch (problem) {
      if (!live.ready && !(await this.#recalled())) this.failed = `${(problem as Error).message} No job is kept on this device; it is tried again by itself.`;
      this.#again = setTimeout(() => void this.start(), AGAIN_MS);
    }
  }

  stop(): void {
    clearTimeout(this.#again);
  }

  async #ask(): Promise<void> {
    const { viewer } = await whoAmI();
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

  async #recalled(): Promise<boolean> {
    const found = await recall();
    if (!found) return false;
    queue.opened = found.opened;
    live.recall(found.copy.viewer, found.copy.scheme, found.copy.board, found.age);
    crew.recall(found.copy.full);
    return true;
  }
}

export const opening = new Opening();
