/** What the state machine asks for in a sweep, and where its results lie. */
import { TIME } from '../../core/records/format.ts';
import { isoTime, timeMs } from '../../core/records/time.ts';

export interface PlanTask {
  task: 'plan';
  /** RFC 3339; the schedule's own time, which is the sweep's clock and its name. */
  scheduledTime: string;
}

export interface LoadTask {
  at: string;
  segment: number;
  segments: number;
}

export interface DetectTask {
  task: 'detect';
  at: string;
  segments: number;
}

/** Of the function that plans and detects; another one loads. */
export type SweepTask = PlanTask | DetectTask;

export interface SweepPlan {
  at: string;
  segments: number[];
  segmentCount: number;
}

export class TaskError extends Error {
  override name = 'TaskError';
}

/** The clock of a sweep is never the wall clock: the same scheduled time is the same sweep. */
export function planOf({ scheduledTime }: PlanTask, segments: number): SweepPlan {
  if (typeof scheduledTime !== 'string' || !TIME.test(scheduledTime)) {
    throw new TaskError(`scheduledTime must be an RFC 3339 time in UTC, not ${JSON.stringify(scheduledTime)}`);
  }
  const at = isoTime(timeMs(scheduledTime));
  return { at, segments: Array.from({ length: segments }, (_, i) => i), segmentCount: segments };
}

export function segmentKey(at: string, segment: number, segments: number): string {
  const part = String(segment).padStart(3, '0');
  return `sweeps/${at}/segment-${part}-of-${segments}.parquet`;
}

export function summaryKey(at: string): string {
  return `sweeps/${at}/summary.json`;
}

/** Hashes of the accounts and organisations that a sweep saw. */
export function knownKey(at: string): string {
  return `sweeps/${at}/known.bin`;
}
