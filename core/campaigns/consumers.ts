/** Single consumers let through by Benjamini-Hochberg, most telling first: they rank, they do not page. */
import { changedHands } from '../detectors/change-of-hands.ts';
import { type ConsumerAnomaly, consumerAnomalies } from '../detectors/consumer-anomaly.ts';
import { type SharedKey, sharedKeys } from '../detectors/key-sharing.ts';
import { natsOfP } from '../detectors/resample.ts';
import type { Classification, Evidence } from '../findings/finding.ts';
import type { Population } from '../population/population.ts';
import type { Settings } from '../settings.ts';
import { GROUP_CAP_NATS } from './gate.ts';

/**
 * Benjamini-Hochberg is run on each kind of test by itself (stratified: Sun, Craiu, Paterson & Bull, Genetic Epidemiology
 * 2006): a few newcomers would drown among the many accounts that have a past.
 */
const FAMILIES = ['usual', 'new', 'waking', 'sharing'] as const;
type Family = (typeof FAMILIES)[number];

export interface LetThrough {
  account: number;
  p: number;
  q: number;
  classification: Classification;
  /** By its volume, by its diversity, or both. */
  anomaly?: ConsumerAnomaly;
  sharing?: SharedKey;
  /** Share of the platform's exchanges of the latest two days that is more than expected of it. */
  share: number;
}

export interface ConsumersSeen {
  through: LetThrough[];
  tested: number;
}

interface Test {
  family: Family;
  account: number;
  p: number;
  weight: number;
  anomaly?: ConsumerAnomaly;
  sharing?: SharedKey;
}

/** `claimed` accounts belong to campaigns; `known` ones have a finding of their own: neither says what is ordinary. */
export function consumersLetThrough(
  population: Population,
  lastDay: number,
  claimed: ReadonlySet<string>,
  settings: Settings,
  known: ReadonlySet<string> = new Set(),
): ConsumersSeen {
  const left = Uint8Array.from(population.names, (name) => (claimed.has(name) || known.has(name) ? 1 : 0));
  const volume = consumerAnomalies(population, lastDay, left);
  const sharing = sharedKeys(population);
  const tested: Record<Family, number> = { ...volume.tested, sharing: sharing.tested };
  const tests: Test[] = [
    ...volume.found.map((anomaly) => ({ ...anomaly, anomaly })),
    ...sharing.found.map((one) => ({
      family: 'sharing' as const,
      account: one.account,
      p: one.p,
      weight: 1,
      sharing: one,
    })),
  ].filter(({ account }) => !claimed.has(population.names[account]!));
  const level = settings.detection.consumerAlpha;
  const accepted = FAMILIES.flatMap((family) =>
    weightedBenjaminiHochberg(
      tests.filter((test) => test.family === family),
      tested[family],
      level,
    ),
  );
  const daily = exchangesADay(population, lastDay);
  const through = byAccount(accepted).map((one) => described(population, one, daily));
  through.sort((a, b) => rank(b) - rank(a) || a.account - b.account);
  return { through, tested: Object.values(tested).reduce((sum, count) => sum + count, 0) };
}

/** Weights average 1 over all tests and were known before the data (Genovese, Roeder & Wasserman, Biometrika 2006). */
function weightedBenjaminiHochberg(tests: readonly Test[], tested: number, level: number): { test: Test; q: number }[] {
  // What Bonferroni would make of each.
  const corrected = tests
    .map((test) => ({ test, value: (test.p * tested) / test.weight }))
    .sort((a, b) => a.value - b.value || a.test.account - b.test.account);
  const accepted: { test: Test; q: number }[] = [];
  let least = 1;
  for (let rank = corrected.length; rank >= 1; rank--) {
    const { test, value } = corrected[rank - 1]!;
    least = Math.min(least, value / rank);
    if (least <= level) accepted.push({ test, q: least });
  }
  return accepted;
}

type Accepted = Pick<LetThrough, 'account' | 'p' | 'q' | 'anomaly' | 'sharing'>;

function byAccount(accepted: readonly { test: Test; q: number }[]): Accepted[] {
  const merged = new Map<number, Accepted>();
  for (const { test, q } of accepted) {
    const { account, p, anomaly, sharing } = test;
    const held = merged.get(account);
    merged.set(account, {
      ...held,
      account,
      p: Math.min(p, held?.p ?? 1),
      q: Math.min(q, held?.q ?? 1),
      ...(anomaly && { anomaly }),
      ...(sharing && { sharing }),
    });
  }
  return [...merged.values()];
}

function described(population: Population, one: Accepted, daily: number): LetThrough {
  const { account, anomaly, sharing } = one;
  const hands = anomaly !== undefined && changedHands(population.profile(account), anomaly.sinceDay);
  const classification = hands ? 'account_takeover' : sharing !== undefined ? 'key_sharing' : 'volume_anomaly';
  const more = anomaly === undefined ? population.rate(account) : anomaly.observed - anomaly.expected;
  return { ...one, classification, share: daily === 0 ? 0 : more / daily };
}

/** A nat of evidence counts as much as e times the volume. */
function rank({ p, share }: LetThrough): number {
  return natsOfP(p) + Math.log(share);
}

/** Of everybody, mean of the two days up to `lastDay`. */
function exchangesADay({ activity, size }: Population, lastDay: number): number {
  const { offsets, days, counts } = activity;
  let sum = 0;
  for (let account = 0; account < size; account++) {
    for (let at = offsets[account + 1]! - 1; at >= offsets[account]! && days[at]! > lastDay - 2; at--)
      if (days[at]! <= lastDay) sum += counts[at]!;
  }
  return sum / 2;
}

/** What people can check: exchanges a day, and the counts that one person does not have. */
export function consumerEvidence({ anomaly, sharing, classification }: LetThrough): Evidence[] {
  const rows: Evidence[] = [];
  const group = 'consumer';
  if (anomaly !== undefined) {
    const { observed, expected, p } = anomaly;
    const unit =
      classification === 'account_takeover'
        ? `${anomaly.unit} over a network and build never used before`
        : anomaly.unit;
    rows.push({ group, detector: 'consumer-anomaly', observed, expected, unit, strength: natsOfP(p) });
  }
  if (sharing !== undefined) {
    const told = sharing.counts.slice(0, SHARING_ROWS);
    const units = told.reduce((sum, count) => sum + count.units, 0);
    for (const { observed, expected, unit, units: own } of told) {
      const strength = (natsOfP(sharing.p) * own) / units;
      rows.push({ group, detector: 'key-sharing', observed, expected, unit, strength });
    }
  }
  const all = rows.reduce((sum, { strength }) => sum + strength, 0);
  return rows.map((row) => ({ ...row, strength: (row.strength * Math.min(all, GROUP_CAP_NATS)) / all }));
}

const SHARING_ROWS = 3;
