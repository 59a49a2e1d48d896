/** One step at a time: what a page is busy with, what went wrong and what it tells. */

import { tick } from 'svelte';
import { inWords, type Flow } from './wrong';

export interface Said {
  /** What is told when the step is done. */
  told?: string;
  flow?: Flow;
}

export class Steps {
  busy = $state(false);
  wrong = $state('');
  told = $state('');
  /** Where it is said, set by `Said.svelte`. It takes the focus, since what was pressed may be gone by then. */
  alert: HTMLElement | null = null;
  status: HTMLElement | null = null;
  #leaving = false;

  constructor(readonly flow: Flow) {}

  /** Do one step, and tell whether it was done; while another is under way nothing begins. */
  async take(work: () => Promise<unknown>, said: Said = {}): Promise<boolean> {
    if (this.busy) return false;
    this.busy = true;
    try {
      return await this.telling(work, said);
    } finally {
      this.busy = this.#leaving;
    }
  }

  /** Do what holds up no step, such as looking something up. */
  async telling(work: () => Promise<unknown>, { told = '', flow = this.flow }: Said = {}): Promise<boolean> {
    this.wrong = this.told = '';
    try {
      await work();
      this.told = told;
      if (told) await shown(() => this.status);
      return true;
    } catch (problem) {
      this.wrong = inWords(problem, flow);
      await shown(() => this.alert);
      return false;
    }
  }

  bySubmit(work: () => Promise<unknown>, said: Said = {}): (event: SubmitEvent) => void {
    return (event) => {
      event.preventDefault();
      void this.take(work, said);
    };
  }

  /** Go to another page: no step begins until it shows, or until somebody comes back to this one. */
  leave(address: string): void {
    this.#leaving = this.busy = true;
    location.assign(address);
  }

  /** This page is shown again as it was left. */
  back(): void {
    this.#leaving = this.busy = false;
  }
}

async function shown(place: () => HTMLElement | null): Promise<void> {
  await tick();
  place()?.focus();
}
