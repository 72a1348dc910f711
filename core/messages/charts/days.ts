/** Small bar panels over UTC days, one above the other on one time axis. */
import { dayMonth } from '../dates.ts';
import { compact } from '../numbers.ts';
import { type ChartSize, drawSvg, INK } from './draw.ts';

export interface Panel {
  name: string;
  /** Stacked from the bottom up, one value per day. */
  bars: { values: number[]; color: string }[];
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

/** Width of the two drawings of each chart: a desk and a phone. */
export const WIDE = 860;
export const NARROW = 328;
const PANEL = { wide: 132, narrow: 104 } as const;
/** Two levels of signs and the name of the first panel. */
const HEAD = 54;
const GAP = 42;
const FOOT = 22;

/** Two drawings of the same chart; the page shows the one that fits. */
export function daysChart(chart: DaysChart, key: string, label: string): { wide: string; narrow: string } {
  const draw = (width: number, panel: number, suffix: string) => {
    const size = { width, height: HEAD + FOOT + chart.panels.length * panel + (chart.panels.length - 1) * GAP };
    return drawSvg(option(chart, size, panel), size, key + suffix, label);
  };
  return { wide: draw(WIDE, PANEL.wide, 'w'), narrow: draw(NARROW, PANEL.narrow, 'n') };
}

function option(chart: DaysChart, size: ChartSize, height: number) {
  const narrow = size.width < 500;
  const left = narrow ? 44 : 52;
  const places = chart.panels.map((_, index) => ({
    left,
    right: 8,
    top: HEAD + index * (height + GAP),
    height,
    outerBoundsMode: 'none',
  }));
  return {
    grid: places,
    xAxis: chart.panels.map((_, index) => dayAxis(chart, index, narrow)),
    yAxis: chart.panels.map((panel, index) => valueAxis(panel, index, left)),
    series: chart.panels.flatMap((panel, index) => barSeries(panel, index, chart, narrow)),
  };
}

function dayAxis({ days, panels }: DaysChart, index: number, narrow: boolean) {
  const step = Math.max(1, Math.ceil(days.length / (narrow ? 4 : 10)));
  const last = index === panels.length - 1;
  return {
    type: 'category',
    gridIndex: index,
    data: days,
    axisTick: { show: false },
    axisLine: { lineStyle: { color: INK.line } },
    axisLabel: {
      show: last,
      color: INK.text,
      fontSize: 12,
      interval: (position: number) => position % step === 0,
      formatter: dayMonth,
    },
  };
}

function valueAxis(panel: Panel, index: number, left: number) {
  return {
    type: 'value',
    gridIndex: index,
    name: panel.name,
    nameLocation: 'end',
    nameGap: 8,
    nameTextStyle: { color: INK.text, fontSize: 12, align: 'left', padding: [0, 0, 0, -left + 2] },
    splitNumber: 2,
    axisLabel: { color: INK.text, fontSize: 12, formatter: panel.write ?? tick },
    splitLine: { lineStyle: { color: INK.line } },
  };
}

/** Round values stand on an axis: `30k`, not `30.0k`. */
function tick(value: number): string {
  return compact(value).replace(/\.0+(?=[a-zA-Z]|$)/, '');
}

function barSeries(panel: Panel, index: number, chart: DaysChart, narrow: boolean) {
  return panel.bars.map((bar, layer) => ({
    type: 'bar',
    silent: true,
    stack: `panel${index}`,
    xAxisIndex: index,
    yAxisIndex: index,
    barCategoryGap: chart.days.length > 40 ? '15%' : '28%',
    barMaxWidth: 36,
    data: bar.values,
    itemStyle: { color: bar.color },
    ...(layer === 0 ? { markLine: markLines(chart, index === 0, narrow) } : {}),
  }));
}

/** Lines through every panel; the signs stand above the first, on two levels so that neighbours do not touch. */
function markLines({ marks, days }: DaysChart, named: boolean, narrow: boolean) {
  return {
    silent: true,
    symbol: 'none',
    lineStyle: { color: INK.mark, type: [3, 3], width: 1, cap: 'butt' },
    data: marks
      .filter((mark) => days.includes(mark.day))
      .map((mark, index) => ({ xAxis: mark.day, label: signLabel(mark, index, named, narrow) })),
  };
}

function signLabel(mark: DayMark, index: number, named: boolean, narrow: boolean) {
  return {
    show: named,
    formatter: mark.sign,
    color: INK.mark,
    fontSize: narrow ? 11 : 12,
    fontWeight: 600,
    distance: index % 2 === 0 ? 21 : 33,
    textBorderWidth: 0,
  };
}
