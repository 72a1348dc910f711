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
  const letters = lettersIn(value);
  return letters >= LETTER || (letters === DIGIT && value.length > 15);
}

/** `SKETCH`. */
export function isSketch(value: unknown): boolean {
  return typeof value === 'string' && value.length === 43 && lettersIn(value) > 0;
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
/** By character code: `DIGIT`, `LETTER` (`-` and `_` too), 0 for what base64url does not hold. */
const KINDS = Uint8Array.from({ length: 128 }, (_, code) => kindOf(String.fromCharCode(code)));

function kindOf(letter: string): number {
  if (/\d/.test(letter)) return DIGIT;
  return /[A-Za-z_-]/.test(letter) ? LETTER : 0;
}

/** Bits of the kinds that occur; 0 where any character is none of base64url. */
function lettersIn(text: string): number {
  let kinds = 0;
  for (let i = 0; i < text.length; i++) {
    const kind = KINDS[text.charCodeAt(i)];
    if (!kind) return 0;
    kinds |= kind;
  }
  return kinds;
}
