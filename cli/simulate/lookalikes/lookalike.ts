/** What a harmless group is that resembles a campaign in some respect. */
import type { CrowdPlan } from '../crowd.ts';
import type { People } from '../people.ts';
import type { Platform } from '../platform.ts';

export interface Occasion {
  platform: Platform;
  /** Makes the group's private persons. */
  people: People;
  size: number;
  /** Instant at which it begins. */
  start: number;
  /** Every setting of the scenario, defaults filled in. */
  options: Readonly<Record<string, number>>;
}

export interface Lookalike {
  id: string;
  title: string;
  /** Accounts, usually. */
  size: number;
  /** Settings and their usual values. */
  options: Readonly<Record<string, number>>;
  open(occasion: Occasion): CrowdPlan;
}

/** The value of a declared option. */
export function option(occasion: Occasion, name: string): number {
  const value = occasion.options[name];
  if (value === undefined) throw new RangeError(`Option ${name} is not declared by its scenario.`);
  return value;
}
