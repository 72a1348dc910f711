/** Time and memory of a sweep by accounts: what was measured, and where that leads. */
import { LineChart } from 'echarts/charts';
import { use } from 'echarts/core';
import { type Figure, figureOf, INK, values } from '../evaluate/page/draw.ts';
import { type Growth, growthOf, LAMBDA, type Row } from './rows.ts';

use([LineChart]);

const TO = 1e8;
const SIZE = { width: 760, height: 320 };

export function timeFigure(rows: readonly Row[]): Figure {
  return figure('scale-time', 'seconds of a sweep', rows, ({ seconds }) => seconds, LAMBDA.seconds);
}

export function memoryFigure(rows: readonly Row[]): Figure {
  return figure('scale-memory', 'peak of memory in MiB', rows, ({ peakMiB }) => peakMiB, LAMBDA.memoryMb);
}

function figure(name: string, what: string, rows: readonly Row[], pick: (row: Row) => number, limit: number): Figure {
  const growth = growthOf(rows, pick);
  const measured = rows.map((row) => [row.accounts, pick(row)] as const);
  const told = measured.map(([accounts, value]) => `${accounts.toLocaleString('en')}: ${value.toFixed(0)}`).join(', ');
  return figureOf(
    name,
    `By accounts, ${what}: ${told}; the limit of Lambda is ${limit.toLocaleString('en')}.`,
    {
      grid: { left: 80, right: 50, top: 30, bottom: 50 },
      xAxis: values({ type: 'log', min: 1e4, max: TO, name: 'accounts', nameLocation: 'middle', nameGap: 30 }),
      yAxis: values({ type: 'log', name: what, nameLocation: 'end' }),
      series: [
        line(ahead(growth, rows.at(-1)!.accounts), INK.quiet, 'dashed'),
        line(
          [
            [1e4, limit],
            [TO, limit],
          ],
          INK.second,
          'solid',
        ),
        { ...line(measured, INK.main, 'solid'), symbol: 'circle', symbolSize: 8, showSymbol: true },
      ],
    },
    SIZE,
  );
}

function ahead(growth: Growth, from: number): (readonly [number, number])[] {
  return [from, from * 10, from * 100, TO]
    .filter((accounts) => accounts <= TO)
    .map((accounts) => [accounts, growth.at(accounts)] as const);
}

function line(data: readonly (readonly number[])[], colour: string, type: string) {
  return {
    type: 'line',
    data,
    showSymbol: false,
    itemStyle: { color: colour },
    lineStyle: { color: colour, type, width: 2 },
  };
}
