/** A count of an account against accounts of the same plan and volume, less what its volume explains. */
import type { Population } from '../population/population.ts';
import { median } from '../sorted.ts';

export interface Comparison {
  /** Of account i of the list; 0 where the records do not say. */
  observed(i: number): number;
  /** What its volume and its group lead one to expect of it. */
  expected(i: number): number;
  /** Distance in robust standard units of the log; NaN where the records do not say. */
  units: Float64Array;
}

const DECILES = 10;
/** A plan's decile with fewer accounts is compared with that decile of all plans. */
const MIN_GROUP = 100;
/** Accounts of a group that its median is read from. */
const GROUP_SAMPLE = 2000;
/** Standard unit of ln at least: the counts come from sketches that err by up to 18 %. */
const FLOOR = 0.2;

/** `accounts`: those that are comparable at all. Returns how to compare a count of theirs, 0 where the records do not say. */
export function compareAccounts(
  { exchanges, facts }: Population,
  accounts: Int32Array,
): (count: (account: number) => number) => Comparison {
  const volumes = Float64Array.from(accounts, (account) => Math.log(exchanges[account]!));
  const groups = groupsOf(
    volumes,
    Int32Array.from(accounts, (account) => facts.plan[account]!),
  );
  return (count) => {
    const units = Float64Array.from(accounts, (account) => {
      const value = count(account);
      return value > 0 ? Math.log(value) : Number.NaN;
    });
    const slope = slopeOf(volumes, units);
    for (let i = 0; i < units.length; i++) units[i]! -= slope * volumes[i]!;
    const centres = groupCentres(groups, units);
    for (let i = 0; i < units.length; i++) {
      const { centre, unit } = centres[groups[i]!]!;
      units[i] = (units[i]! - centre) / unit;
    }
    return {
      observed: (i) => count(accounts[i]!),
      expected: (i) => Math.exp(slope * volumes[i]! + centres[groups[i]!]!.centre),
      units,
    };
  };
}

/** Least squares over the accounts that have both. */
function slopeOf(x: Float64Array, y: Float64Array): number {
  let n = 0;
  let sumX = 0;
  let sumY = 0;
  let sumXY = 0;
  let sumXX = 0;
  for (let i = 0; i < x.length; i++) {
    if (Number.isNaN(y[i]!)) continue;
    n++;
    sumX += x[i]!;
    sumY += y[i]!;
    sumXY += x[i]! * y[i]!;
    sumXX += x[i]! * x[i]!;
  }
  const spread = n * sumXX - sumX * sumX;
  return spread > 0 ? (n * sumXY - sumX * sumY) / spread : 0;
}

/** A group per decile of volume, and one per plan and decile that has enough accounts. */
function groupsOf(volumes: Float64Array, plans: Int32Array): Int32Array {
  const sorted = volumes.toSorted();
  const cuts = Array.from({ length: DECILES - 1 }, (_, i) => sorted[Math.floor(((i + 1) * sorted.length) / DECILES)]!);
  const deciles = Int32Array.from(volumes, (volume) => cuts.filter((cut) => volume >= cut).length);
  const sizes = new Map<number, number>();
  const key = (i: number) => plans[i]! * DECILES + deciles[i]!;
  for (let i = 0; i < plans.length; i++) sizes.set(key(i), (sizes.get(key(i)) ?? 0) + 1);
  const numbers = new Map<number, number>();
  for (const [own, size] of sizes) if (size >= MIN_GROUP) numbers.set(own, DECILES + numbers.size);
  return deciles.map((decile, i) => numbers.get(key(i)) ?? decile);
}

function groupCentres(groups: Int32Array, values: Float64Array): { centre: number; unit: number }[] {
  const members: number[][] = [];
  for (let i = 0; i < groups.length; i++) {
    const group = groups[i]!;
    const list = members[group] ?? [];
    members[group] = list;
    if (list.length < GROUP_SAMPLE && !Number.isNaN(values[i]!)) list.push(values[i]!);
  }
  return Array.from(members, (list = []) => {
    const centre = median(list);
    const mad = median(list.map((value) => Math.abs(value - centre)));
    return { centre, unit: Math.hypot(1.4826 * mad, FLOOR) };
  });
}
