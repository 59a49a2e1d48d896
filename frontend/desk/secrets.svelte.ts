/** Secrets that the server tells once: each stays on the screen until somebody says that it was passed on. */

interface Secret {
  what: string;
  secret: string;
}

export class Secrets {
  held = $state.raw<Secret[]>([]);

  keep(what: string, secret: string): void {
    this.held = [...this.held, { what, secret }];
  }

  drop(one: Secret): void {
    this.held = this.held.filter((other) => other !== one);
  }
}
