/** A rule that people use today: one number per account, or per group of accounts, against a threshold. */
import type { Tally } from './tally.ts';

/** The value that the rule compares, from that day of the window on. */
export interface Level {
  account: string;
  day: number;
  value: number;
  /** Accounts accused together; one group for all where the rule looks at accounts alone. */
  group: string;
}

export interface Baseline {
  id: string;
  title: string;
  unit: string;
  /** A threshold in common use, and where it comes from. */
  usual: number;
  usualFrom: string;
  /** Whether groups with an account in common are one: a connected component. */
  joins?: boolean;
  levels(tally: Tally): Level[];
}

export interface Accused {
  /** First day of the window on which each account reached the threshold. */
  days: Map<string, number>;
  /** Accounts accused together. */
  groups: Set<string>[];
}

/** Accounts that ever reach the threshold. */
export function accusedAt(levels: readonly Level[], threshold: number, joins = false): Accused {
  const days = new Map<string, number>();
  const groups = new Map<string, Set<string>>();
  for (const { account, day, value, group } of levels) {
    if (value < threshold) continue;
    days.set(account, Math.min(day, days.get(account) ?? day));
    const held = groups.get(group);
    if (held === undefined) groups.set(group, new Set([account]));
    else held.add(account);
  }
  return { days, groups: joins ? joined(groups.values()) : [...groups.values()] };
}

/** Connected components of groups that share accounts. */
function joined(groups: Iterable<ReadonlySet<string>>): Set<string>[] {
  const component = new Map<string, Set<string>>();
  for (const group of groups) {
    const touched = new Set([...group].flatMap((account) => component.get(account) ?? []));
    const union = new Set([group, ...touched].flatMap((part) => [...part]));
    for (const account of union) component.set(account, union);
  }
  return [...new Set(component.values())];
}

/** The highest value of each account, largest first. */
export function highest(levels: readonly Level[]): number[] {
  const most = new Map<string, number>();
  for (const { account, value } of levels) {
    const held = most.get(account);
    if (held === undefined || value > held) most.set(account, value);
  }
  return [...most.values()].sort((a, b) => b - a);
}

/** The lowest threshold that no more than `allowed` of these values reach. */
export function thresholdFor(values: readonly number[], allowed: number): number {
  const refused = values.toSorted((a, b) => b - a)[allowed];
  // Above it by a part in a million: thresholds are compared with "at least".
  return refused === undefined ? Number.MIN_VALUE : refused + Math.max(Math.abs(refused), 1) * 1e-6;
}
