/** Three tones that cannot be taken for each other: offer, overdue, emergency. */

export type Tone = 'offer' | 'overdue' | 'emergency';

/** Frequency in hertz, start and length in seconds. */
const SCORES: Record<Tone, [number, number, number][]> = {
  offer: [[660, 0, 0.12], [880, 0.14, 0.16]],
  overdue: [[440, 0, 0.18], [440, 0.3, 0.18]],
  emergency: [[980, 0, 0.2], [740, 0.22, 0.2], [980, 0.44, 0.2], [740, 0.66, 0.2]],
};

class Sound {
  /** A browser keeps a page silent until somebody has pressed a key or clicked in it. */
  muted = $state(true);
  /** This device cannot play tones at all. */
  missing = $state(false);
  #context: AudioContext | null = null;

  /** Find out whether tones would be heard, and take the first key or click as leave to play them. */
  watch(): () => void {
    const wake = (): void => void this.#wake();
    if (navigator.userActivation?.hasBeenActive) wake();
    window.addEventListener('keydown', wake, true);
    window.addEventListener('pointerdown', wake, true);
    return () => {
      window.removeEventListener('keydown', wake, true);
      window.removeEventListener('pointerdown', wake, true);
    };
  }

  play(tone: Tone): void {
    try {
      this.#context ??= new AudioContext();
      if (this.#context.state !== 'running') return void this.#wake();
      const start = this.#context.currentTime + 0.02;
      for (const [frequency, at, lasts] of SCORES[tone]) note(this.#context, frequency, start + at, lasts);
    } catch {
      // A device without sound shows the same facts on the screen, and the settings say so.
      this.missing = true;
    }
  }

  async #wake(): Promise<void> {
    try {
      this.#context ??= new AudioContext();
      await this.#context.resume();
      this.muted = this.#context.state !== 'running';
    } catch {
      this.missing = true;
    }
  }
}

export const sound = new Sound();

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
