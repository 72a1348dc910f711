/** Small bar panels over UTC days, one above the other on one time axis. */
import { dayMonth } from '../dates.ts';
import { compact } from '../numbers.ts';
import { labelStep, roundTicks } from './axis.ts';
import { type Ink, LABEL, NARROW, type Picture, type Shape, textWidth, WIDE } from './picture.ts';

export interface Panel {
  name: string;
  /** Stacked from the bottom up, one value per day. */
  bars: { values: number[]; ink: Ink; hollow?: boolean }[];
  write?: (value: number) => string;
}

export interface DayMark {
  /** `YYYY-MM-DD`. */
  day: string;
  /** One or two characters, explained beside the chart. */
  sign: string;
}

export interface DaysChart {
  days: string[];
  panels: Panel[];
  marks: DayMark[];
}

interface Frame {
  left: number;
  width: number;
  top: number;
  height: number;
}

const PANEL = { wide: 132, narrow: 104 } as const;
/** The name of a panel stands above it. */
const NAME = 24;
/** One level of signs above the first panel's name. */
const SIGNS = 18;
const GAP = 16;
const FOOT = 22;
const WIDEST_BAR = 36;
const GAP_SHARE = 0.28;

/** Two drawings of the same chart; the page shows the one that fits. */
export function daysChart(chart: DaysChart): { wide: Picture; narrow: Picture } {
  return { wide: daysPicture(chart, WIDE), narrow: daysPicture(chart, NARROW) };
}

export function daysPicture(chart: DaysChart, width: number): Picture {
  const high = width < 500 ? PANEL.narrow : PANEL.wide;
  const head = chart.marks.length > 0 ? SIGNS : 0;
  const ticks = chart.panels.map((panel) => ticksOf(panel));
  const left = Math.ceil(Math.max(...ticks.flatMap((each) => each.map(({ label }) => textWidth(label, LABEL))))) + 8;
  const frames = chart.panels.map(
    (_, index): Frame => ({ left, width: width - left, top: head + NAME + index * (high + NAME + GAP), height: high }),
  );
  const height = head + chart.panels.length * (NAME + high) + (chart.panels.length - 1) * GAP + FOOT;
  return {
    width,
    height,
    shapes: [
      ...chart.panels.flatMap((panel, index) => panelShapes(panel, frames[index]!, ticks[index]!)),
      ...dayLabels(chart.days, frames.at(-1)!),
      ...markShapes(chart, frames),
    ],
  };
}

interface Tick {
  value: number;
  label: string;
}

function ticksOf({ bars, write = round }: Panel): Tick[] {
  const totals = bars[0]!.values.map((_, day) => bars.reduce((sum, { values }) => sum + values[day]!, 0));
  return roundTicks(Math.max(...totals)).map((value) => ({ value, label: write(value) }));
}

/** Round values stand on an axis: `30k`, not `30.0k`. */
function round(value: number): string {
  return compact(value)
    .replace(/(\.\d*?)0+(?=[a-zA-Z]|$)/, '$1')
    .replace(/\.(?=[a-zA-Z]|$)/, '');
}

function panelShapes(panel: Panel, frame: Frame, ticks: Tick[]): Shape[] {
  const { left, width, top, height } = frame;
  const scale = height / ticks.at(-1)!.value;
  const lines = ticks.flatMap(({ value, label }): Shape[] => {
    const y = Math.round(top + height - value * scale) + 0.5;
    const text: Shape = { kind: 'text', x: left - 8, y: y + 4, text: label, size: LABEL, ink: 'text', anchor: 'end' };
    return [{ kind: 'line', x: left, y, length: width, ink: 'line' }, text];
  });
  const slot = width / panel.bars[0]!.values.length;
  const bar = Math.min(WIDEST_BAR, slot * (1 - GAP_SHARE));
  const below = new Float64Array(panel.bars[0]!.values.length);
  const bars = panel.bars.flatMap(({ values, ink, hollow }) =>
    values.flatMap((value, day): Shape[] => {
      if (value <= 0) return [];
      const x = left + (day + 0.5) * slot - bar / 2;
      const y = top + height - (below[day]! + value) * scale;
      below[day]! += value;
      const size = { width: bar, height: Math.max(1, value * scale) };
      return [{ kind: 'rect', x, y, ...size, ink, ...(hollow && bar >= 5 ? { hollow } : {}) }];
    }),
  );
  const name: Shape = { kind: 'text', x: 0, y: top - 11, text: panel.name, size: LABEL, ink: 'text' };
  return [...lines, ...bars, name];
}

function dayLabels(days: string[], { left, width, top, height }: Frame): Shape[] {
  const slot = width / days.length;
  const step = labelStep(days.length, 62, width);
  return days.flatMap((day, index): Shape[] => {
    if (index % step !== 0) return [];
    const text = dayMonth(day);
    const half = textWidth(text, LABEL) / 2;
    const x = Math.min(left + width - half, left + (index + 0.5) * slot);
    return [{ kind: 'text', x, y: top + height + 16, text, size: LABEL, ink: 'text', anchor: 'middle' }];
  });
}

/** A line through every panel; signs that would touch share the place of the first: `2-4`. */
function markShapes({ marks, days }: DaysChart, frames: Frame[]): Shape[] {
  const first = frames[0]!;
  const slot = first.width / days.length;
  const placed = marks
    .filter(({ day }) => days.includes(day))
    .map((mark) => ({ ...mark, x: first.left + (days.indexOf(mark.day) + 0.5) * slot }));
  const lines = placed.flatMap(({ x }) =>
    frames.map(
      ({ top, height }): Shape => ({
        kind: 'line',
        x: Math.round(x) + 0.5,
        y: top,
        length: height,
        upright: true,
        ink: 'mark',
        dashed: true,
      }),
    ),
  );
  const signs = together(placed).map(
    ({ x, text }): Shape => ({ kind: 'text', x, y: 13, text, size: LABEL, ink: 'mark', anchor: 'middle' }),
  );
  return [...lines, ...signs];
}

function together(placed: { sign: string; x: number }[]): { text: string; x: number }[] {
  const groups: { first: string; last: string; from: number; to: number }[] = [];
  for (const { sign, x } of placed) {
    const held = groups.at(-1);
    const room = held && textWidth(held.first === held.last ? held.first : `${held.first}-${held.last}`, LABEL);
    if (held && x - (held.from + held.to) / 2 < room! / 2 + textWidth(sign, LABEL) / 2 + 4)
      Object.assign(held, { last: sign, to: x });
    else groups.push({ first: sign, last: sign, from: x, to: x });
  }
  return groups.map(({ first, last, from, to }) => ({
    text: first === last ? first : `${first}-${last}`,
    x: (from + to) / 2,
  }));
}
