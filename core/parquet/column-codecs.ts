/** What the values of a column are read as, one way for each kind. */
import { convert } from 'hyparquet/src/convert.js';
import { readPlain } from 'hyparquet/src/plain.js';
import type { ColumnDecoder, DecodedArray } from 'hyparquet/src/types.js';

/** In place of a number: there is no value. NaN where a value is no number, or below 0. */
export const NONE = -1;
export type Texts = (Uint8Array | undefined)[];

/** What a text comes to, from its bytes in UTF-8: a number of at least 0, or NaN. */
export type TextCell = (bytes: Uint8Array, from: number, to: number) => number;

export interface Codec<D extends Float64Array | Texts> {
  /** Places for values, to be filled. */
  room(count: number): D;
  /** Some of the values, as a view where there can be one. */
  part(values: D, from: number, end: number): D;
  /** What stands in a place without a value. */
  none: D[number];
  /** The values that lie from `at` on, one after the other. */
  plain(bytes: Uint8Array, at: number, count: number): D;
  /** What the library made of values that are encoded in another way. */
  of(values: DecodedArray): D;
}

const numbers = {
  room: (count: number) => new Float64Array(count),
  part: (values: Float64Array, from: number, end: number) => values.subarray(from, end),
  none: NONE,
};

/** Each text as the number that `cell` makes of it. */
export function cellCodec(cell: TextCell): Codec<Float64Array> {
  return {
    ...numbers,
    plain: (bytes, at, count) => {
      const made = new Float64Array(count);
      eachText(bytes, at, count, (i, from, to) => {
        made[i] = cell(bytes, from, to);
      });
      return made;
    },
    of: (values) => each(values, (value) => (value instanceof Uint8Array ? cell(value, 0, value.length) : Number.NaN)),
  };
}

/** Each text as its bytes, a view of the file's own. */
export const textCodec: Codec<Texts> = {
  room: (count) => new Array<Uint8Array | undefined>(count),
  part: (values, from, end) => values.slice(from, end),
  none: undefined,
  plain: (bytes, at, count) => {
    const made = new Array<Uint8Array | undefined>(count);
    eachText(bytes, at, count, (i, from, to) => {
      made[i] = bytes.subarray(from, to);
    });
    return made;
  },
  of: (values) => values as Texts,
};

/** Numbers as they lie. */
export function numberCodec(type: NumberType): Codec<Float64Array> {
  const { size, read } = NUMBERS[type];
  return {
    ...numbers,
    plain: (bytes, at, count) => {
      const view = new DataView(bytes.buffer, bytes.byteOffset + at, count * size);
      const made = new Float64Array(count);
      for (let i = 0; i < count; i++) {
        const value = read(view, i * size);
        made[i] = value >= 0 ? value : Number.NaN;
      }
      return made;
    },
    of: (values) => each(values, numberOf),
  };
}

/** All else that a number may be kept as, as the library reads it. */
export function libraryCodec(decoder: ColumnDecoder, toNumber: (value: unknown) => number): Codec<Float64Array> {
  const of = (values: DecodedArray) => each(convert(values, decoder), toNumber);
  return {
    ...numbers,
    plain: (bytes, at, count) => {
      const reader = { view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), offset: at };
      return of(readPlain(reader, decoder.type, count, decoder.element.type_length));
    },
    of,
  };
}

/** Several times faster than `Float64Array.from`. */
function each(values: ArrayLike<unknown>, toNumber: (value: unknown) => number): Float64Array {
  const made = new Float64Array(values.length);
  for (let i = 0; i < values.length; i++) made[i] = toNumber(values[i]);
  return made;
}

export function numberOf(value: unknown): number {
  const number = typeof value === 'bigint' ? Number(value) : value;
  return typeof number === 'number' && number >= 0 ? number : Number.NaN;
}

/** 1 for true. */
export function flagOf(value: unknown): number {
  return typeof value === 'boolean' ? Number(value) : Number.NaN;
}

export const NUMBER_TYPES = ['INT32', 'INT64', 'FLOAT', 'DOUBLE'] as const;
type NumberType = (typeof NUMBER_TYPES)[number];
const NUMBERS: Record<NumberType, { size: number; read: (view: DataView, at: number) => number }> = {
  INT32: { size: 4, read: (view, at) => view.getInt32(at, true) },
  // Rounded beyond 2^53, as by `Number`.
  INT64: { size: 8, read: (view, at) => view.getInt32(at + 4, true) * 2 ** 32 + view.getUint32(at, true) },
  FLOAT: { size: 4, read: (view, at) => view.getFloat32(at, true) },
  DOUBLE: { size: 8, read: (view, at) => view.getFloat64(at, true) },
};

/** Each text is preceded by its length. */
function eachText(
  bytes: Uint8Array,
  at: number,
  count: number,
  take: (i: number, from: number, to: number) => void,
): void {
  for (let i = 0, from = at; i < count; i++) {
    const length = bytes[from]! | (bytes[from + 1]! << 8) | (bytes[from + 2]! << 16) | (bytes[from + 3]! << 24);
    const to = from + 4 + length;
    if (!(length >= 0 && to <= bytes.length)) throw new RangeError('a text beyond its page');
    take(i, from + 4, to);
    from = to;
  }
}
