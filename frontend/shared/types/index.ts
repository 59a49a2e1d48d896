/** The shapes of `/api/v1`. Times are ISO 8601 UTC strings, ids are prefixed strings. */

export type * from './board';
export type * from './incidents';
export type * from './scheme';
export type * from './session';
export type * from './units';
