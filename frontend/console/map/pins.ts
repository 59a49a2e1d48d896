/** What stands on the map and how it looks there: units, open incidents, sites. Pure. */

import type { IncidentRow, Scheme, UnitRow } from '$shared/types';
import { isStale, placeText, plainWords, typeName } from '$shared/words';

export interface Pin {
  key: string;
  lon: number;
  lat: number;
  text: string;
  words: string;
  look: string;
  /** Incident to open when it is pressed. */
  opens: string | null;
}

/** Keep the pin of a row as long as neither the row nor what else it shows has changed: then there is nothing to draw. */
function keeping<R extends object>(make: (row: R, shows: boolean) => Pin): (row: R, shows: boolean) => Pin {
  const known = new WeakMap<R, { shows: boolean; pin: Pin }>();
  return (row, shows) => {
    const last = known.get(row);
    if (last?.shows === shows) return last.pin;
    const pin = make(row, shows);
    known.set(row, { shows, pin });
    return pin;
  };
}

const unitPin = keeping<UnitRow>((unit, stale) => ({
  key: unit.id,
  lon: unit.position?.lon ?? 0,
  lat: unit.position?.lat ?? 0,
  text: unit.call_sign,
  words: `Unit ${unit.call_sign}, ${unit.word}${stale ? ', position is old' : ''}`,
  look: `unit${stale ? ' stale' : ''}${unit.emergency ? ' trouble' : ''}`,
  opens: unit.incident_id ?? unit.offer?.incident_id ?? null,
}));

const incidentPin = keeping<IncidentRow>((row, held) => ({
  key: row.id,
  lon: row.place?.lon ?? 0,
  lat: row.place?.lat ?? 0,
  text: row.number,
  words: `Incident ${row.number}, ${typeName(row)}, ${placeText(row)}`,
  look: `incident ${row.phase}${held ? ' held' : ''}${row.suitability.verdict === 'hold' ? ' hazard' : ''} ${row.joint ? 'joint' : row.owner}`,
  opens: row.id,
}));

export function unitPins(units: Iterable<UnitRow>, scheme: Scheme | null, nowMs: number): Pin[] {
  return [...units].filter((unit) => unit.position).map((unit) => unitPin(unit, isStale(unit, scheme, nowMs)));
}

export function incidentPins(rows: Iterable<IncidentRow>, inHand: string | null): Pin[] {
  return [...rows]
    .filter((row) => row.phase !== 'closed' && row.place?.lon != null && row.place.lat != null)
    .map((row) => incidentPin(row, row.id === inHand));
}

export function sitePins(scheme: Scheme | null): Pin[] {
  return (scheme?.sites ?? []).map((site) => ({
    key: site.id,
    lon: site.lon,
    lat: site.lat,
    text: site.name,
    words: `${plainWords(site.kind)}: ${site.name}`,
    look: `site ${site.kind}`,
    opens: null,
  }));
}
