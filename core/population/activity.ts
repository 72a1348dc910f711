/** When accounts were active: exchanges per day, and which hours of the last 14 days. */
import { COUNTER } from '../aggregates/account-day.ts';
import type { AccountProfile } from '../aggregates/account-profile.ts';
import { GrowingInts, GrowingWords } from './columns.ts';

/** Days whose hours are kept. */
export const HOUR_DAYS = 14;

/** Of each account and day with an exchange. */
interface Growing {
  days: GrowingInts;
  counts: GrowingWords;
  masks: GrowingWords;
}

export class Activity {
  /** Days and counts of account i: [offsets[i], offsets[i + 1]), ascending by day. */
  readonly offsets: Int32Array;
  days: Int32Array = new Int32Array(0);
  counts: Uint32Array = new Uint32Array(0);
  /** Last day (since 1970) with an exchange of anybody. */
  lastDay = 0;
  /** 24-bit masks of active hours: `HOUR_DAYS` per account, the last for `lastDay`. */
  hours: Uint32Array = new Uint32Array(0);
  /** Days and hours of those 14 with an exchange. */
  readonly daysOfHours: Uint8Array;
  readonly activeHours: Uint16Array;
  /** Sum over days of 5-minute slots with an exchange, and of the latency of all exchanges (ms). */
  readonly slots: Uint32Array;
  readonly latency: Float64Array;
  private readonly size: number;
  private growing: Growing | undefined = {
    days: new GrowingInts(),
    counts: new GrowingWords(),
    masks: new GrowingWords(),
  };

  constructor(size: number) {
    this.size = size;
    this.offsets = new Int32Array(size + 1);
    this.daysOfHours = new Uint8Array(size);
    this.activeHours = new Uint16Array(size);
    this.slots = new Uint32Array(size);
    this.latency = new Float64Array(size);
  }

  read(i: number, { series, total }: AccountProfile): void {
    const { days, counts, masks } = this.growing!;
    for (const point of series) {
      days.push(point.day);
      counts.push(point.exchanges);
      masks.push(point.hours);
      this.slots[i]! += point.slots;
    }
    this.offsets[i + 1] = days.length;
    this.latency[i] = total.counters[COUNTER.latency]!;
    this.lastDay = Math.max(this.lastDay, series.at(-1)?.day ?? 0);
  }

  finish(): void {
    const { days, counts, masks: growingMasks } = this.growing!;
    this.growing = undefined;
    this.days = days.take();
    this.counts = counts.take();
    const masks = growingMasks.take();
    this.hours = new Uint32Array(this.size * HOUR_DAYS);
    const from = this.lastDay - HOUR_DAYS + 1;
    for (let i = 0; i < this.size; i++) {
      for (let at = this.offsets[i]!; at < this.offsets[i + 1]!; at++) {
        const place = this.days[at]! - from;
        if (place < 0 || masks[at] === 0) continue;
        this.hours[i * HOUR_DAYS + place] = masks[at]!;
        this.daysOfHours[i]!++;
        for (let mask = masks[at]!; mask !== 0; mask &= mask - 1) this.activeHours[i]!++;
      }
    }
  }
}
