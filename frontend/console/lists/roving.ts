/** Moving through rows with the keyboard: document order, one row at a time. */

function rows(): HTMLElement[] {
  return [...document.querySelectorAll<HTMLElement>('[data-row]')].filter((row) => row.offsetParent !== null);
}

/** Move the focus by `step` rows; starts at the row in hand. Returns false when there is no row. */
export function moveRow(step: number): boolean {
  const all = rows();
  if (!all.length) return false;
  const focused = all.indexOf(document.activeElement as HTMLElement);
  const held = all.findIndex((row) => row.getAttribute('aria-current') === 'true');
  const from = focused >= 0 ? focused : held;
  const next = from < 0 ? 0 : Math.min(all.length - 1, Math.max(0, from + step));
  const row = all[next];
  row?.focus({ preventScroll: true });
  row?.scrollIntoView({ block: 'nearest' });
  return true;
}

/** Put the focus on the first row of the next or previous list that has rows. */
export function focusSection(step: number): void {
  const sections = [...document.querySelectorAll<HTMLElement>('[data-list]')].filter((one) => one.querySelector('[data-row]'));
  if (!sections.length) return;
  const current = sections.findIndex((one) => one.contains(document.activeElement));
  const next = sections[(current + step + sections.length) % sections.length];
  next?.querySelector<HTMLElement>('[data-row]')?.focus();
}
