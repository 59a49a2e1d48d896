/** The words on every screen, page and file while nothing on it is real. Pure. */

export interface Unreal {
  synthetic: boolean;
  exercise: boolean;
}

/** "SYNTHETIC", "SYNTHETIC EXERCISE", or nothing for what is real. */
export function marking(of: Unreal): string {
  return [of.synthetic && 'SYNTHETIC', of.exercise && 'EXERCISE'].filter(Boolean).join(' ');
}

/** How the name of a file with such content begins. */
export function filePrefix(of: Unreal): string {
  const words = marking(of);
  return words ? `${words.replaceAll(' ', '-')}-` : '';
}
