/** Return a wait somewhere in the second half of `ms`: devices that lost the server together do not come back together. */
export function spread(ms: number): number {
  return ms * (0.5 + Math.random() / 2);
}
