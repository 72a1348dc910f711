import type { Baseline } from './baseline.ts';
import { popularity } from './popularity.ts';

/** Accounts on one address; addresses that share an account make one group. */
export const sharedAddress: Baseline = {
  id: 'shared-address',
  title: 'accounts on one address, joined',
  unit: 'accounts',
  usual: 10,
  usualFrom: 'ten accounts behind one address',
  joins: true,
  levels: (tally) => popularity(tally.firstUses('ip')),
};

/** The same by subnet, for pools that rotate addresses. */
export const sharedSubnet: Baseline = {
  id: 'shared-subnet',
  title: 'accounts on one subnet, joined',
  unit: 'accounts',
  usual: 10,
  usualFrom: 'ten accounts behind one subnet',
  joins: true,
  levels: (tally) => popularity(tally.firstUses('subnet')),
};
