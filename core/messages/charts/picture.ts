/** A chart as shapes, before it is SVG for a page or PNG for a mail: both show the same. */
import { OUTLINES, UNITS_PER_EM } from './outlines.ts';

/** What a shape is, not which colour it has: the page gives colours for light and dark, the PNG for paper. */
export type Ink = 'text' | 'line' | 'mark' | 'main' | 'second';

export type Shape =
  | { kind: 'rect'; x: number; y: number; width: number; height: number; ink: Ink; hollow?: boolean }
  /** Horizontal or vertical. */
  | { kind: 'line'; x: number; y: number; length: number; upright?: boolean; ink: Ink; dashed?: boolean }
  /** `y` is the line that letters stand on. */
  | { kind: 'text'; x: number; y: number; text: string; size: number; ink: Ink; anchor?: Anchor };
export type Anchor = 'start' | 'middle' | 'end';

export interface Picture {
  /** Pixels; the PNG has twice as many. */
  width: number;
  height: number;
  shapes: Shape[];
}

/** Widths of the two drawings of each chart on a page, a desk and a phone, and of a mail's column. */
export const WIDE = 860;
export const NARROW = 328;
export const MAIL_WIDTH = 600;
export const LABEL = 12;

/** Pixels from the first letter to the end of the last, by the outlines of the PNG; a page's font is close to them. */
export function textWidth(text: string, size: number): number {
  let units = 0;
  for (const letter of text) units += outlineOf(letter)[0];
  return (units * size) / UNITS_PER_EM;
}

/** Figures are written in ASCII; anything else shows as a question mark. */
export function outlineOf(letter: string): readonly [number, string] {
  return OUTLINES[letter] ?? OUTLINES['?']!;
}

export function startOf({ x, text, size, anchor = 'start' }: Extract<Shape, { kind: 'text' }>): number {
  const width = textWidth(text, size);
  return anchor === 'start' ? x : anchor === 'middle' ? x - width / 2 : x - width;
}
