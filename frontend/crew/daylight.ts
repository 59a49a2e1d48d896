/** Whether it is day where the vehicle is: a dark screen at night does not blind, a light one by day can be read. */

import { getPosition } from 'suncalc';

/** The sun's upper edge at the horizon, with its refraction: sunrise and sunset, in degrees. */
const HORIZON = -0.27;

export function isDay(at: Date, where: { lon: number; lat: number }): boolean {
  return getPosition(at, where.lat, where.lon).altitude > HORIZON;
}
