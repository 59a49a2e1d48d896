/** Tables as files that spreadsheets read. Pure but for `download`. */

/** A cell that begins like a formula would be run by a spreadsheet: it gets an apostrophe before it. */
function cell(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** Rows under their heads, RFC 4180; rows that are not real say so in a column of their own. */
export function csv(heads: string[], rows: string[][], marking: string): string {
  const marked = marking ? [[...heads, 'marking'], ...rows.map((row) => [...row, marking])] : [heads, ...rows];
  return marked.map((row) => row.map(cell).join(',')).join('\r\n') + '\r\n';
}

/** Hand a file to the person at this browser. */
export function download(name: string, text: string, type = 'text/csv'): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([text], { type: `${type};charset=utf-8` }));
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}
