/** A live stream for unit tests; the test says what comes on it. */
export class LiveSource extends EventTarget {
  static readonly CLOSED = 2;
  /** The one that was opened last. */
  static now: LiveSource;
  readyState = 1;
  constructor() {
    super();
    LiveSource.now = this;
  }
  close(): void {
    this.readyState = LiveSource.CLOSED;
  }
  say(name: string, body: object): void {
    this.dispatchEvent(new MessageEvent(name, { data: JSON.stringify(body) }));
  }
}
