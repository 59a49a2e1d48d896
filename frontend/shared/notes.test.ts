import { describe, expect, it } from 'vitest';
import { noteReaders } from './notes';
import type { Viewer } from './types';

const viewer = (agency: string, notes?: string[]): Viewer => ({ agency, notes }) as unknown as Viewer;

describe('who may read a note', () => {
  it('offers what the server says and nothing else', () => {
    expect(noteReaders(viewer('police', ['operational', 'identity'])).map((one) => one.id)).toEqual(['operational', 'identity']);
    expect(noteReaders(viewer('ambulance', ['operational', 'clinical', 'identity'])).map((one) => one.edge)).toEqual(['both', 'ambulance', 'ambulance']);
  });
  it('offers what both services read where the server said nothing', () => expect(noteReaders(viewer('police')).map((one) => one.id)).toEqual(['operational']));
});
