/** Shows what the server tells a page that is not in front. Of a job nothing is told: the page reads it when it is opened. */

interface Told {
  kind: string;
  call_sign: string;
  silent: boolean;
}

interface Words {
  title: string;
  body: string;
  /** Whether it stays until somebody has seen to it. */
  stays: boolean;
}

interface Page {
  url: string;
  focused: boolean;
  focus(): Promise<unknown>;
}

interface Heard {
  data?: { json(): unknown } | null;
  notification: { close(): void };
  waitUntil(what: Promise<unknown>): void;
}

/** What a service worker has that a page has not: TypeScript's own types know one of the two at a time. */
interface Worker {
  registration: { scope: string; showNotification(title: string, options: object): Promise<void> };
  clients: { matchAll(options: object): Promise<Page[]>; openWindow(path: string): Promise<unknown> };
  addEventListener(kind: 'push' | 'notificationclick', listener: (event: Heard) => void): void;
}

const worker = self as unknown as Worker;
/** Which pages stand for the one that a worker opens. */
const HOMES: Record<string, string[]> = { '/crew': ['/crew'], '/console': ['/console', '/strip'] };
const BUZZ_MS = [300, 150, 300, 150, 600];
/** From a newer server: a browser wants something shown for each message. */
const UNKNOWN: Told = { kind: '', call_sign: '', silent: false };

function words({ kind, call_sign }: Told): Words {
  if (kind === 'offer') return { title: `Offer for ${call_sign}`, body: 'Open it and answer.', stays: true };
  if (kind === 'emergency') return { title: `EMERGENCY ${call_sign}`, body: 'The crew needs help now.', stays: true };
  if (kind === 'lapsed') return { title: `${call_sign} has not answered`, body: 'Your offer has lapsed.', stays: true };
  if (kind === 'ending') return { title: 'This device is soon told no more', body: 'Open the page and touch it, or sign in again.', stays: true };
  if (kind === 'trial') return { title: 'This device is told', body: 'The trial that you asked for.', stays: false };
  return { title: 'Something is new', body: 'Open the page and look.', stays: false };
}

function read(event: Heard): Told {
  try {
    return (event.data?.json() as Told | undefined) ?? UNKNOWN;
  } catch {
    return UNKNOWN;
  }
}

/** Return the page that the worker opens. */
function home(): string {
  return new URL(worker.registration.scope).pathname;
}

/** Return the open pages that the worker is for. */
async function pages(): Promise<Page[]> {
  const found = await worker.clients.matchAll({ type: 'window', includeUncontrolled: true });
  return found.filter((page) => HOMES[home()]?.includes(new URL(page.url).pathname));
}

async function tell(told: Told): Promise<void> {
  const { title, body, stays } = words(told);
  // A page in front makes its own sound, but for its own end.
  const silent = told.silent === true || (told.kind !== 'ending' && (await pages()).some((page) => page.focused));
  const tag = `${told.kind} ${told.call_sign}`;
  await worker.registration.showNotification(title, {
    body,
    tag,
    renotify: !silent,
    requireInteraction: stays,
    silent,
    ...(silent ? {} : { vibrate: BUZZ_MS }),
  });
}

/** Bring the page to the front, or open it. */
async function show(): Promise<void> {
  const [open] = await pages();
  await (open ? open.focus() : worker.clients.openWindow(home()));
}

worker.addEventListener('push', (event) => event.waitUntil(tell(read(event))));
worker.addEventListener('notificationclick', (event) => {
  event.notification.close();
  event.waitUntil(show());
});
