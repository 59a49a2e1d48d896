/** The map's looks, from the same tokens as the rest. No glyphs, no sprites, no outside request. */

import type { ExpressionSpecification, StyleSpecification } from 'maplibre-gl';

export interface Layers {
  roads: GeoJSON.FeatureCollection;
  districts: GeoJSON.FeatureCollection;
}

/** A token as the number the map needs: it may stand for a colour of the system. */
function token(name: string): string {
  const probe = document.createElement('i');
  probe.style.color = `var(${name})`;
  document.body.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}

const byClass = (wide: number, middle: number, narrow: number): ExpressionSpecification => [
  'match',
  ['get', 'class'],
  ['motorway', 'motorway_link', 'trunk', 'trunk_link'],
  wide,
  ['primary', 'primary_link'],
  middle,
  narrow,
];

const widths: ExpressionSpecification = ['interpolate', ['linear'], ['zoom'], 8, byClass(1.2, 0.8, 0.5), 12, byClass(3, 2.2, 1.4), 15, byClass(7, 5, 3)];

export function styleOf(layers: Layers): StyleSpecification {
  const road = token('--map-road');
  return {
    version: 8,
    sources: {
      districts: { type: 'geojson', data: layers.districts },
      roads: { type: 'geojson', data: layers.roads },
    },
    layers: [
      { id: 'ground', type: 'background', paint: { 'background-color': token('--map-ground') } },
      { id: 'districts', type: 'fill', source: 'districts', paint: { 'fill-color': token('--surface'), 'fill-opacity': 0.9 } },
      {
        id: 'borders',
        type: 'line',
        source: 'districts',
        paint: { 'line-color': token('--edge'), 'line-width': 1, 'line-dasharray': [4, 3], 'line-opacity': 0.7 },
      },
      {
        id: 'roads',
        type: 'line',
        source: 'roads',
        layout: { 'line-cap': 'round', 'line-join': 'round' },
        paint: { 'line-color': road, 'line-width': widths },
      },
    ],
  };
}

/** The box around all features as [west, south, east, north], or null when there are none. */
export function boundsOf(collection: GeoJSON.FeatureCollection): [number, number, number, number] | null {
  let box: [number, number, number, number] | null = null;
  const take = (point: number[]): void => {
    const [lon = 0, lat = 0] = point;
    box = box ? [Math.min(box[0], lon), Math.min(box[1], lat), Math.max(box[2], lon), Math.max(box[3], lat)] : [lon, lat, lon, lat];
  };
  const walk = (part: unknown): void => {
    if (!Array.isArray(part)) return;
    if (typeof part[0] === 'number') take(part as number[]);
    else part.forEach(walk);
  };
  for (const feature of collection.features) if (feature.geometry && 'coordinates' in feature.geometry) walk(feature.geometry.coordinates);
  return box;
}
