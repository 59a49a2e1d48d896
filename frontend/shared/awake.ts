/** Keeps the screen of the device lit while it is wanted, as far as the device can. */

let wanted = false;
let held: WakeLockSentinel | null = null;

export function keepAwake(want: boolean): void {
  wanted = want;
  void settle();
}

async function settle(): Promise<void> {
  if (!wanted || document.visibilityState !== 'visible') {
    await held?.release();
    held = null;
  } else if (!held || held.released) {
    // Refused on an empty battery, absent in older browsers: the screen then goes dark as it always did.
    held = (await navigator.wakeLock?.request('screen').catch(() => null)) ?? null;
    if (!wanted) return settle();
  }
}

// A browser takes the lock away when its page is not seen.
if (typeof document !== 'undefined') document.addEventListener('visibilitychange', () => void settle());
