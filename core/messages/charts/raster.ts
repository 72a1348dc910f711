/**
 * Polygons to grey levels with exact area coverage: each edge adds what it covers of every pixel it crosses, and a
 * running sum along the row fills what lies between edges (R. Levien, font-rs, 2016).
 */
import { UNITS_PER_EM } from './outlines.ts';
import { outlineOf, type Shape, startOf } from './picture.ts';

export type Edge = readonly [x0: number, y0: number, x1: number, y1: number];

/** Straight pieces of one quadratic curve; at 24 pixels to the em none is longer than two pixels. */
const PIECES = 4;
const DASH = 3;

/** Edges of a shape in pixels of the picture, y downwards; contours are closed. */
export function edgesOf(shape: Shape): Edge[] {
  if (shape.kind === 'text') return textEdges(shape);
  if (shape.kind === 'line') return lineEdges(shape);
  const { x, y, width, height, hollow } = shape;
  if (width <= 0 || height <= 0) return [];
  const outer = box(x, y, width, height);
  const rim = 1.5;
  if (!hollow || width <= 2 * rim || height <= 2 * rim) return outer;
  const hole = box(x + rim, y + rim, width - 2 * rim, height - 2 * rim);
  return [...outer, ...hole.map(([x0, y0, x1, y1]): Edge => [x1, y1, x0, y0])];
}

function box(x: number, y: number, width: number, height: number): Edge[] {
  const [right, bottom] = [x + width, y + height];
  return [
    [x, y, right, y],
    [right, y, right, bottom],
    [right, bottom, x, bottom],
    [x, bottom, x, y],
  ];
}

function lineEdges({ x, y, length, upright, dashed }: Extract<Shape, { kind: 'line' }>): Edge[] {
  const piece = (from: number, size: number) =>
    upright ? box(x - 0.5, y + from, 1, size) : box(x + from, y - 0.5, size, 1);
  if (!dashed) return piece(0, length);
  const count = Math.ceil(length / (2 * DASH));
  return Array.from({ length: count }, (_, index) => {
    const from = 2 * DASH * index;
    return piece(from, Math.min(DASH, length - from));
  }).flat();
}

function textEdges(shape: Extract<Shape, { kind: 'text' }>): Edge[] {
  const scale = shape.size / UNITS_PER_EM;
  let at = startOf(shape);
  return [...shape.text].flatMap((letter) => {
    const [advance, contours] = outlineOf(letter);
    const left = at;
    at += advance * scale;
    return contourEdges(contours, (x, y) => [left + x * scale, shape.y - y * scale]);
  });
}

function contourEdges(contours: string, place: (x: number, y: number) => [number, number]): Edge[] {
  const edges: Edge[] = [];
  let start: [number, number] = [0, 0];
  let last = start;
  const lineTo = (next: [number, number]) => {
    edges.push([...last, ...next]);
    last = next;
  };
  for (const [, command, words] of contours.matchAll(/([MLQ])([^MLQ]*)/g)) {
    const numbers = (words!.match(/-?\d+/g) ?? []).map(Number);
    const to = place(numbers.at(-2)!, numbers.at(-1)!);
    if (command === 'M') {
      if (last !== start) lineTo(start);
      start = to;
      last = to;
    } else if (command === 'L') lineTo(to);
    else curve(last, place(numbers[0]!, numbers[1]!), to, lineTo);
  }
  if (last !== start) lineTo(start);
  return edges;
}

function curve(
  [x0, y0]: [number, number],
  [cx, cy]: [number, number],
  [x1, y1]: [number, number],
  lineTo: (next: [number, number]) => void,
): void {
  for (let piece = 1; piece <= PIECES; piece++) {
    const t = piece / PIECES;
    const [a, b, c] = [(1 - t) * (1 - t), 2 * t * (1 - t), t * t];
    lineTo([a * x0 + b * cx + c * x1, a * y0 + b * cy + c * y1]);
  }
}

/** Share of each pixel that the polygon covers, 0 to 1, row by row. Edges beyond the picture are cut off at its rim. */
export function coverageOf(edges: readonly Edge[], width: number, height: number): Float32Array {
  const stride = width + 2;
  const sums = new Float32Array(stride * height);
  const cut = (x: number) => Math.min(width, Math.max(0, x));
  for (const [x0, y0, x1, y1] of edges) addEdge(sums, stride, height, [cut(x0), y0, cut(x1), y1]);
  const out = new Float32Array(width * height);
  for (let row = 0; row < height; row++) {
    let sum = 0;
    for (let column = 0; column < width; column++) {
      sum += sums[row * stride + column]!;
      out[row * width + column] = Math.min(1, Math.abs(sum));
    }
  }
  return out;
}

function addEdge(sums: Float32Array, stride: number, height: number, [ax, ay, bx, by]: Edge): void {
  if (ay === by) return;
  const sign = ay < by ? 1 : -1;
  const [x0, y0, x1, y1] = ay < by ? [ax, ay, bx, by] : [bx, by, ax, ay];
  const slope = (x1 - x0) / (y1 - y0);
  for (let row = Math.max(0, Math.floor(y0)); row < Math.min(height, Math.ceil(y1)); row++) {
    const [top, bottom] = [Math.max(row, y0), Math.min(row + 1, y1)];
    const from = x0 + (top - y0) * slope;
    const to = x0 + (bottom - y0) * slope;
    addSpan(sums, row * stride, Math.min(from, to), Math.max(from, to), sign * (bottom - top));
  }
}

/** One edge within one row, from `left` to `right`, of signed height `high`. */
function addSpan(sums: Float32Array, row: number, left: number, right: number, high: number): void {
  const first = Math.floor(left);
  const past = Math.max(first + 1, Math.ceil(right));
  let before = 0;
  for (let column = first; column < past; column++) {
    const covered = high * coveredBeyond(left, right, column);
    sums[row + column]! += covered - before;
    before = covered;
  }
  sums[row + past]! += high - before;
}

/** Share of pixel `column` that lies right of an edge running from `left` to `right` over its full height. */
function coveredBeyond(left: number, right: number, column: number): number {
  const end = column + 1;
  if (right - left < 1e-9) return Math.min(1, Math.max(0, end - left));
  const beyond = (x: number) =>
    x <= left ? 0 : x >= right ? x - (left + right) / 2 : (x - left) ** 2 / (2 * (right - left));
  return beyond(end) - beyond(column);
}
