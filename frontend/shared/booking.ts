/** A crew while it is being booked on: a vehicle, a district, a duty and who sits where. Pure. */

import type { Scheme, SeatRule, UnitRow } from '$shared/types';
import { zoneTime } from '$shared/zones';

export interface SeatDraft {
  role: string;
  name: string;
  held: string[];
}

export interface Booking {
  shown: boolean;
  vehicle: string;
  call_sign: string;
  district: string;
  /** Local times of the scheme as `18:00`; their days follow from now. */
  start: string;
  end: string;
  seats: Record<string, SeatDraft>;
}

export interface Duty {
  start: number;
  end: number;
}

export function emptyBooking(): Booking {
  return { shown: true, vehicle: '', call_sign: '', district: '', start: '', end: '', seats: {} };
}

/** The vehicle with what usually goes with it: its call sign, a district of its base, that district's hours. */
export function withVehicle(booking: Booking, vehicleId: string, scheme: Scheme): Booking {
  const vehicle = scheme.vehicles.find((one) => one.id === vehicleId);
  const next = { ...booking, vehicle: vehicleId, call_sign: vehicle?.call_sign ?? '' };
  const home = scheme.districts.find((one) => one.base === vehicle?.base);
  return home ? withDistrict(next, home.id, scheme) : next;
}

export function withDistrict(booking: Booking, districtId: string, scheme: Scheme): Booking {
  const duty = scheme.districts.find((one) => one.id === districtId)?.duty;
  return { ...booking, district: districtId, start: duty?.start ?? booking.start, end: duty?.end ?? booking.end };
}

export function seatsOf(booking: Booking, scheme: Scheme | null): SeatRule[] {
  const district = scheme?.districts.find((one) => one.id === booking.district);
  return district ? (scheme?.crew_rules[district.crew_rule] ?? []) : [];
}

/** What is noted of a seat so far; a role that the seat does not take falls back to the one it does. */
export function seatDraft(booking: Booking, rule: SeatRule): SeatDraft {
  const kept = booking.seats[rule.seat] ?? { role: '', name: '', held: [] };
  return { ...kept, role: rule.roles.includes(kept.role) ? kept.role : (rule.roles[0] ?? '') };
}

const HALF_DAY_MS = 12 * 3_600_000;

/** The duty in milliseconds: the start is the one nearest to now, the end the next one after it. */
export function dutyOf(booking: Booking, zone: string, nowMs: number): Duty | null {
  const start = clockTime(booking.start);
  const end = clockTime(booking.end);
  if (!start || !end) return null;
  const near = [-1, 0, 1].map((days) => zoneTime(nowMs, days, start, zone)).find((at) => Math.abs(at - nowMs) <= HALF_DAY_MS);
  const from = near ?? zoneTime(nowMs, 0, start, zone);
  const to = [0, 1].map((days) => zoneTime(from, days, end, zone)).find((at) => at > from);
  return to === undefined ? null : { start: from, end: to };
}

function clockTime(text: string): { hour: number; minute: number } | null {
  const read = /^([01]?\d|2[0-3]):?([0-5]\d)$/.exec(text.trim());
  return read ? { hour: Number(read[1]), minute: Number(read[2]) } : null;
}

/** What is still missing before the server can be asked, as one sentence, or an empty text. */
export function lacking(booking: Booking, scheme: Scheme | null): string {
  if (!booking.vehicle) return 'Choose a vehicle.';
  if (!booking.call_sign.trim()) return 'Give the unit a call sign.';
  if (!booking.district) return 'Choose a district.';
  if (!clockTime(booking.start) || !clockTime(booking.end)) return 'Give the duty times as hours and minutes, such as 18:00.';
  return aboard(booking, scheme).length ? '' : 'Name at least one person aboard.';
}

function aboard(booking: Booking, scheme: Scheme | null): (SeatRule & { draft: SeatDraft })[] {
  return seatsOf(booking, scheme)
    .map((rule) => ({ ...rule, draft: seatDraft(booking, rule) }))
    .filter((seat) => seat.draft.name.trim());
}

/** The body of `POST /units`; a seat without a name stays empty. */
export function bookingBody(booking: Booking, scheme: Scheme | null, duty: Duty): Record<string, unknown> {
  return {
    call_sign: booking.call_sign.trim(),
    vehicle_id: booking.vehicle,
    district: booking.district,
    duty_start: new Date(duty.start).toISOString(),
    duty_end: new Date(duty.end).toISOString(),
    seats: aboard(booking, scheme).map((seat) => ({
      seat: seat.seat,
      agency: seat.agency,
      role: seat.draft.role,
      name: seat.draft.name.trim(),
      qualifications: seat.draft.held.filter((code) => seat.qualifications.includes(code)),
    })),
  };
}

/** The unit that has this vehicle out, if one has. */
export function outAs(vehicleId: string, units: Iterable<UnitRow>): string | null {
  return [...units].find((unit) => unit.vehicle_id === vehicleId)?.call_sign ?? null;
}
