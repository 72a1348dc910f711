import type { OperatorSettings } from '../operator/settings.ts';
import type { Adversary } from './adversary.ts';

/**
 * Unique residential exits, cards and addresses of one's own, the clients that everybody uses. What remains is common
 * birth (refills of lost accounts too), one scheduler, and what they ask.
 */
export const CAREFUL: Partial<OperatorSettings> = {
  accountsPerSubnet: 0,
  accountsPerCard: 1,
  virtualShare: 0.12,
  emailShapes: 0,
  disposableShare: 0,
  phonePrefixes: 0,
  programmeShare: 0.03,
  clientBuilds: 0,
  ownSystem: false,
  attrition: 0.01,
  refillRuns: true,
};

export const careful: Adversary = {
  id: 'A7',
  title: 'Careful infrastructure',
  accounts: 5000,
  ratePerDay: 25,
  days: 30,
  settings: CAREFUL,
};

/** The same, with jobs that wait up to four hours and accounts that carry unequal loads. */
export const carefulUneven: Adversary = {
  id: 'A8',
  title: 'Careful infrastructure, jitter, unequal load',
  accounts: 5000,
  ratePerDay: 25,
  days: 30,
  settings: { ...CAREFUL, jitterHours: 4, dispatch: 'weighted', allocationSigma: 1.2 },
};

/** The same, with every prompt rewritten; the answers still have to fit one schema. */
export const carefulParaphrased: Adversary = {
  id: 'A9',
  title: 'Careful infrastructure, every prompt paraphrased',
  accounts: 5000,
  ratePerDay: 25,
  days: 30,
  settings: { ...CAREFUL, paraphrased: 1, contracts: 1 },
};
