/** Whether a value is of one of the contract's kinds, by loops and comparisons: these run some forty times a record. */
import { isTime } from './time.ts';

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** `max` in UTF-16 code units, as everywhere in the contract. */
export function isText(value: unknown, max: number): boolean {
  return typeof value === 'string' && value.length > 0 && value.length <= max;
}

export function isInteger(value: unknown, max: number): boolean {
  return isNumber(value, max) && Math.floor(value) === value;
}

export function isNumber(value: unknown, max: number): value is number {
  return typeof value === 'number' && value >= 0 && value <= max;
}

export function isTimeText(value: unknown): boolean {
  return typeof value === 'string' && isTime(value);
}

/** `FINGERPRINT`: 11 to 128 letters of base64url, but not a telephone number of 11 to 15 digits. */
export function isFingerprint(value: unknown): boolean {
  if (typeof value !== 'string' || value.length < 11 || value.length > 128) return false;
  const kinds = kindsIn(value);
  return kinds <= MIXED && (kinds > DIGIT || value.length > 15);
}

/** `isFingerprint` of the text in UTF-8 from `from` to `to`. */
export function isFingerprintBytes(bytes: Uint8Array, from: number, to: number): boolean {
  const length = to - from;
  if (length < 11 || length > 128) return false;
  let kinds = 0;
  for (let i = from; i < to; i++) kinds |= KINDS[bytes[i]!]!;
  return kinds <= MIXED && (kinds > DIGIT || length > 15);
}

/** `SKETCH`. */
export function isSketch(value: unknown): boolean {
  return typeof value === 'string' && value.length === 43 && kindsIn(value) <= MIXED;
}

/** `LANGUAGE`. */
export function isLanguage(value: unknown): boolean {
  if (typeof value !== 'string' || value.length < 2 || value.length > 8) return false;
  for (let i = 0; i < value.length; i++) {
    const lower = value.charCodeAt(i) | 32;
    if (lower < 97 || lower > 122) return false;
  }
  return true;
}

const DIGIT = 1;
const LETTER = 2;
const FOREIGN = 4;
/** What a text of digits and letters comes to. */
const MIXED = DIGIT | LETTER;
/** By UTF-16 code unit, all 65,536 of them, so that the loop below needs no branch: `-` and `_` count as letters. */
const KINDS = new Uint8Array(65_536).fill(FOREIGN);
for (let code = 0; code < 128; code++) KINDS[code] = kindOf(String.fromCharCode(code));

function kindOf(letter: string): number {
  if (/\d/.test(letter)) return DIGIT;
  return /[A-Za-z_-]/.test(letter) ? LETTER : FOREIGN;
}

/** The kinds that occur in a text, as bits. */
function kindsIn(text: string): number {
  let kinds = 0;
  for (let i = 0; i < text.length; i++) kinds |= KINDS[text.charCodeAt(i)]!;
  return kinds;
}
