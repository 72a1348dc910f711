import { inflateSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { roundTicks } from '../../../core/messages/charts/axis.ts';
import { capabilityChart } from '../../../core/messages/charts/capability.ts';
import { daysPicture } from '../../../core/messages/charts/days.ts';
import { MAIL_WIDTH, type Picture, type Shape, startOf, textWidth } from '../../../core/messages/charts/picture.ts';
import { picturePng } from '../../../core/messages/charts/png.ts';
import { coverageOf, edgesOf } from '../../../core/messages/charts/raster.ts';
import { weeksChart } from '../../../core/messages/charts/share.ts';
import { pictureSvg } from '../../../core/messages/charts/svg.ts';
import { timeline } from '../../../core/messages/charts/timeline.ts';
import { buildReport } from '../../../core/messages/report-data.ts';
import { UPDATED } from './sample.ts';
import { REPORT_INPUT } from './sample-report.ts';

const REPORT = buildReport(REPORT_INPUT);

const weeks = () => weeksChart(REPORT)!;
const tasks = () => capabilityChart(UPDATED.finding, MAIL_WIDTH)!;
const days = () => daysPicture(timeline(REPORT, REPORT.campaigns[0]!)!.chart, MAIL_WIDTH);
const PICTURES: [string, () => Picture][] = [
  ['weeks', () => weeks().picture],
  ['tasks', () => tasks().picture],
  ['days', days],
];

/** Width, height and the rows of a PNG, as any reader takes it apart. */
function decode(png: Uint8Array) {
  const view = Buffer.from(png);
  const parts: Record<string, Buffer> = {};
  for (let at = 8; at < view.length; ) {
    const length = view.readUInt32BE(at);
    parts[view.toString('latin1', at + 4, at + 8)] = view.subarray(at + 8, at + 8 + length);
    at += 12 + length;
  }
  return { width: parts.IHDR!.readUInt32BE(0), height: parts.IHDR!.readUInt32BE(4), rows: inflateSync(parts.IDAT!) };
}

describe('a chart in a mail', () => {
  it.each(PICTURES)('is a PNG of twice its size, the same each time: %s', (_, draw) => {
    const picture = draw();
    const png = picturePng(picture);
    const { width, height, rows } = decode(png);
    expect([width, height]).toEqual([2 * picture.width, 2 * picture.height]);
    expect(rows).toHaveLength(height * (3 * width + 1));
    expect(Buffer.from(picturePng(draw())).equals(png)).toBe(true);
    expect(png.length).toBeLessThan(100_000);
  });

  it('says the six values, the marks and the largest lifts to those who do not see it', () => {
    expect(weeks().says).toBe(
      'Share of all output that went to campaigns, by week: 0, 0, 0, 0, 0.5, and this week 3.0 percent',
    );
    expect(tasks().says).toContain('long horizon 6.0x its usual share (9%), agentic reasoning 5.0x');
    expect(timeline(REPORT, REPORT.campaigns[0]!)!.says).toMatch(/^From 21,300 .* most on 21 Jun, 196,800.*opus-5\.1/);
  });

  it.each(PICTURES)('keeps every word and bar on the paper: %s', (_, draw) => {
    const { width, height, shapes } = draw();
    for (const shape of shapes) {
      for (const [x0, y0, x1, y1] of edgesOf(shape)) {
        expect(Math.min(x0, x1)).toBeGreaterThanOrEqual(-0.5);
        expect(Math.max(x0, x1)).toBeLessThanOrEqual(width + 0.5);
        expect(Math.min(y0, y1)).toBeGreaterThanOrEqual(-0.5);
        expect(Math.max(y0, y1)).toBeLessThanOrEqual(height + 0.5);
      }
    }
  });

  it.each(PICTURES)('sets no word over another: %s', (_, draw) => {
    const words = draw().shapes.filter((shape) => shape.kind === 'text');
    const boxes = words.map((word) => ({
      left: startOf(word),
      right: startOf(word) + textWidth(word.text, word.size),
      y: word.y,
    }));
    for (const [index, a] of boxes.entries())
      for (const b of boxes.slice(index + 1))
        expect(Math.abs(a.y - b.y) >= 12 || a.right <= b.left || b.right <= a.left).toBe(true);
  });
});

describe('ink on paper', () => {
  it('covers as much as the shape is large, wherever it lies between pixels', () => {
    const size = fc.double({ min: 0.01, max: 20, noNaN: true });
    const place = fc.double({ min: 0, max: 20, noNaN: true });
    fc.assert(
      fc.property(place, place, size, size, (x, y, width, height) => {
        const edges = edgesOf({ kind: 'rect', x, y, width, height, ink: 'main' });
        const covered = coverageOf(edges, 41, 41).reduce((sum, share) => sum + share, 0);
        expect(covered).toBeCloseTo(width * height, 2);
      }),
    );
  });

  it('covers half of a square cut along its diagonal, however it is turned', () => {
    fc.assert(
      fc.property(fc.double({ min: 1, max: 30, noNaN: true }), fc.boolean(), (side, turned) => {
        const triangle = [
          [0, 0, side, 0],
          [side, 0, 0, side],
          [0, side, 0, 0],
        ] as const;
        const edges = turned ? triangle.map(([a, b, c, d]) => [c, d, a, b] as const) : triangle;
        const covered = coverageOf(edges, 31, 31).reduce((sum, share) => sum + share, 0);
        expect(covered).toBeCloseTo((side * side) / 2, 2);
      }),
    );
  });

  it('writes every printable letter, and a hole stays a hole', () => {
    for (let code = 33; code < 127; code++) {
      const shape: Shape = { kind: 'text', x: 2, y: 30, text: String.fromCharCode(code), size: 30, ink: 'text' };
      expect(coverageOf(edgesOf(shape), 40, 40).reduce((sum, share) => sum + share, 0)).toBeGreaterThan(5);
    }
    const ring: Shape = { kind: 'rect', x: 0, y: 0, width: 20, height: 20, ink: 'main', hollow: true };
    expect(coverageOf(edgesOf(ring), 20, 20)[10 * 20 + 10]).toBe(0);
  });
});

describe('a chart on the page', () => {
  it('is named by what it says and lets no value become markup', () => {
    const shapes: Shape[] = [{ kind: 'text', x: 0, y: 10, text: '<b>&', size: 12, ink: 'text' }];
    const svg = pictureSvg({ width: 10, height: 10, shapes }, '"quoted"');
    expect(svg).toContain('aria-label="&quot;quoted&quot;"');
    expect(svg).toContain('&lt;b&gt;&amp;');
  });
});

describe('an axis', () => {
  it('begins at zero, ends at or above the largest value, in few even steps', () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-6, max: 1e15, noNaN: true }), (largest) => {
        const ticks = roundTicks(largest);
        expect(ticks[0]).toBe(0);
        expect(ticks.at(-1)!).toBeGreaterThanOrEqual(largest * (1 - 1e-8));
        expect(ticks.at(-1)!).toBeLessThanOrEqual(largest * 2.6);
        expect(ticks.length).toBeLessThanOrEqual(4);
      }),
    );
  });
});
