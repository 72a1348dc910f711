/** Sorts what happens on one day. Only this day's plans are in memory, as two flat arrays. */
import type { StillwatchRecord } from '../../core/records/schema.ts';

/** Something that makes its record when its time has come; undefined where nothing comes of it. */
export interface Emitter {
  emit(instant: number): StillwatchRecord | undefined;
}

/** Orders up to this many plans a day: time in ms (27 bits) and index (26 bits) share one double. */
const MAX_PLANS = 2 ** 26;

export class Timeline {
  private times: number[] = [];
  private emitters: (Emitter | undefined)[] = [];

  add(instant: number, emitter: Emitter): void {
    this.times.push(Math.floor(instant));
    this.emitters.push(emitter);
  }

  /** Records before `end` in time order; what lies later waits for the next call. `begin` to `end`: at most a day. */
  *drain(begin: number, end: number): Generator<StillwatchRecord> {
    const { times, emitters } = this;
    this.times = [];
    this.emitters = [];
    const keys = this.order(times, emitters, begin, end);
    for (let i = 0; i < keys.length; i++) {
      const index = (keys[i] as number) % MAX_PLANS;
      const record = (emitters[index] as Emitter).emit(times[index] as number);
      emitters[index] = undefined;
      if (record) yield record;
    }
  }

  /** Indices of what is due, behind the time in each key. */
  private order(times: number[], emitters: (Emitter | undefined)[], begin: number, end: number): Float64Array {
    const keys = new Float64Array(times.length);
    let due = 0;
    for (let i = 0; i < times.length; i++) {
      const at = times[i] as number;
      if (at >= end) this.add(at, emitters[i] as Emitter);
      else if (at >= begin) keys[due++] = (at - begin) * MAX_PLANS + i;
    }
    return keys.subarray(0, due).sort();
  }
}
