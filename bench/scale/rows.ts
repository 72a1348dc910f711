/** What was measured of one sweep at each size, as `docs/figures/scale.json` keeps it. */
import { PRICES } from '../cost/prices.ts';

interface Sized {
  accounts: number;
}

export interface Row extends Sized {
  /** Of the sweep alone: of all threads, and on the clock. */
  processorSeconds: number;
  seconds: number;
  peakMiB: number;
  /** Files of segments, which stay on disk. */
  readMiB: number;
  findings: number;
  /** Day, Node and processor. */
  on: string;
}

/** Lambda gives no more. */
export const LAMBDA = { memoryMb: 10_240, storageMb: 10_240, seconds: 900, concurrency: 1000 };
const LEAST_MB = 1769;

/** A later measurement of the same size takes the place of the earlier one. Ascending by accounts. */
export function withRow<T extends Sized>(rows: readonly T[], row: T): T[] {
  return [...rows.filter(({ accounts }) => accounts !== row.accounts), row].sort((a, b) => a.accounts - b.accounts);
}

export function fits({ peakMiB, readMiB, seconds }: Pick<Row, 'peakMiB' | 'readMiB' | 'seconds'>): boolean {
  return peakMiB <= LAMBDA.memoryMb && readMiB <= LAMBDA.storageMb && seconds <= LAMBDA.seconds;
}

/** USD of one detection, with as much memory as it needs. */
export function usdOf({ peakMiB, seconds }: Pick<Row, 'peakMiB' | 'seconds'>): number {
  return (Math.max(LEAST_MB, peakMiB) / 1024) * seconds * PRICES.lambdaGbSecond;
}

/** The power law or the straight line through the two largest, whichever is more: what is fixed at first does not stay so. */
export interface Growth {
  power: number;
  at(accounts: number): number;
}

/** @throws RangeError for fewer than two rows */
export function growthOf<T extends Sized>(rows: readonly T[], pick: (row: T) => number): Growth {
  const [before, last] = rows.slice(-2);
  if (before === undefined || last === undefined)
    throw new RangeError('growth needs two sizes: npm run bench -- scale 10000 100000');
  const power = Math.log(pick(last) / pick(before)) / Math.log(last.accounts / before.accounts);
  const slope = (pick(last) - pick(before)) / (last.accounts - before.accounts);
  const line = (accounts: number) => pick(last) + slope * (accounts - last.accounts);
  return { power, at: (accounts) => Math.max(line(accounts), pick(last) * (accounts / last.accounts) ** power) };
}

const MOST_ACCOUNTS = 1e12;

/** How many accounts it takes to reach `limit`, by halving. */
export function reaching(growth: Growth, limit: number): number {
  let [low, high] = [1, MOST_ACCOUNTS];
  while (high / low > 1.0001) {
    const middle = Math.sqrt(low * high);
    if (growth.at(middle) < limit) low = middle;
    else high = middle;
  }
  return high;
}
