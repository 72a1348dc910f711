import type { Baseline } from './baseline.ts';

/** Exchanges of an account in a day. */
export const accountThreshold: Baseline = {
  id: 'account-threshold',
  title: 'exchanges per account and day',
  unit: 'exchanges',
  usual: 1000,
  usualFrom: 'a round daily quota',
  levels: ({ perDay }) =>
    [...perDay].flatMap(([account, days]) => [...days].map(([day, value]) => ({ account, day, value, group: 'all' }))),
};
