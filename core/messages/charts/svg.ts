/** A chart as an `svg` element. Colours are the page's own variables, so that one drawing serves light and dark. */
import { escapeHtml } from '../html.ts';
import type { Ink, Picture, Shape } from './picture.ts';

const COLOURS: Record<Ink, string> = {
  text: 'var(--quiet)',
  line: 'var(--line)',
  mark: 'var(--accent)',
  main: 'var(--data)',
  second: 'var(--data-2)',
};

/** Scales to its container; `label` says what it shows to those who cannot see it. */
export function pictureSvg({ width, height, shapes }: Picture, label: string): string {
  const open = `<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${escapeHtml(label)}">`;
  return `${open}${shapes.map(element).join('')}</svg>`;
}

function element(shape: Shape): string {
  const colour = COLOURS[shape.ink];
  if (shape.kind === 'text') {
    const { x, y, size, anchor, text } = shape;
    const place = anchor && anchor !== 'start' ? ` text-anchor="${anchor}"` : '';
    return `<text x="${short(x)}" y="${short(y)}" font-size="${size}" fill="${colour}"${place}>${escapeHtml(text)}</text>`;
  }
  if (shape.kind === 'line') {
    const { x, y, length, upright, dashed } = shape;
    const end = upright ? `V${short(y + length)}` : `H${short(x + length)}`;
    const dash = dashed ? ' stroke-dasharray="3"' : '';
    return `<path d="M${short(x)} ${short(y)}${end}" stroke="${colour}"${dash}/>`;
  }
  const { x, y, width, height, hollow } = shape;
  const inset = hollow ? Math.min(0.75, width / 2, height / 2) : 0;
  const [left, top, wide, high] = [x + inset, y + inset, width - 2 * inset, height - 2 * inset].map(short);
  const fill = hollow ? `fill="none" stroke="${colour}" stroke-width="1.5"` : `fill="${colour}"`;
  return `<rect x="${left}" y="${top}" width="${wide}" height="${high}" ${fill}/>`;
}

function short(value: number): string {
  return String(Number(value.toFixed(2)));
}
