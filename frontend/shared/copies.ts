/** The copy of a job that a crew's device keeps, so that the page can be opened without a link: its name, and its end. */

export const COPIES = 'jru-copies';

let forgotten = 0;

/** How often copies were forgotten: one that was begun before is not written after. */
export function timesForgotten(): number {
  return forgotten;
}

/** Forget it with its key: the session is over, somebody else signs in, or the shift has ended. */
export function forgetCopies(): Promise<void> {
  forgotten += 1;
  return new Promise<void>((done, failed) => {
    const asked = indexedDB.deleteDatabase(COPIES);
    // Another page of this browser lets go of it in a moment, and then it goes.
    asked.onsuccess = asked.onblocked = () => done();
    asked.onerror = () => failed(asked.error);
  }).catch(() => undefined); // a browser that keeps nothing has nothing to forget
}
