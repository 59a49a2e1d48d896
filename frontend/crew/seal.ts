/** How a device keeps what only one person may read: sealed, and bound to that person and to what it is. */

import { get } from '$shared/api';

/** Whose it is (the server and the person, joined by a point), and the key that opens it. */
export interface Opened {
  owner: string;
  key: CryptoKey;
}

export interface Sealed {
  iv: Uint8Array<ArrayBuffer>;
  bytes: ArrayBuffer;
}

const CIPHER = 'AES-GCM';
const IV_BYTES = 12;

/** Ask the server for the key of whoever is signed in; no script can read it out of what is returned. */
export async function unlocked(): Promise<Opened> {
  const { owner, key } = await get<{ owner: string; key: string }>('/outbox-key');
  const raw = Uint8Array.from(atob(key), (char) => char.charCodeAt(0));
  return { owner, key: await crypto.subtle.importKey('raw', raw, CIPHER, false, ['encrypt', 'decrypt']) };
}

export async function sealed(opened: Opened, name: string, what: unknown): Promise<Sealed> {
  const iv = crypto.getRandomValues(new Uint8Array(IV_BYTES));
  const said = new TextEncoder().encode(JSON.stringify(what));
  return { iv, bytes: await crypto.subtle.encrypt({ name: CIPHER, iv, additionalData: bound(opened, name) }, opened.key, said) };
}

/** Rejects when it is not this person's, not what it is said to be, or was changed. */
export async function unsealed<T>(opened: Opened, name: string, { iv, bytes }: Sealed): Promise<T> {
  const said = await crypto.subtle.decrypt({ name: CIPHER, iv, additionalData: bound(opened, name) }, opened.key, bytes);
  return JSON.parse(new TextDecoder().decode(said)) as T;
}

function bound(opened: Opened, name: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(`${opened.owner} ${name}`);
}
