/**
 * What one text of a column says of an exchange, as a number of its row, straight from its bytes: a column keeps each of
 * its texts once for thousands of rows, and hands over the number for all of them. NaN where the contract may refuse it.
 */
import { hashBytes, hashText, lanes, lanes48 } from '../aggregates/hash.ts';
import type { TextCell } from '../parquet/column-codecs.ts';
import { isFingerprintBytes, isLanguage, isText } from '../records/values.ts';

const decoder = new TextDecoder();

/** 48 bits of a fingerprint. */
export const print48: TextCell = (bytes, from, to) => {
  if (!isFingerprintBytes(bytes, from, to)) return Number.NaN;
  hashBytes(bytes, from, to);
  return lanes48();
};

/** 32 bits of a fingerprint. */
export const print32: TextCell = (bytes, from, to) => {
  if (!isFingerprintBytes(bytes, from, to)) return Number.NaN;
  hashBytes(bytes, from, to);
  return lanes.low;
};

/** 32 bits of a text of 1 to 128 characters. */
export const name32: TextCell = (bytes, from, to) => {
  return hashName(bytes.subarray(from, to), 128) ? lanes.low : Number.NaN;
};

/** 16 bits. */
export const language: TextCell = (bytes, from, to) => {
  const text = decoder.decode(bytes.subarray(from, to));
  if (!isLanguage(text)) return Number.NaN;
  hashText(text.toLowerCase());
  return lanes.low & 0xffff;
};

/** Place in `words`. */
export function wordOf(words: readonly string[]): TextCell {
  const places = new Map(words.map((word, i) => [word, i]));
  return (bytes, from, to) => places.get(decoder.decode(bytes.subarray(from, to))) ?? Number.NaN;
}

/** No text is for the short way. */
export const refused: TextCell = () => Number.NaN;

/** `hashText` of a text of 1 to `max` characters, into `lanes`; false where it is of another length. */
export function hashName(bytes: Uint8Array, max: number, low?: number, high?: number): boolean {
  if (isAscii(bytes)) {
    if (bytes.length === 0 || bytes.length > max) return false;
    hashBytes(bytes, 0, bytes.length, low, high);
    return true;
  }
  const text = decoder.decode(bytes);
  if (!isText(text, max)) return false;
  hashText(text, low, high);
  return true;
}

export function isAscii(bytes: Uint8Array): boolean {
  let all = 0;
  for (let i = 0; i < bytes.length; i++) all |= bytes[i]!;
  return all < 128;
}

export function textOf(bytes: Uint8Array): string {
  return decoder.decode(bytes);
}
