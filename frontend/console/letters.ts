/** Which letter does what: a person may exchange single letters for others. Pure. */

export type Chosen = Record<string, string>;

/** A key as a person may choose it: one letter, large or small. */
const LETTER = /^[a-z]$/i;

export const isLetter = (key: string): boolean => LETTER.test(key);

/** The letter to press for what the console calls `letter`. */
export function pressed(letter: string, chosen: Chosen): string {
  return chosen[letter] ?? letter;
}

/** What a pressed letter means; null when it was exchanged away and means nothing any more. */
export function meant(key: string, chosen: Chosen): string | null {
  const found = Object.keys(chosen).find((letter) => chosen[letter] === key);
  if (found) return found;
  return key in chosen ? null : key;
}

/** Exchange one letter. Returns the new choice, or in words why not. `letters` are all that mean something. */
export function exchange(letter: string, key: string, chosen: Chosen, letters: readonly string[]): Chosen | string {
  if (!isLetter(key)) return `“${key}” is no single letter from a to z, large or small.`;
  const taken = letters.find((one) => one !== letter && pressed(one, chosen) === key);
  if (taken) return `“${key}” is taken. Give what it does another letter first.`;
  const next = { ...chosen, [letter]: key };
  if (key === letter) delete next[letter];
  return next;
}
