/** A chart as PNG at twice its size, for mail: mail readers show no SVG. The same picture gives the same bytes. */
import { crc32, deflateSync } from 'node:zlib';
import type { Ink, Picture, Shape } from './picture.ts';
import { coverageOf, type Edge, edgesOf } from './raster.ts';

const SCALE = 2;

/** On white paper, contrast: text 6.4:1, marks 6.6:1, bars 6.9:1, second bars 3.3:1. */
export const PAPER: Record<Ink, readonly [number, number, number]> = {
  text: [0x5c, 0x5f, 0x66],
  line: [0xd9, 0xd7, 0xd2],
  mark: [0xa3, 0x3b, 0x20],
  main: [0x1f, 0x60, 0x74],
  second: [0x6f, 0x8f, 0x9a],
};

export function picturePng(picture: Picture): Uint8Array {
  const [width, height] = [picture.width * SCALE, picture.height * SCALE];
  return encode(pixels(picture, width, height), width, height);
}

/** Shapes one over the other on white, three bytes a pixel. */
function pixels({ shapes }: Picture, width: number, height: number): Uint8Array {
  const out = new Uint8Array(width * height * 3).fill(255);
  for (const shape of shapes) paint(out, width, height, shape);
  return out;
}

/** Only the part of the paper that the shape touches is looked at. */
function paint(out: Uint8Array, width: number, height: number, shape: Shape): void {
  const edges = edgesOf(shape).map(([x0, y0, x1, y1]): Edge => [x0 * SCALE, y0 * SCALE, x1 * SCALE, y1 * SCALE]);
  if (edges.length === 0) return;
  const xs = edges.map(([x]) => x);
  const ys = edges.map(([, y]) => y);
  const [left, top] = [Math.max(0, Math.floor(Math.min(...xs))), Math.max(0, Math.floor(Math.min(...ys)))];
  const wide = Math.min(width, Math.ceil(Math.max(...xs))) - left;
  const high = Math.min(height, Math.ceil(Math.max(...ys))) - top;
  if (wide <= 0 || high <= 0) return;
  const moved = edges.map(([x0, y0, x1, y1]): Edge => [x0 - left, y0 - top, x1 - left, y1 - top]);
  const shares = coverageOf(moved, wide, high);
  const ink = PAPER[shape.ink];
  for (const [index, share] of shares.entries()) {
    if (share === 0) continue;
    const at = ((top + Math.floor(index / wide)) * width + left + (index % wide)) * 3;
    for (let band = 0; band < 3; band++)
      out[at + band] = Math.round(out[at + band]! * (1 - share) + ink[band]! * share);
  }
}

const SIGNATURE = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);

/** PNG, third edition (W3C, 2025): header, one compressed stream of rows, end. */
function encode(rgb: Uint8Array, width: number, height: number): Uint8Array {
  const header = new DataView(new ArrayBuffer(13));
  header.setUint32(0, width);
  header.setUint32(4, height);
  header.setUint16(8, 0x0802);
  const rows = unfiltered(rgb, width * 3);
  const parts = [
    SIGNATURE,
    chunk('IHDR', new Uint8Array(header.buffer)),
    chunk('IDAT', deflateSync(rows, { level: 9 })),
    chunk('IEND', new Uint8Array()),
  ];
  return joined(parts);
}

/** Rows behind a zero each: no filter, which packs bars and empty paper best. */
function unfiltered(rgb: Uint8Array, stride: number): Uint8Array {
  const height = rgb.length / stride;
  const rows = new Uint8Array((stride + 1) * height);
  for (let row = 0; row < height; row++)
    rows.set(rgb.subarray(row * stride, (row + 1) * stride), row * (stride + 1) + 1);
  return rows;
}

function chunk(type: string, data: Uint8Array): Uint8Array {
  const named = joined([new TextEncoder().encode(type), data]);
  return joined([bigEndian(data.length), named, bigEndian(crc32(named))]);
}

function bigEndian(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value);
  return bytes;
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}
