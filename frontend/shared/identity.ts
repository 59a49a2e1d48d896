/** Signing in step by step, and what somebody does with their own account. */

import { command, get, post } from './api';
import { makePasskey, usePasskey, type Challenge } from './passkeys';
import type { Viewer } from './types';

export interface Job {
  agency: 'police' | 'ambulance';
  role: string;
}

/** Somebody is signed in, or has several jobs and a ticket to choose one with. */
export interface Entered {
  viewer: Viewer | null;
  ticket: string | null;
  jobs: Job[];
}

export interface Tablet {
  vehicle_id: string;
  label: string;
  crew: { person: string; name: string; role: string }[];
}

export interface Setup {
  ticket: string;
  name: string;
  full_name: string;
}

export interface AppSecret {
  ticket: string;
  secret: string;
  address: string;
}

interface SessionRow {
  id: string;
  here: boolean;
  agency: 'police' | 'ambulance';
  role: string;
  method: string;
  client: string;
  tablet: boolean;
  started_at: string;
  seen_at: string;
  expires_at: string;
}

interface Proof {
  id: string;
  kind: string;
  label: string;
  created_at: string;
  used_at: string | null;
}

export interface OwnAccount {
  name: string;
  full_name: string;
  fresh: boolean;
  sessions: SessionRow[];
  proofs: Proof[];
}

/** Thrown when a person closed the browser's passkey window. */
export class TurnedAway extends Error {}

export async function withPassword(name: string, password: string, code: string): Promise<Entered> {
  const { ticket } = await post<{ ticket: string }>('/session/password', { name, password });
  return post<Entered>('/session/code', { ticket, code });
}

export async function withPasskey(): Promise<Entered> {
  const asked = await post<Challenge>('/session/passkey/options', {});
  const credential = await usePasskey(asked);
  if (!credential) throw new TurnedAway();
  return post<Entered>('/session/passkey', { ticket: asked.ticket, credential });
}

/** Where the browser goes to sign in with its own service; what comes back works in this browser only. */
export async function wayToDirectory(agency: string): Promise<string> {
  return (await post<{ address: string }>(`/session/directory/${encodeURIComponent(agency)}`, {})).address;
}

export function withJob(ticket: string, job: Job): Promise<Entered> {
  return post<Entered>('/session/job', { ticket, agency: job.agency, role: job.role });
}

export function beginSetup(name: string, secret: string): Promise<Setup> {
  return post<Setup>('/session/setup', { name, secret });
}

export function choosePassword(ticket: string, password: string): Promise<AppSecret> {
  return post<AppSecret>('/session/setup/password', { ticket, password });
}

export function confirmCode(ticket: string, code: string): Promise<Entered> {
  return post<Entered>('/session/setup/code', { ticket, code });
}

export async function setUpPasskey(ticket: string, label: string): Promise<Entered> {
  const asked = await post<Challenge>('/session/setup/passkey/options', { ticket });
  const credential = await makePasskey(asked);
  if (!credential) throw new TurnedAway();
  return post<Entered>('/session/setup/passkey', { ticket: asked.ticket, label, credential });
}

export async function tabletHere(): Promise<Tablet | null> {
  return (await get<{ tablet: Tablet | null }>('/session/tablet')).tablet;
}

export async function pairTablet(code: string): Promise<Tablet | null> {
  return (await post<{ tablet: Tablet | null }>('/session/tablet', { code })).tablet;
}

export function withPin(person: string, pin: string): Promise<Entered> {
  return post<Entered>('/session/pin', { person, pin });
}

export function ownAccount(): Promise<OwnAccount> {
  return get<OwnAccount>('/account');
}

export async function endSession(id: string): Promise<void> {
  await command(`/account/sessions/${id}/end`);
}

export async function endOthers(): Promise<void> {
  await command('/account/sessions/end-others');
}

export async function changePassword(present: string, wanted: string): Promise<void> {
  await command('/account/password', { present, wanted });
}

export async function addPasskey(label: string): Promise<void> {
  const asked = (await command('/account/passkeys/options')) as unknown as Challenge;
  const credential = await makePasskey(asked);
  if (!credential) throw new TurnedAway();
  await command('/account/passkeys', { ticket: asked.ticket, label, credential });
}

export async function removePasskey(id: string): Promise<void> {
  await command(`/account/passkeys/${id}/remove`);
}

export async function setPin(pin: string): Promise<void> {
  await command('/account/pin', { pin });
}
