/** What every screen of a room does while it is open: the live link, keys, tones, and the end of what was opened. */

import { onMount } from 'svelte';
import { clock } from '$shared/clock.svelte';
import { live } from '$shared/live.svelte';
import { CONSOLE, notices } from '$shared/notices.svelte';
import { prefs } from '$shared/prefs.svelte';
import { whoAmI } from '$shared/session';
import { sound } from '$shared/sound.svelte';
import type { Change, UnitRow } from '$shared/types';
import { pastedOutside, press } from './keys';
import { overdueCount } from './lists/order';
import { presence } from './presence.svelte';
import { desk } from './state/desk.svelte';

const JUST_NOW_MS = 4000;

class Room {
  failed = $state('');
  readonly overdue: number = $derived(overdueCount(live.incidents.values(), live.units.values(), clock.now, live.viewer?.agency));
  readonly inTrouble: UnitRow[] = $derived([...live.units.values()].filter((unit) => unit.emergency));
  readonly withheld: boolean = $derived(live.ready && (live.withheld || !!desk.full?.withheld?.length));

  readAgain(): void {
    void live.renew();
    void desk.readDetail();
  }

  async start(): Promise<void> {
    try {
      const session = await whoAmI();
      if (!session.viewer) return location.assign('/');
      prefs.belongTo(session.viewer);
      await live.open(session.viewer);
      await notices.keep();
    } catch (problem) {
      this.failed = (problem as Error).message;
    }
  }
}

export const room = new Room();

/** Run the room for as long as the component lives; called while it is set up. */
export function attend(): void {
  onMount(() => {
    prefs.open('console');
    void room.start();
    const deaf = sound.watch();
    const stop = live.heard(follow);
    const unwatched = notices.watch(CONSOLE);
    window.addEventListener('keydown', press);
    window.addEventListener('paste', pastedOutside);
    return () => {
      stop();
      deaf();
      unwatched();
      live.close();
      window.removeEventListener('keydown', press);
      window.removeEventListener('paste', pastedOutside);
    };
  });
  $effect(() => presence.follow());
  let overdueBefore = 0;
  let emergenciesBefore = 0;
  $effect(() => {
    const emergencies = room.inTrouble.length;
    if (emergencies > emergenciesBefore) sound.play('emergency');
    else if (room.overdue > overdueBefore && prefs.chosen.soundOverdue && live.ready) sound.play('overdue');
    overdueBefore = room.overdue;
    emergenciesBefore = emergencies;
  });
  // Each tick until the server agrees that the time is over: clocks differ by a moment.
  $effect(() => {
    if (desk.lapsed && clock.now && !desk.reading) void desk.readDetail();
  });
}

function follow(change: Change): void {
  desk.keepUp();
  const mine = (change.incidents ?? []).some((row) => row.id === desk.inHand);
  if (mine || (change.units ?? []).length) desk.freshen(mine);
  const since = clock.reading() - JUST_NOW_MS * Math.max(1, clock.rate);
  if (prefs.chosen.soundOffer && (change.units ?? []).some((unit) => unit.offer && Date.parse(unit.offer.made_at) > since)) sound.play('offer');
}
