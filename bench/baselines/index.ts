/** What people use today, beside which the campaigns are measured. */
import { accountThreshold } from './account-threshold.ts';
import type { Baseline } from './baseline.ts';
import { systemPopularity, templatePopularity } from './popularity.ts';
import { robustZ } from './robust-z.ts';
import { sharedAddress, sharedSubnet } from './shared-address.ts';

export const BASELINES: readonly Baseline[] = [
  accountThreshold,
  robustZ,
  sharedAddress,
  sharedSubnet,
  templatePopularity,
  systemPopularity,
];
