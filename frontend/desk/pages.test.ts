import { describe, expect, it } from 'vitest';
import { pagesOf } from './pages';
import type { RoleRow } from './types';

const role = (name: string, ...about: string[]): RoleRow =>
  ({ role: name, words: '', agency: null, purpose: '', own: true, grants: {}, reach: about.map((one) => ({ about: one, because: '' })), commands: [] });
const ids = (one: RoleRow | undefined): string[] => pagesOf(one).map((page) => page.id);

describe('pages of a role', () => {
  it('follow what it has to do with', () => {
    expect(ids(role('performance_analyst', 'coded incident', 'figures'))).toEqual(['figures', 'coded', 'access']);
    expect(ids(role('privacy_officer', 'incident', 'figures', 'crossing', 'retention'))).toEqual(['review', 'log', 'crossed', 'retention', 'figures', 'access']);
    expect(ids(role('specials_coordinator', 'duty'))).toEqual(['duties', 'access']);
  });
  it('let the administrator look after accounts and nobody else', () => {
    expect(ids(role('system_administrator'))).toEqual(['accounts', 'tablets', 'access']);
    expect(ids(role('inspector', 'figures'))).not.toContain('accounts');
  });
  it('let supervisors pair a tablet', () => {
    expect(ids(role('duty_supervisor'))).toEqual(['tablets', 'access']);
    expect(ids(role('inspector'))).not.toContain('tablets');
  });
  it('show everybody who can see what', () => expect(ids(undefined)).toEqual(['access']));
});
