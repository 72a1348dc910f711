import type { WorldSpec } from '../../../cli/simulate/spec.ts';
import type { WorldTruth } from '../../../cli/simulate/truth.ts';
import { Simulation } from '../../../cli/simulate/world.ts';
import type { StillwatchRecord, UsageRecord } from '../../../core/records/schema.ts';

export interface Run {
  records: StillwatchRecord[];
  usage: UsageRecord[];
  truth: WorldTruth;
}

export function run(spec: WorldSpec): Run {
  const simulation = new Simulation(spec);
  const records = [...simulation.records()];
  return { records, usage: records.filter((record) => record.type === 'usage'), truth: simulation.truth() };
}

/** Only what the spec names: no losses, no copies. */
export const CLEAN = { duplicates: 0, late: 0, missing: 0, accountsWithoutRecord: 0 };

export function counts<T>(items: Iterable<T>): Map<T, number> {
  const found = new Map<T, number>();
  for (const item of items) found.set(item, (found.get(item) ?? 0) + 1);
  return found;
}

export function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] as number;
}
