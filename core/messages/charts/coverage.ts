/** Hours of up to seven days in which records were due: what "nothing found" is worth. */
import type { CoveredHour } from '../../aggregates/coverage.ts';
import type { DataGap } from '../../findings/transition.ts';
import { dayMonth, minute } from '../dates.ts';
import { coveragePercent, exact } from '../numbers.ts';
import { LABEL, NARROW, type Picture, type Shape, WIDE } from './picture.ts';
import type { Chart } from './share.ts';

const ROW = 22;
const HEAD = 20;
const LEFT = 56;
const GAP = 2;

/**
 * One row a day, one cell an hour: filled as far as its expected slots hold a record, hollow where they do not; without
 * a cell where no record was due. Null where none was due at all.
 */
export function coverageChart(hours: readonly CoveredHour[], coverage: number, gaps: readonly DataGap[]): Chart | null {
  if (!hours.some(({ expected }) => expected > 0)) return null;
  const missing = gaps.map(({ from, minutes }) => `${exact(minutes)} minutes from ${minute(from)}`);
  const says = `Coverage ${coveragePercent(coverage)}. ${missing.length > 0 ? `Missing: ${missing.join(', ')}.` : 'No gap.'}`;
  return { wide: strip(hours, WIDE), narrow: strip(hours, NARROW), says };
}

function strip(hours: readonly CoveredHour[], width: number): Picture {
  const days = [...new Set(hours.map(({ from }) => from.slice(0, 10)))];
  const cell = (width - LEFT) / 24;
  const every = width === NARROW ? 6 : 3;
  const names = days.map(
    (day, row): Shape => ({
      kind: 'text',
      x: 0,
      y: HEAD + row * ROW + 15,
      text: dayMonth(day),
      size: LABEL,
      ink: 'text',
    }),
  );
  const clock = Array.from(
    { length: 24 / every },
    (_, index): Shape => ({
      kind: 'text',
      x: LEFT + index * every * cell,
      y: 12,
      text: `${String(index * every).padStart(2, '0')}h`,
      size: LABEL,
      ink: 'text',
    }),
  );
  const cells = hours.flatMap(({ from, expected, filled }): Shape[] => {
    if (expected === 0) return [];
    const x = LEFT + Number(from.slice(11, 13)) * cell;
    const y = HEAD + days.indexOf(from.slice(0, 10)) * ROW;
    const size = { width: cell - GAP, height: ROW - GAP };
    const high = (filled / expected) * size.height;
    const whole: Shape = { kind: 'rect', x, y: y + size.height - high, width: size.width, height: high, ink: 'main' };
    if (filled === expected) return [whole];
    return [...(filled > 0 ? [whole] : []), { kind: 'rect', x, y, ...size, ink: 'mark', hollow: true }];
  });
  return { width, height: HEAD + days.length * ROW, shapes: [...clock, ...names, ...cells] };
}
