/**
 * Where the vehicle is, told to both rooms by the device that its crew chose for it: often on the way, seldom at a scene.
 * A position that cannot be sent is not kept: only the newest one is of use.
 */

import { command, Problem } from '$shared/api';
import { clock } from '$shared/clock.svelte';
import { onTheWay } from './job';

export interface Fix {
  timestamp: number;
  coords: { longitude: number; latitude: number; accuracy: number; speed: number | null };
}

export interface Report {
  lon: number;
  lat: number;
  accuracy_m: number;
  speed_mps: number | null;
  at: string;
}

/** What the server takes at most. */
const WORST_ACCURACY_M = 500;
const PATIENCE_MS = 10_000;
const REFUSED: Record<number, string> = {
  1: 'This device does not let the page know where it is. Allow it in the browser’s settings.',
  2: 'This device does not know where it is.',
  3: 'This device does not find where it is. It tries again.',
};

/** Seconds between two positions: on the way rooms count minutes, at a scene nothing moves and the battery lasts. */
export function paceOf(status: string, available: boolean): number {
  if (onTheWay(status)) return 5;
  return available ? 15 : 60;
}

/** Return a fix as the server takes it, or why not; its time is put on the server's clock by its age on the device's. */
export function asReport(fix: Fix, deviceNow: number, serverNow: number, rate: number): Report | string {
  const { longitude: lon, latitude: lat, accuracy, speed } = fix.coords;
  if (accuracy > WORST_ACCURACY_M) return `This device knows where it is to ${Math.round(accuracy)} m only: not sent.`;
  const age = Math.max(0, deviceNow - fix.timestamp) * rate;
  const speed_mps = speed !== null && Number.isFinite(speed) ? speed : null;
  return { lon, lat, accuracy_m: accuracy, speed_mps, at: new Date(serverNow - age).toISOString() };
}

class Whereabouts {
  /** The last position that the server took. */
  sent = $state.raw<Report | null>(null);
  /** Why the last one was not told; '' when it was. */
  wrong = $state('');
  #path = '';
  #pace = 60;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #running = false;

  /** Tell positions under this path at this pace in seconds; a quicker pace begins at once. */
  tell(path: string, pace: number): void {
    const sooner = path !== this.#path || pace < this.#pace;
    [this.#path, this.#pace] = [path, pace];
    if (sooner && !this.#running) void this.#once();
  }

  stop(): void {
    this.#path = '';
    this.sent = null;
    this.wrong = '';
    clearTimeout(this.#timer);
  }

  async #once(): Promise<void> {
    clearTimeout(this.#timer);
    const path = this.#path;
    if (!path) return;
    this.#running = true;
    try {
      const report = asReport(await fixed(this.#pace < 60), Date.now(), clock.reading(), clock.rate);
      if (path !== this.#path) return;
      if (typeof report === 'string') this.wrong = report;
      else {
        await command(path, report);
        [this.sent, this.wrong] = [report, ''];
      }
    } catch (problem) {
      this.wrong = problem instanceof Problem ? problem.words : (REFUSED[(problem as { code?: number }).code ?? 2] ?? '');
    } finally {
      this.#running = false;
      if (this.#path) this.#timer = setTimeout(() => void this.#once(), this.#path === path ? this.#pace * 1000 : 0);
    }
  }
}

function fixed(exact: boolean): Promise<Fix> {
  return new Promise((done, failed) => {
    if (!navigator.geolocation) return failed({ code: 2 });
    navigator.geolocation.getCurrentPosition(done, failed, { enableHighAccuracy: exact, maximumAge: 3_000, timeout: PATIENCE_MS });
  });
}

export const whereabouts = new Whereabouts();
