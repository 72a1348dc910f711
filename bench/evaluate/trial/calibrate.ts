/** The highest values that innocent accounts reach, rule by rule, in a world with nobody hostile. */
import { Simulation } from '../../../cli/simulate/world.ts';
import { timeMs } from '../../../core/records/time.ts';
import { type Baseline, highest, thresholdFor } from '../../baselines/baseline.ts';
import { BASELINES } from '../../baselines/index.ts';
import { Tally } from '../../baselines/tally.ts';
import type { Case } from './case.ts';
import type { Thresholds } from './trial.ts';

/** More than are ever allowed to be accused in one world. */
const KEPT = 100;
/** Innocent accounts accused a week, of all. */
const ALLOWED = 1 / 1000;

export interface Quiet {
  /** Accounts times weeks. */
  accountWeeks: number;
  /** Largest first, per rule. */
  values: Record<string, number[]>;
}

export function runCalibration(one: Case, seed: string): Quiet {
  const simulation = new Simulation(one.world(seed));
  const { start, days, benign } = simulation.world;
  const tally = new Tally(Date.parse(start));
  for (const record of simulation.records()) if (record.type === 'usage') tally.add(record, timeMs(record.time));
  return {
    accountWeeks: (benign.accounts * days) / 7,
    values: Object.fromEntries(BASELINES.map((rule) => [rule.id, highest(rule.levels(tally)).slice(0, KEPT)])),
  };
}

export function thresholdsFrom(worlds: readonly Quiet[], rules: readonly Baseline[] = BASELINES): Thresholds {
  const allowed = Math.floor(ALLOWED * worlds.reduce((total, { accountWeeks }) => total + accountWeeks, 0));
  return Object.fromEntries(
    rules.map(({ id, usual }) => {
      const values = worlds.flatMap((world) => world.values[id] ?? []);
      return [id, { usual, set: thresholdFor(values, allowed) }];
    }),
  );
}
