/** Totals of the whole platform per UTC day: the denominator of every share. */
import type { Task } from '../records/schema.ts';

export interface PopulationDay {
  /** Days since 1970-01-01 UTC. */
  day: number;
  exchanges: number;
  outputTokens: number;
  /** Accounts with at least one exchange. */
  accounts: number;
  /** Exchanges per task; those without a task are in `exchanges` only. */
  tasks: Partial<Record<Task, number>>;
  /** Exchanges per hour of the day. */
  hours: number[];
  /** Bit i is set when the i-th 5-minute slot of the day holds a record: 288 bits in nine words. */
  slots: number[];
}
