/** Three tones that cannot be taken for each other: offer, overdue, emergency. */

type Tone = 'offer' | 'overdue' | 'emergency';

/** Frequency in hertz, start and length in seconds. */
const SCORES: Record<Tone, [number, number, number][]> = {
  offer: [[660, 0, 0.12], [880, 0.14, 0.16]],
  overdue: [[440, 0, 0.18], [440, 0.3, 0.18]],
  emergency: [[980, 0, 0.2], [740, 0.22, 0.2], [980, 0.44, 0.2], [740, 0.66, 0.2]],
};

let context: AudioContext | null = null;

export function play(tone: Tone): void {
  try {
    context ??= new AudioContext();
    if (context.state !== 'running') return void context.resume();
    const start = context.currentTime + 0.02;
    for (const [frequency, at, lasts] of SCORES[tone]) note(context, frequency, start + at, lasts);
  } catch {
    // A device without sound shows the same facts on the screen.
  }
}

function note(audio: AudioContext, frequency: number, at: number, lasts: number): void {
  const oscillator = audio.createOscillator();
  const gain = audio.createGain();
  oscillator.frequency.value = frequency;
  gain.gain.setValueAtTime(0.0001, at);
  gain.gain.exponentialRampToValueAtTime(0.2, at + 0.02);
  gain.gain.exponentialRampToValueAtTime(0.0001, at + lasts);
  oscillator.connect(gain).connect(audio.destination);
  oscillator.start(at);
  oscillator.stop(at + lasts + 0.02);
}
