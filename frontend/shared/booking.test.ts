import { describe, expect, it } from 'vitest';
import type { Scheme, SeatRule } from '$shared/types';
import { bookingBody, dutyOf, emptyBooking, lacking, seatDraft, withVehicle, type Booking } from './booking';

const driver: SeatRule = { seat: 'police_driver', agency: 'police', roles: ['constable', 'special_constable'], qualifications: ['jru_course'] };
const medic: SeatRule = { seat: 'paramedic', agency: 'ambulance', roles: ['paramedic'], qualifications: [] };
const scheme = {
  vehicles: [{ id: 'JR02', call_sign: 'JR02', base: 'north' }],
  districts: [
    { id: 'medway', base: 'south', crew_rule: 'pair', duty: { start: '17:00', end: '01:00' } },
    { id: 'dartford', base: 'north', crew_rule: 'pair', duty: { start: '18:00', end: '02:00' } },
  ],
  crew_rules: { pair: [driver, medic] },
} as unknown as Scheme;
const named: Booking = {
  ...withVehicle(emptyBooking(), 'JR02', scheme),
  seats: { police_driver: { role: 'special_constable', name: ' Example One ', held: ['jru_course', 'left_over'] } },
};

describe('a crew that is booked on', () => {
  it('takes call sign, district and hours from the vehicle', () => {
    expect(named).toMatchObject({ call_sign: 'JR02', district: 'dartford', start: '18:00', end: '02:00' });
  });

  it('sends only the seats that have a name, with what they hold', () => {
    const duty = { start: Date.UTC(2019, 7, 16, 17), end: Date.UTC(2019, 7, 17, 1) };
    expect(bookingBody(named, scheme, duty)).toEqual({
      call_sign: 'JR02', vehicle_id: 'JR02', district: 'dartford', duty_start: '2019-08-16T17:00:00.000Z', duty_end: '2019-08-17T01:00:00.000Z',
      seats: [{ seat: 'police_driver', agency: 'police', role: 'special_constable', name: 'Example One', qualifications: ['jru_course'] }],
    });
  });

  it('says what is missing', () => {
    expect(lacking(emptyBooking(), scheme)).toBe('Choose a vehicle.');
    expect(lacking({ ...named, start: '25:00' }, scheme)).toMatch(/18:00/);
    expect(lacking({ ...named, seats: {} }, scheme)).toMatch(/at least one/);
    expect(lacking(named, scheme)).toBe('');
  });

  it('offers no role that the seat does not take', () => {
    expect(seatDraft({ ...named, seats: { paramedic: { role: 'constable', name: '', held: [] } } }, medic).role).toBe('paramedic');
  });
});

describe('duty times', () => {
  const duty = (nowUtc: string, start = '18:00', end = '02:00'): string[] => {
    const found = dutyOf({ ...named, start, end }, 'Europe/London', Date.parse(nowUtc));
    return found ? [found.start, found.end].map((at) => new Date(at).toISOString().slice(5, 16)) : [];
  };

  it.each([
    ['2019-08-16T16:50:00Z', ['08-16T17:00', '08-17T01:00']],
    ['2019-08-16T22:41:00Z', ['08-16T17:00', '08-17T01:00']],
    ['2019-08-17T00:10:00Z', ['08-16T17:00', '08-17T01:00']],
    ['2019-01-16T12:00:00Z', ['01-16T18:00', '01-17T02:00']],
    ['2019-10-26T20:00:00Z', ['10-26T17:00', '10-27T02:00']],
  ])('at %s the nearest start is taken', (now, expected) => expect(duty(now)).toEqual(expected));

  it('takes a duty within one day', () => expect(duty('2019-08-16T08:00:00Z', '0900', '17:00')).toEqual(['08-16T08:00', '08-16T16:00']));
});
