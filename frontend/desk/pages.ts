/** Which pages there are, and which of them a role may use. Pure: the label table decides, not a list kept here. */

import type { RoleRow } from './types';

export type PageId = 'review' | 'log' | 'crossed' | 'retention' | 'duties' | 'vehicles' | 'figures' | 'coded' | 'accounts' | 'tablets' | 'access';

export interface Page {
  id: PageId;
  words: string;
  /** The kind of record that a role must have to do with; null: everybody. */
  about: string | null;
  roles?: string[];
}

export const PAGES: Page[] = [
  { id: 'review', words: 'Restricted fields', about: 'crossing' },
  { id: 'log', words: 'Who looked', about: 'crossing' },
  { id: 'crossed', words: 'What crossed', about: 'crossing' },
  { id: 'retention', words: 'Retention due', about: 'retention' },
  { id: 'duties', words: 'Duties', about: 'duty' },
  { id: 'vehicles', words: 'Vehicles', about: 'vehicle' },
  { id: 'figures', words: 'Figures', about: 'figures' },
  { id: 'coded', words: 'Coded incidents', about: 'coded incident' },
  { id: 'accounts', words: 'Accounts', about: null, roles: ['system_administrator'] },
  { id: 'tablets', words: 'Tablets', about: null, roles: ['system_administrator', 'duty_supervisor'] },
  { id: 'access', words: 'Who can see what', about: null },
];

/** The pages of one role, in their order. */
export function pagesOf(own: RoleRow | undefined): Page[] {
  const about = new Set(own?.reach.map((one) => one.about));
  return PAGES.filter((page) => (page.about === null || about.has(page.about)) && (!page.roles || page.roles.includes(own?.role ?? '')));
}
