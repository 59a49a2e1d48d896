/** A code as the app means it: apps show it in two halves, and people type the blank. Pure. */
export function plainCode(typed: string): string {
  return typed.replaceAll(/\s/g, '');
}
