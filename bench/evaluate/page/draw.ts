/** Charts as SVG files on white, for a page that is read in a browser or on a forge. The same data, the same bytes. */
import { CustomChart, HeatmapChart, ScatterChart } from 'echarts/charts';
import { LegendComponent, VisualMapComponent } from 'echarts/components';
import { type EChartsCoreOption, use } from 'echarts/core';
import { type ChartSize, drawSvg } from './echarts.ts';

use([CustomChart, HeatmapChart, ScatterChart, LegendComponent, VisualMapComponent]);

/** Dark enough on white to be read (contrast of 4.5 and more for text), and apart for the colour-blind. */
export const INK = {
  text: '#24292f',
  quiet: '#57606a',
  line: '#d8dee4',
  main: '#1f6feb',
  second: '#d4793a',
  low: '#f6f8fa',
  high: '#0b5cad',
} as const;

export interface Figure {
  /** File name under `figures`. */
  file: string;
  /** What the picture shows, for those who do not see it. */
  alt: string;
  svg: string;
}

export function figureOf(name: string, alt: string, option: EChartsCoreOption, size: ChartSize): Figure {
  const drawn = drawSvg({ textStyle: { color: INK.text, fontSize: 12 }, ...option }, size, name, alt);
  const svg = drawn.replace(
    /<svg viewBox="([^"]*)"([^>]*)>/,
    `<svg xmlns="http://www.w3.org/2000/svg" width="${size.width}" height="${size.height}" viewBox="$1"$2>` +
      `<rect width="${size.width}" height="${size.height}" fill="#ffffff"/>`,
  );
  return { file: `${name}.svg`, alt, svg: `${svg}\n` };
}

const AXIS = {
  axisLine: { lineStyle: { color: INK.line } },
  axisTick: { show: false },
  axisLabel: { color: INK.text, fontSize: 12 },
  nameTextStyle: { color: INK.quiet, fontSize: 12 },
};

export function categories(data: readonly string[], more: object = {}) {
  return { ...AXIS, type: 'category', data, ...more };
}

export function values(more: object = {}) {
  return { ...AXIS, type: 'value', splitLine: { lineStyle: { color: INK.line } }, ...more };
}

export interface Heat {
  name: string;
  alt: string;
  /** Top to bottom. */
  rows: readonly string[];
  columns: readonly string[];
  rowTitle: string;
  columnTitle: string;
  /** Share from 0 to 1; NaN where nothing was run. */
  share(row: number, column: number): number;
  left: number;
}

/** A grid of shares, each written into its cell: colour alone says nothing to some readers. */
export function heatMap({ name, alt, rows, columns, rowTitle, columnTitle, share, left }: Heat): Figure {
  const cells = rows.flatMap((_, row) =>
    columns.map((_, column) => ({ value: [column, row, share(row, column)] as const })),
  );
  const size = { width: Math.max(480, left + 60 * columns.length + 30), height: 70 + 34 * rows.length + 30 };
  const data = cells.map(({ value }) => ({
    value: [...value],
    label: { color: value[2] > 0.55 ? '#ffffff' : INK.text },
  }));
  return figureOf(
    name,
    alt,
    {
      grid: { left, right: 20, top: 46, bottom: 34 },
      xAxis: categories(columns, { position: 'top', name: columnTitle, nameLocation: 'middle', nameGap: 26 }),
      yAxis: categories(rows, { inverse: true, name: rowTitle, nameLocation: 'end', nameGap: 10 }),
      visualMap: { show: false, min: 0, max: 1, dimension: 2, inRange: { color: [INK.low, INK.high] } },
      series: [
        {
          type: 'heatmap',
          data: data.filter(({ value }) => !Number.isNaN(value[2])),
          label: { show: true, fontSize: 12, formatter: (cell: { value: number[] }) => percentOf(cell.value[2]!) },
          itemStyle: { borderColor: '#ffffff', borderWidth: 2 },
        },
      ],
    },
    size,
  );
}

export function percentOf(share: number): string {
  return `${Math.round(100 * share)} %`;
}
