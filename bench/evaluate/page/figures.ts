/** Bars and dots: how many were found, how soon, and how measures tell. */
import { wilson } from '../statistics.ts';
import { type Evaluation, foundIn, foundShare, hostile, inSection, meanRecall, scoresOf } from './data.ts';
import { categories, type Figure, figureOf, INK, percentOf, values } from './draw.ts';

const ROW = 26;

/** A bar per adversary, with its interval. */
export function foundFigure(evaluation: Evaluation): Figure {
  const results = hostile(evaluation);
  const spans = results.map((result) => wilson(foundIn(result).length, scoresOf(result).length));
  const name = (i: number) => results[i]!.one.id;
  return figureOf(
    'found',
    `Share of campaigns found with 95 % intervals: ${results.map((result, i) => `${name(i)} ${percentOf(foundShare(result))}`).join(', ')}.`,
    {
      grid: { left: 70, right: 30, top: 20, bottom: 40 },
      xAxis: values({
        min: 0,
        max: 1,
        name: 'share of seeds in which it was found',
        nameLocation: 'middle',
        nameGap: 26,
        axisLabel: { color: INK.text, formatter: percentOf },
      }),
      yAxis: categories(
        results.map((_, i) => name(i)),
        { inverse: true },
      ),
      series: [
        { type: 'bar', data: results.map(foundShare), barWidth: 12, itemStyle: { color: INK.main } },
        {
          type: 'custom',
          data: spans.map(([low, high], i) => [low, high, i]),
          encode: { x: [0, 1], y: 2 },
          renderItem: whisker,
          z: 3,
        },
      ],
    },
    { width: 760, height: 70 + ROW * results.length },
  );
}

interface Api {
  value(dimension: number): number;
  coord(point: [number, number]): [number, number];
}

function whisker(_: unknown, api: Api) {
  const [from, y] = api.coord([api.value(0), api.value(2)]);
  const [to] = api.coord([api.value(1), api.value(2)]);
  const line = (x1: number, y1: number, x2: number, y2: number) => ({
    type: 'line',
    shape: { x1, y1, x2, y2 },
    style: { stroke: INK.text, lineWidth: 1.5 },
  });
  return {
    type: 'group',
    children: [line(from, y, to, y), line(from, y - 4, from, y + 4), line(to, y - 4, to, y + 4)],
  };
}

/** A dot per seed in which the campaign was found. */
export function daysFigure(evaluation: Evaluation): Figure {
  const results = hostile(evaluation);
  const dots = results.flatMap((result, row) =>
    foundIn(result).map(({ daysFromFirst }, i) => [daysFromFirst ?? 0, row, i % 5] as const),
  );
  const longest = Math.max(3, ...dots.map(([days]) => days));
  return figureOf(
    'days',
    `Days from a campaign's first exchange to its finding, a dot per seed; the latest took ${longest.toFixed(1)} days.`,
    {
      grid: { left: 70, right: 30, top: 20, bottom: 40 },
      xAxis: values({
        min: 0,
        max: Math.ceil(longest),
        name: 'days from the first exchange to the finding',
        nameLocation: 'middle',
        nameGap: 26,
      }),
      yAxis: categories(
        results.map(({ one }) => one.id),
        { inverse: true },
      ),
      series: [
        {
          type: 'scatter',
          symbolSize: 7,
          itemStyle: { color: INK.main, opacity: 0.45 },
          data: dots.map(([days, row, step]) => ({ value: [days, row], symbolOffset: [0, 3 * (step - 2)] })),
        },
      ],
    },
    { width: 760, height: 70 + ROW * results.length },
  );
}

export function measuresFigure(evaluation: Evaluation): Figure {
  const results = inSection(evaluation, 'measures');
  return figureOf(
    'measures',
    `Share of accounts found as an operator takes more measures: ${results.map((result) => `${result.one.varied?.taken}: ${percentOf(meanRecall(result))}`).join(', ')}.`,
    {
      grid: { left: 250, right: 70, top: 20, bottom: 40 },
      xAxis: values({
        min: 0,
        max: 1,
        name: "share of the campaign's accounts found",
        nameLocation: 'middle',
        nameGap: 26,
        axisLabel: { color: INK.text, formatter: percentOf },
      }),
      yAxis: categories(
        results.map(({ one }) => (one.varied?.taken === 0 ? one.title : `+ ${one.title}`)),
        { inverse: true },
      ),
      series: [
        {
          type: 'bar',
          barWidth: 14,
          itemStyle: { color: INK.main },
          data: results.map((result) => meanRecall(result)),
          label: {
            show: true,
            position: 'right',
            color: INK.text,
            formatter: ({ value }: { value: number }) => percentOf(value),
          },
        },
      ],
    },
    { width: 760, height: 70 + ROW * results.length },
  );
}
