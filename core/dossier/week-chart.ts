/** Hours of the week, members beside all accounts: a person sleeps, a product has office hours, a machine has neither. */

import { LABEL, type Picture, type Shape } from '../messages/charts/picture.ts';
import { percent } from '../messages/numbers.ts';

const DAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'] as const;
const HOURS = 24;
const HEAD = 20;
const FOOT = 18;
const LEFT = 34;

/**
 * 7 x 24 squares, each as large as its hour's share of the busiest: size and not colour carries the number. `week` holds
 * exchanges per hour, Monday 00:00 UTC first.
 */
export function weekPicture(week: readonly number[], name: string, width: number): Picture {
  const cell = (width - LEFT) / HOURS;
  const most = Math.max(1, ...week);
  const squares = week.flatMap((count, hour): Shape[] => {
    if (count === 0) return [];
    const size = Math.max(1, Math.sqrt(count / most) * (cell - 1.5));
    const middle = { x: LEFT + ((hour % HOURS) + 0.5) * cell, y: HEAD + (Math.floor(hour / HOURS) + 0.5) * cell };
    return [{ kind: 'rect', x: middle.x - size / 2, y: middle.y - size / 2, width: size, height: size, ink: 'main' }];
  });
  const days = DAYS.map(
    (text, i): Shape => ({ kind: 'text', x: 0, y: HEAD + (i + 0.5) * cell + 4, text, size: LABEL, ink: 'text' }),
  );
  const hours = [0, 6, 12, 18].map(
    (hour): Shape => ({
      kind: 'text',
      x: LEFT + hour * cell,
      y: HEAD + 7 * cell + 14,
      text: `${String(hour).padStart(2, '0')}h`,
      size: LABEL,
      ink: 'text',
    }),
  );
  const title: Shape = { kind: 'text', x: LEFT, y: 12, text: name, size: LABEL, ink: 'text' };
  return { width, height: HEAD + 7 * cell + FOOT, shapes: [title, ...squares, ...days, ...hours] };
}

/** Peak hours are those in which the platform has half of its exchanges, the busiest first. */
export function outsidePeak(
  members: readonly number[],
  population: readonly number[],
): { share: number; usual: number } {
  const all = population.reduce((sum, count) => sum + count, 0);
  const order = population.map((count, hour) => ({ count, hour })).sort((a, b) => b.count - a.count || a.hour - b.hour);
  const peak = new Set<number>();
  let held = 0;
  for (const { count, hour } of order) {
    if (held >= all / 2) break;
    peak.add(hour);
    held += count;
  }
  const outside = (week: readonly number[]) => {
    const total = week.reduce((sum, count) => sum + count, 0);
    return total === 0 ? 0 : week.reduce((sum, count, hour) => sum + (peak.has(hour) ? 0 : count), 0) / total;
  };
  return { share: outside(members), usual: outside(population) };
}

export function weekSays({ share, usual }: { share: number; usual: number }): string {
  return `${percent(share)} of the members' exchanges fall outside the platform's peak hours; of all exchanges it is ${percent(usual)}.`;
}
