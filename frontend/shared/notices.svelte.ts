/**
 * Being told while the page is not in front: the browser's permission, its subscription, and the server's side of it.
 * The choice is the device's; the subscription is the sign-in's, so that each page load makes it anew.
 */

import { command, get, Problem } from './api';
import { prefs } from './prefs.svelte';

interface Notified {
  key: string | null;
  on: boolean;
  working: boolean;
}

/** Which service worker shows notifications of a page. */
export interface Place {
  script: string;
  scope: string;
}
export const CREW: Place = { script: '/sw.js', scope: '/crew' };
export const CONSOLE: Place = { script: '/push.js', scope: '/console' };

const PATIENCE_MS = 15_000;
const SAID_EVERY_MS = 120_000;
const UNABLE = 'This browser cannot tell you while its page is not in front. On an iPhone or iPad, add the page to the home screen and open it from there. Until then keep this page in front.';
const DENIED = 'This browser blocks notifications of this page. Allow them in its settings for this site, then press again. Until then keep this page in front.';
const UNASKED = 'Notifications were neither allowed nor blocked. Press again and choose Allow.';
const OFF = 'This installation sends no notifications. Keep this page in front.';
const NO_WORKER = 'This browser did not set notifications up. Reload the page and press again; until then keep it in front.';
const NO_SERVICE = 'The push service of this browser did not answer. Check the link and press again; until then keep this page in front.';

class Notices {
  /** The installation sends notifications to people in this role. */
  offered = $state(false);
  on = $state(false);
  /** The push services took what was sent last. */
  working = $state(true);
  busy = $state(false);
  /** Why this device is not told, and what to do; '' where nothing went wrong. */
  wrong = $state('');
  /** What the last trial came to. */
  tried = $state('');
  #place: Place = CREW;
  #saidAt = performance.now();

  /** Make the subscription anew where this device is to be told: after a load, a sign-in, a booking on. Asks nobody. */
  async keep(): Promise<void> {
    await this.#look();
    await this.#renew();
  }

  async #renew(): Promise<void> {
    if (!prefs.chosen.notices || !this.offered) return;
    if (!able()) this.#fail(UNABLE);
    else if (Notification.permission !== 'granted') this.#fail(Notification.permission === 'denied' ? DENIED : UNASKED);
    else await this.switchOn();
  }

  /** Ask for permission where need be, and have this device told. */
  async switchOn(): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    this.tried = '';
    try {
      const answer = await this.#subscribe();
      [this.on, this.working, this.wrong] = [answer.on, answer.working, ''];
      prefs.set('notices', true);
    } catch (problem) {
      this.#fail((problem as Error).message);
    } finally {
      this.busy = false;
    }
  }

  async #subscribe(): Promise<Notified> {
    if (!able()) throw new Error(UNABLE);
    const asked = await Notification.requestPermission();
    if (asked !== 'granted') throw new Error(asked === 'denied' ? DENIED : UNASKED);
    const { key } = await get<Notified>('/notifications');
    if (!key) throw new Error(OFF);
    const registration = await this.#worker();
    const made = await subscription(registration.pushManager, bytesOf(key));
    const { endpoint, keys } = made.toJSON();
    const body = { endpoint, p256dh: keys?.p256dh, auth: keys?.auth, silent: prefs.chosen.noticesSilent };
    return (await command('/notifications', body)) as unknown as Notified;
  }

  async #worker(): Promise<ServiceWorkerRegistration> {
    try {
      const registration = await navigator.serviceWorker.register(this.#place.script, { scope: this.#place.scope });
      await soon(activated(registration));
      return registration;
    } catch {
      throw new Error(NO_WORKER);
    }
  }

  /** Tell this device no more. */
  async switchOff(): Promise<void> {
    prefs.set('notices', false);
    this.tried = '';
    try {
      await command('/notifications/end');
      [this.on, this.wrong] = [false, ''];
    } catch (problem) {
      this.wrong = (problem as Error).message;
    }
  }

  /** Choose whether notifications make a sound. */
  async sound(silent: boolean): Promise<void> {
    prefs.set('noticesSilent', silent);
    if (this.on) await this.switchOn();
  }

  /** Have the server send one, so that somebody sees whether it comes. */
  async trial(): Promise<void> {
    try {
      await command('/notifications/trial');
      this.tried = 'A trial is on its way. If nothing appears within a minute, keep this page in front.';
    } catch (problem) {
      this.tried = problem instanceof Problem ? problem.message : String(problem);
    }
  }

  /** While a page is open: what it shows needs no notification, and a touch tells the server that somebody is there. */
  watch(place: Place): () => void {
    this.#place = place;
    void this.#clear();
    const end = new AbortController();
    document.addEventListener('visibilitychange', () => void this.#clear(), { signal: end.signal });
    for (const kind of ['pointerdown', 'keydown']) {
      document.addEventListener(kind, () => void this.#touched(), { signal: end.signal, passive: true });
    }
    return () => end.abort();
  }

  /** Reading is use, too: without this who only reads is signed out under their own hands. */
  async #touched(): Promise<void> {
    if (performance.now() - this.#saidAt < SAID_EVERY_MS) return;
    await this.#look();
    // The push service, or another person on this browser, may have ended it.
    if (!this.on) await this.#renew();
  }

  async #look(): Promise<void> {
    this.#saidAt = performance.now();
    const answer = await get<Notified>('/notifications').catch(() => null);
    if (answer) [this.offered, this.on, this.working] = [answer.key !== null, answer.on, answer.working];
  }

  async #clear(): Promise<void> {
    if (!able() || document.visibilityState !== 'visible') return;
    const registration = await navigator.serviceWorker.getRegistration(this.#place.scope);
    for (const shown of (await registration?.getNotifications()) ?? []) shown.close();
  }

  #fail(why: string): void {
    [this.on, this.wrong] = [false, why];
  }
}

export const notices = new Notices();

function able(): boolean {
  return 'serviceWorker' in navigator && 'PushManager' in window && 'Notification' in window;
}

/** Return the browser's subscription for a key; one that was made for another key is let go. */
async function subscription(manager: PushManager, key: Uint8Array<ArrayBuffer>): Promise<PushSubscription> {
  try {
    const held = await manager.getSubscription();
    if (held && same(held.options.applicationServerKey, key)) return held;
    await held?.unsubscribe();
    return await soon(manager.subscribe({ userVisibleOnly: true, applicationServerKey: key }));
  } catch (problem) {
    throw new Error((problem as Error).name === 'NotAllowedError' ? DENIED : NO_SERVICE);
  }
}

async function activated(registration: ServiceWorkerRegistration): Promise<void> {
  const coming = registration.installing ?? registration.waiting;
  if (registration.active || !coming) return;
  await new Promise((done) => coming.addEventListener('statechange', () => registration.active && done(null)));
}

function same(held: ArrayBuffer | null, key: Uint8Array): boolean {
  const one = new Uint8Array(held ?? new ArrayBuffer(0));
  return one.length === key.length && one.every((byte, index) => byte === key[index]);
}

export function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  const plain = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
  return Uint8Array.from(plain, (one) => one.charCodeAt(0));
}

/** Return what was promised, or fail when it does not come. */
function soon<T>(promised: Promise<T>): Promise<T> {
  const late = new Promise<never>((_, failed) => setTimeout(() => failed(new Error('too late')), PATIENCE_MS));
  return Promise.race([promised, late]);
}
