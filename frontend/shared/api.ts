/** The one door to the server: reading, commands with an idempotency key, and errors in words. */

import type { Told } from './types';

export const ROOT = '/api/v1';
const TIMEOUT_MS = 15_000;
/** The slowest line that is waited for, in bytes a second; the server gives a body the same time. */
const SLOWEST = 17_000;
/** What stands before our server says this in words of its own, and means what is sent. */
const TOO_LARGE = 413;
/** A request that leaves later than this after the last touch is the screen's own: it keeps no session open. */
const ATTENDED_MS = 60_000;

let touchedAt = performance.now();
if (typeof document !== 'undefined') {
  for (const kind of ['pointerdown', 'keydown', 'input']) {
    document.addEventListener(kind, touched, { capture: true, passive: true });
  }
}

/** Somebody is at the screen. */
export function touched(): void {
  touchedAt = performance.now();
}

/** What the server (or the lack of one) said, as words for a person. */
export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    readonly words: string,
    readonly remedy: string | null,
    readonly body: Record<string, unknown> = {},
  ) {
    super(remedy ? `${words} ${remedy}` : words);
  }

  /** True when the same command may be sent again with the same key: nothing is known to have failed. */
  get retryable(): boolean {
    return this.status === 0 || this.status >= 500 || this.status === 429 || this.status === 408;
  }
}

export function newKey(): string {
  return crypto.randomUUID();
}

export async function get<T>(path: string): Promise<T> {
  return (await call('GET', path)) as T;
}

/** Send one command; `key` makes a repeated send harmless, `owner` has it refused when somebody else is signed in now. */
export async function command(path: string, body: unknown = {}, key: string = newKey(), owner = ''): Promise<Told> {
  return (await call('POST', path, body, { 'Idempotency-Key': key, ...(owner && { 'JRU-Outbox': owner }) })) as Told;
}

/**
 * Send many commands in one request. Each is answered as if it had come alone; those behind one that cannot be taken now
 * are not tried, and have no answer.
 */
export async function commands(taps: { key: string; path: string; body: unknown }[], owner: string): Promise<(Told | Problem | undefined)[]> {
  const sent = { taps: taps.map(({ key, path, body }) => ({ key, path, body })) };
  const { answers } = (await call('POST', '/outbox', sent, { 'Idempotency-Key': newKey(), 'JRU-Outbox': owner })) as {
    answers: { key: string; status: number; answer: unknown }[];
  };
  const found = new Map(answers.map((one) => [one.key, one]));
  return taps.map(({ key }) => {
    const one = found.get(key);
    return one && (one.status < 300 ? (one.answer as Told) : asProblem(one.status, one.answer));
  });
}

export async function post<T>(path: string, body: unknown): Promise<T> {
  return (await call('POST', path, body)) as T;
}

export async function remove(path: string): Promise<void> {
  await call('DELETE', path);
}

async function call(
  method: string,
  path: string,
  body?: unknown,
  extra: Record<string, string> = {},
): Promise<unknown> {
  const headers: Record<string, string> = { Accept: 'application/json', ...extra };
  if (method !== 'GET') headers['X-Requested-With'] = 'jru';
  if (performance.now() - touchedAt > ATTENDED_MS) headers['X-Jru-Unattended'] = '1';
  const sent = body === undefined ? '' : JSON.stringify(body);
  const patience = TIMEOUT_MS + Math.round((sent.length / SLOWEST) * 1000);
  const request: RequestInit = { method, headers, credentials: 'same-origin', signal: AbortSignal.timeout(patience) };
  if (sent) {
    headers['Content-Type'] = 'application/json';
    request.body = sent;
  }
  let response: Response;
  try {
    response = await fetch(ROOT + path, request);
  } catch {
    throw noLink();
  }
  const answer = await parsed(response);
  // Our server answers in JSON. A page of words is somebody else's: the sign-in of a guest network answers for every host.
  if (answer === undefined && response.status < 500 && response.status !== TOO_LARGE) throw noLink();
  if (!response.ok) throw asProblem(response.status, answer);
  return answer;
}

function noLink(): Problem {
  return new Problem(0, 'no_link', 'The server did not answer.', 'What you typed is kept. Try again when the link is back.');
}

async function parsed(response: Response): Promise<unknown> {
  if (response.status === 204) return null;
  try {
    return await response.json();
  } catch {
    return undefined;
  }
}

/** Turn a problem document into one sentence, the most exact field first. */
export function asProblem(status: number, body: unknown): Problem {
  const data = (body ?? {}) as Record<string, unknown>;
  const text = (name: string): string | null => (typeof data[name] === 'string' ? (data[name] as string) : null);
  const fields = Array.isArray(data.problems) ? (data.problems as { path: string; message: string }[]) : [];
  const listed = fields.map((field) => `${field.path}: ${field.message}`).join('; ');
  const words = text('reason') ?? (listed || null) ?? text('detail') ?? text('title') ?? `The server refused this (${status}).`;
  return new Problem(status, text('code') ?? 'unknown', full(words), text('remedy'), data);
}

function full(sentence: string): string {
  return /[.!?]$/.test(sentence) ? sentence : `${sentence}.`;
}
