/** The lowest number from 1 that nobody has: a person's number on an incident says who, not how many there are. */
export function freeNumber(taken: Iterable<number>): number {
  const held = new Set(taken);
  let number = 1;
  while (held.has(number)) number += 1;
  return number;
}
