import { describe, expect, it } from 'vitest';
import { callFor } from './actions';
import { bodyOf, emptyDraft, missing } from './state/draft';

describe('requests', () => {
  it('leaves out what was not stated', () => {
    expect(callFor({ do: 'answer', incident: 'inc_1', answer: 'yes', eta_min: null, reason: '' })).toEqual({ path: '/incidents/inc_1/requests/answer', body: { answer: 'yes' } });
    expect(callFor({ do: 'person', incident: 'i', person: { person: 1, disposal: 'x', conveyed_by: null, destination: '', custody: false, s136: false } })?.body).toEqual({ person: 1, disposal: 'x', custody: false, s136: false });
  });

  it('keeps ids from breaking out of the path', () => {
    expect(callFor({ do: 'share', incident: '../units/u' })?.path).toBe('/incidents/..%2Funits%2Fu/share');
  });

  it('asks nothing of the server for what only changes the screen', () => {
    expect(callFor({ do: 'go', incident: 'i' })).toBeNull();
  });
});

describe('draft of a new incident', () => {
  it('is saved with a type and a place alone', () => {
    expect(missing({ ...emptyDraft(), type: 'fight' })).toBe('Say where.');
    const draft = { ...emptyDraft(), type: 'fight', place: ' High Street ' };
    expect(missing(draft)).toBe('');
    expect(bodyOf(draft)).toEqual({ type: 'fight', place: { text: 'High Street' }, flags: [], hazards: [] });
  });
});
