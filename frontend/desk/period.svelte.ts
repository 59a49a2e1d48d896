/** The days that a page looks at, in the scheme's zone: the last four weeks until somebody chooses others. */

import { clock } from '$shared/clock.svelte';
import { live } from '$shared/live.svelte';
import { dayBefore, dayIn, zoneDay } from './days';

const FIRST_DAYS = 27;

export class Period {
  from = $state('');
  to = $state('');

  /** `ended` leaves out today, which is not over. */
  constructor({ ended = false } = {}) {
    this.to = dayBefore(dayIn(clock.reading(), this.zone), ended ? 1 : 0);
    this.from = dayBefore(this.to, FIRST_DAYS);
  }

  get zone(): string {
    return live.scheme?.time_zone ?? 'Europe/London';
  }

  /** The query for both days whole, or null while one of them is missing. */
  get query(): string | null {
    if (!this.from || !this.to) return null;
    return new URLSearchParams({ since: zoneDay(this.from, 0, this.zone), until: zoneDay(this.to, 1, this.zone) }).toString();
  }
}
