/** A small simulated platform with one campaign: what its producers send day by day, and what really happened. */
import { parseWorld } from '../../cli/simulate/spec.ts';
import type { WorldTruth } from '../../cli/simulate/truth.ts';
import { Simulation } from '../../cli/simulate/world.ts';
import type { StillwatchRecord } from '../../core/records/schema.ts';
import { DAY_MS } from '../../core/records/time.ts';

const START = '2026-04-13T00:00:00.000Z';
const FIRST = Date.parse(START);
const DAYS = 4;

export interface WorldDay {
  /** Midnight UTC at its begin and at its end, ms. */
  from: number;
  to: number;
  /** In the order in which they arrive. */
  records: StillwatchRecord[];
}

export interface SimulatedWorld {
  records: StillwatchRecord[];
  days: WorldDay[];
  truth: WorldTruth;
}

export function simulatedWorld(): SimulatedWorld {
  const simulation = new Simulation(
    parseWorld({
      seed: 'end-to-end',
      start: START,
      days: DAYS,
      benign: { accounts: 220, maxPerDay: 150 },
      campaigns: [{ scenario: 'A1', name: 'quiet-clone', accounts: 40, ratePerDay: 25.6, start: 2, days: 2 }],
      noise: { duplicates: 0.01, late: 0.002 },
    }),
  );
  const records = [...simulation.records()];
  const days = Array.from({ length: DAYS }, (_, day) => {
    const from = FIRST + day * DAY_MS;
    return { from, to: from + DAY_MS, records: records.filter((record) => dayOf(record) === day) };
  });
  return { records, days, truth: simulation.truth() };
}

/** What is older than the world, such as sign-ups before it, comes on its first day. */
function dayOf({ time }: StillwatchRecord): number {
  return Math.max(0, Math.floor((Date.parse(time) - FIRST) / DAY_MS));
}
