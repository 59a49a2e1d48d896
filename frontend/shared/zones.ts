/** Local times of a zone as moments. Pure; the browser's own zone plays no part. */

const formats = new Map<string, Intl.DateTimeFormat>();

function parts(atMs: number, zone: string): Record<string, number> {
  let format = formats.get(zone);
  if (!format) {
    format = new Intl.DateTimeFormat('en-GB', {
      timeZone: zone, hourCycle: 'h23', year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric',
    });
    formats.set(zone, format);
  }
  return Object.fromEntries(format.formatToParts(atMs).map((part) => [part.type, Number(part.value)]));
}

/** By how many milliseconds the zone is ahead of UTC at a moment. */
function ahead(atMs: number, zone: string): number {
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts(atMs, zone);
  return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(atMs / 1000) * 1000;
}

/** The moment at which the zone's clock shows `time`, `days` after the local day of `nowMs`; in milliseconds. */
export function zoneTime(nowMs: number, days: number, time: { hour: number; minute: number }, zone: string): number {
  const { year = 0, month = 1, day = 1 } = parts(nowMs, zone);
  const shown = Date.UTC(year, month - 1, day + days, time.hour, time.minute);
  const guess = shown - ahead(shown, zone);
  return shown - ahead(guess, zone);
}
