/** When an operator's jobs start: one load curve for the whole pool, with standstills. */
import { DAY, HOUR, MINUTE } from '../clock.ts';
import type { Random } from '../random.ts';
import type { OperatorSettings } from './settings.ts';

/** UTC hours in which the operator is at work and the load is full. */
const WORK = { from: 1, to: 14 } as const;

/** Sorted instants of `jobs` starts on the UTC day that begins at `day`. */
export function starts(day: number, jobs: number, settings: OperatorSettings, random: Random): number[] {
  const pause = standstill(day, settings, random);
  const times: number[] = [];
  while (times.length < jobs) {
    const at = day + random.next() * DAY;
    const hour = (at - day) / HOUR;
    const full = hour >= WORK.from && hour < WORK.to;
    if (!full && !random.chance(settings.nightLoad)) continue;
    const held = at >= pause.from && at < pause.to ? pause.to + random.exponential(10 * MINUTE) : at;
    times.push(Math.floor(held + random.next() * settings.jitterHours * HOUR));
  }
  return times.sort((a, b) => a - b);
}

function standstill(day: number, settings: OperatorSettings, random: Random): { from: number; to: number } {
  const from = day + random.next() * 21 * HOUR;
  const length = random.between(0.5, 3) * HOUR;
  return random.chance(settings.pausesPerWeek / 7) ? { from, to: from + length } : { from, to: from };
}
