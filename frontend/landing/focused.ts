/** Give the focus to what takes the place of the button that was pressed. */
export function focused(node: HTMLElement): void {
  node.focus();
}
