import { describe, expect, it } from 'vitest';
import { filePrefix, marking } from './marking';

describe('the marking', () => {
  it('names everything that is not real', () => {
    expect(marking({ synthetic: true, exercise: false })).toBe('SYNTHETIC');
    expect(marking({ synthetic: true, exercise: true })).toBe('SYNTHETIC EXERCISE');
    expect(marking({ synthetic: false, exercise: false })).toBe('');
  });
  it('begins the names of files', () => {
    expect(filePrefix({ synthetic: true, exercise: true })).toBe('SYNTHETIC-EXERCISE-');
    expect(filePrefix({ synthetic: false, exercise: false })).toBe('');
  });
});
