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

export function unitPins(units: Iterable<UnitRow>, scheme: Scheme | null, nowMs: number): Pin[] {
  return [...units].flatMap((unit): Pin[] => {
    if (!unit.position) return [];
    const stale = isStale(unit, scheme, nowMs);
    const look = `unit${stale ? ' stale' : ''}${unit.emergency ? ' trouble' : ''}`;
    return [{
      key: unit.id,
      lon: unit.position.lon,
      lat: unit.position.lat,
      text: unit.call_sign,
      words: `Unit ${unit.call_sign}, ${unit.word}${stale ? ', position is old' : ''}`,
      look,
      opens: unit.incident_id ?? unit.offer?.incident_id ?? null,
    }];
  });
}

export function incidentPins(rows: Iterable<IncidentRow>, inHand: string | null): Pin[] {
  return [...rows].flatMap((row): Pin[] => {
    if (row.phase === 'closed' || row.place?.lon == null || row.place.lat == null) return [];
    const holds = row.suitability.verdict === 'hold';
    return [{
      key: row.id,
      lon: row.place.lon,
      lat: row.place.lat,
      text: row.number,
      words: `Incident ${row.number}, ${typeName(row)}, ${placeText(row)}`,
      look: `incident ${row.phase}${row.id === inHand ? ' held' : ''}${holds ? ' hazard' : ''} ${row.joint ? 'joint' : row.owner}`,
      opens: row.id,
    }];
  });
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
