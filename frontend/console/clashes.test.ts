import { beforeEach, describe, expect, it } from 'vitest';
import type { Version } from '$shared/versions';
import { callFor, fieldsOf, type Action } from './actions';
import { clashes } from './state/clashes.svelte';

const version = (field: string): Version => ({ field, theirs: 't', yours: 'm', base: `base-of-${field}`, agency: 'police', by: 'x', at: null });
const AMEND: Action = { do: 'amend', incident: 'i', changes: { grade: '1', type: 'fight', flags: [] }, base: { grade: 'old' } };

describe('two versions of what was sent', () => {
  beforeEach(() => {
    clashes.list = [];
  });

  it('sends mine under the base that theirs came with, and everything that nobody disputes', () => {
    clashes.keep(AMEND, [version('grade')]);
    const left = clashes.choose(clashes.list[0]!, 'grade', true);
    expect(left).toEqual({ ...AMEND, base: { grade: 'base-of-grade' } });
    expect(clashes.list).toEqual([]);
    expect(callFor(left!)?.body).toEqual({ grade: '1', type: 'fight', flags: [], base: { grade: 'base-of-grade' } });
  });

  it('asks for each field, and sends nothing of what was given up', () => {
    clashes.keep(AMEND, [version('grade'), version('type')]);
    expect(clashes.choose(clashes.list[0]!, 'grade', false)).toBeNull();
    expect(clashes.of('i')[0]?.versions.map((one) => one.field)).toEqual(['type']);
    expect(clashes.choose(clashes.list[0]!, 'type', true)).toEqual({ do: 'amend', incident: 'i', changes: { type: 'fight', flags: [] }, base: { grade: 'old', type: 'base-of-type' } });
  });

  it('leaves theirs where nothing else was sent', () => {
    clashes.keep({ do: 'break', unit: 'u', starts_at: '', minutes: null, site: '' }, [version('break')]);
    expect(clashes.of('u')).toHaveLength(1);
    expect(clashes.choose(clashes.list[0]!, 'break', false)).toBeNull();
    expect(clashes.list).toEqual([]);
  });

  it('keeps the newest words about the same thing, and what could not be sent', () => {
    clashes.keep(AMEND, [version('grade')]);
    const clash = clashes.list[0]!;
    clashes.keep({ ...AMEND, changes: { grade: '3' } }, [version('grade')]);
    expect(clashes.list.map((one) => (one.action as typeof AMEND).changes)).toEqual([{ grade: '3' }]);
    clashes.restore(clash);
    expect(clashes.list).toHaveLength(1);
    clashes.choose(clashes.list[0]!, 'grade', false);
    clashes.restore(clash);
    expect(clashes.list).toEqual([clash]);
  });

  it('knows which fields an action replaces', () => {
    expect(fieldsOf(AMEND)).toEqual(['grade', 'type', 'flags']);
    expect(fieldsOf({ do: 'cancel_break', unit: 'u' })).toEqual(['break']);
    expect(fieldsOf({ do: 'note', incident: 'i', text: '', label: 'operational' })).toEqual([]);
  });
});
