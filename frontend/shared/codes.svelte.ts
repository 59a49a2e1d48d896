/** The words of the codes in records: the same for everybody, asked for once. */

import { get } from './api';
import type { Codes } from './parts';

class RecordCodes {
  words = $state.raw<Codes>({});
  #asked: Promise<void> | null = null;

  /** Wait until they are known. It reads nothing that changes, so that an effect which waits runs once. */
  load(): Promise<void> {
    this.#asked ??= this.#read().catch((problem: unknown) => {
      this.#asked = null;
      throw problem;
    });
    return this.#asked;
  }

  async #read(): Promise<void> {
    this.words = (await get<{ codes: Codes }>('/records/codes')).codes;
  }
}

export const codes = new RecordCodes();
