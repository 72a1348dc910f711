/** What a run does: how many seeds of each case, and how long each is expected to take. */
import { type Namespace, seedOf } from './seeds.ts';
import type { Case, Section } from './trial/case.ts';

export interface Job {
  key: string;
  caseId: string;
  seed: string;
  /** Expected, on one core, for the time left that is shown and for taking long ones first. */
  seconds: number;
}

export const TIERS = ['quick', 'full', 'long'] as const;
export type Tier = (typeof TIERS)[number];

/** The same for every plan: thresholds take part in results that are kept. */
const CALIBRATION_SEEDS = 4;

/** Seeds per case. `headline` counts the stopped trials; those read to the end come on top. */
const SEEDS: Record<Tier, Record<Section, number>> = {
  quick: {
    headline: 1,
    adversary: 2,
    consumer: 3,
    'look-alike': 1,
    null: 3,
    'large-null': 0,
    measures: 1,
    ablation: 1,
    floor: 1,
    calibration: CALIBRATION_SEEDS,
  },
  full: {
    headline: 8,
    adversary: 6,
    consumer: 20,
    'look-alike': 20,
    null: 20,
    'large-null': 10,
    measures: 1,
    ablation: 1,
    floor: 1,
    calibration: CALIBRATION_SEEDS,
  },
  long: {
    headline: 20,
    adversary: 20,
    consumer: 20,
    'look-alike': 20,
    null: 20,
    'large-null': 12,
    measures: 6,
    ablation: 5,
    floor: 6,
    calibration: CALIBRATION_SEEDS,
  },
};
/** Seeds of the headline that are read to the end of the campaign. */
const WHOLE: Record<Tier, number> = { quick: 0, full: 1, long: 4 };

export function jobsOf(cases: readonly Case[], tier: Tier, namespace: Namespace): Job[] {
  return cases
    .flatMap((one) =>
      Array.from({ length: seedsOf(one, tier) }, (_, i): Job => {
        const seed = seedOf(one.section === 'calibration' ? 'calibration' : namespace, one.id, i);
        return { key: `${one.id} ${seed}`, caseId: one.id, seed, seconds: expectedSeconds(one) };
      }),
    )
    .sort((a, b) => b.seconds - a.seconds);
}

function seedsOf({ id, section }: Case, tier: Tier): number {
  return id === 'A1-whole' ? WHOLE[tier] : SEEDS[tier][section];
}

/** Measured: see `SECONDS_PER_ACCOUNT_DAY`. */
function expectedSeconds(one: Case): number {
  const { benign, days, campaigns } = one.world('');
  const read = Math.min(days, one.stopDay ?? days);
  const hostile = campaigns?.[0]?.accounts ?? 0;
  return ((benign?.accounts ?? 0) + 5 * hostile) * read * SECONDS_PER_ACCOUNT_DAY;
}

/** A day of an account, active or not, at five exchanges, with its share of the sweep. */
const SECONDS_PER_ACCOUNT_DAY = 1.5e-4;
