/**
 * Charts as SVG text without a browser. Colours are the page's own variables, so one drawing serves light and dark;
 * the same option gives the same bytes, in whatever order charts are drawn.
 */
import { BarChart } from 'echarts/charts';
import { GridComponent, MarkLineComponent } from 'echarts/components';
import { type EChartsCoreOption, init, use } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';

use([BarChart, GridComponent, MarkLineComponent, SVGRenderer]);

export interface ChartSize {
  /** Pixels; also the units of the view box. */
  width: number;
  height: number;
}

/** Variables that the page defines for both colour schemes. */
export const INK = {
  text: 'var(--quiet)',
  line: 'var(--line)',
  mark: 'var(--accent)',
  main: 'var(--data)',
  second: 'var(--data-2)',
} as const;

export const FONT = 'system-ui, -apple-system, sans-serif';

/** An `svg` element that scales to its container and is named by `label`. `key` must be unique within a page. */
export function drawSvg(option: EChartsCoreOption, size: ChartSize, key: string, label: string): string {
  const chart = init(null, null, { renderer: 'svg', ssr: true, ...size });
  try {
    chart.setOption({ animation: false, textStyle: { fontFamily: FONT }, ...option });
    return tidy(chart.renderToSVGString({ useViewBox: true }), size, key, label);
  } finally {
    chart.dispose();
  }
}

/** The library numbers its ids by a counter of the process; the page's key takes its place. */
function tidy(svg: string, size: ChartSize, key: string, label: string): string {
  const name = label.replace(/[&<>"]/g, (each) => `&#${each.charCodeAt(0)};`);
  return svg
    .replace(/<svg[^>]*>/, `<svg viewBox="0 0 ${size.width} ${size.height}" role="img" aria-label="${name}">`)
    .replace(/<rect width="\d+" height="\d+" x="0" y="0"[^>]*><\/rect>/, '')
    .replace(/<style[^>]*>.*?<\/style>/gs, '')
    .replace(/ (?:class|pointer-events)="[^"]*"/g, '')
    .replace(/\bzr\d+-/g, `${key}-`)
    .replace(/\s+ecmeta_[a-z_]+="[^"]*"/g, '')
    .replace(/\n/g, '');
}
