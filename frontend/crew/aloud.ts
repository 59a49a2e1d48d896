/** Reads words aloud with a voice of the device itself: words of a job go to nobody's server. */

import type { IncidentRow } from '$shared/types';
import { placeText, shortTime, typeName } from '$shared/words';
import { holds } from './job';

type Voice = Pick<SpeechSynthesisVoice, 'localService' | 'lang'>;

/** The device's own English voice, a British one first; undefined when it has none. */
export function ownVoice<T extends Voice>(voices: T[]): T | undefined {
  const own = voices.filter((voice) => voice.localService && voice.lang.toLowerCase().startsWith('en'));
  return own.find((voice) => voice.lang.toLowerCase().replace('_', '-') === 'en-gb') ?? own[0];
}

/** What a driver has to hear: whether to wait, each hazard, what and where. */
export function spoken(row: IncidentRow, zone: string | undefined): string {
  const open = row.hazards.filter((hazard) => !hazard.cleared_at);
  const hold = holds(row) ? [`Hold at ${row.rvp?.name ?? 'the rendezvous point'} until police record the scene safe`] : [];
  const hazards = open.map((hazard) => `${hazard.name}${hazard.note ? `: ${hazard.note}` : ''}, ${shortTime(hazard.at, zone)}, ${hazard.by}`);
  return [...hold, ...(hazards.length ? hazards : ['No hazard is known']), typeName(row), placeText(row)].map((words) => `${words}.`).join(' ');
}

/** Say it, in place of what is being said. */
export function say(words: string): void {
  const voice = ownVoice(speechSynthesis.getVoices());
  if (!voice) return;
  speechSynthesis.cancel();
  const saying = new SpeechSynthesisUtterance(words);
  [saying.voice, saying.lang] = [voice, voice.lang];
  speechSynthesis.speak(saying);
}

/** Call `told` with whether the device can speak, now and when its voices have come; returns the way to stop. */
export function whenItCanSpeak(told: (can: boolean) => void): () => void {
  if (!('speechSynthesis' in window)) return () => undefined;
  const look = (): void => told(ownVoice(speechSynthesis.getVoices()) !== undefined);
  look();
  speechSynthesis.addEventListener('voiceschanged', look);
  return () => speechSynthesis.removeEventListener('voiceschanged', look);
}
