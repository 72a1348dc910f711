/**
 * A cursor over the bytes of one JSON line, for readers that know what the line should hold. It takes plain JSON only:
 * ASCII without escapes, whole numbers and short decimals, blanks between tokens. At anything else it sets `strange` and
 * stays safe to call; the caller then leaves the line to `JSON.parse`. So it never has to say what is wrong.
 *
 * Every line must end in a newline, at which each loop stops. Each key of an object is read with its object's words.
 */
import { HIGH_SEED, HIGH_STEP, LOW_SEED, LOW_STEP, setLanes } from '../aggregates/hash.ts';
import { DAY_MS, timeMs } from './time.ts';
import type { Words } from './words.ts';

const QUOTE = 34;
const BLANK = 32;
const COMMA = 44;
const POINT = 46;
const COLON = 58;
const OPEN_LIST = 91;
const CLOSE_LIST = 93;
const OPEN = 123;
/** In place of a key: there is none. */
export const END = -1;
const CLOSE = 125;

/** Digits that a double holds exactly, whatever they are. */
const EXACT_DIGITS = 15;
const POWERS = Array.from({ length: EXACT_DIGITS + 1 }, (_, i) => 10 ** i);

const DIGIT = 1;
const LETTER = 2;
/** Letters of base64url by their code, `-` and `_` among them; 0 for all others. */
const KINDS = new Uint8Array(256);
/** 1 for what stands in a text as it is. */
const PLAIN = new Uint8Array(256);
for (let code = BLANK; code < 127; code++) {
  const letter = String.fromCharCode(code);
  if (/\d/.test(letter)) KINDS[code] = DIGIT;
  else if (/[A-Za-z_-]/.test(letter)) KINDS[code] = LETTER;
  if (letter !== '"' && letter !== '\\') PLAIN[code] = 1;
}

export class LineCursor {
  bytes: Uint8Array = new Uint8Array(0);
  at = 0;
  strange = false;
  /** Where the latest text lay, without its quotes. */
  from = 0;
  to = 0;
  private dayFrom = new Uint8Array(10);
  private dayMs = Number.NaN;

  /** The line is not for a reader of plain JSON. */
  miss(): -1 {
    this.strange = true;
    return -1;
  }

  /** Into an object and past its first key; END where it is empty, and then past it. */
  first(words: Words): number {
    words.last = words.count;
    words.seen = 0;
    if (this.bytes[this.at] !== OPEN) return this.miss();
    return this.keyOrEnd(words);
  }

  /** Past a comma and the next key; END at the end of the object, and then past it, or where the line is strange. */
  next(words: Words): number {
    if (this.strange) return END;
    if (this.bytes[this.at] === BLANK) this.blanks();
    const byte = this.bytes[this.at];
    if (byte === CLOSE) {
      this.at++;
      return END;
    }
    return byte === COMMA ? this.keyOrEnd(words) : this.miss();
  }

  /** Into a list; false where it is empty, and then past it. */
  openList(): boolean {
    if (this.bytes[this.at] !== OPEN_LIST) return this.miss() > 0;
    this.at++;
    this.blanks();
    if (this.bytes[this.at] !== CLOSE_LIST) return true;
    this.at++;
    return false;
  }

  /** Past a comma; false at the end of the list, and then past it. */
  moreList(): boolean {
    this.blanks();
    const byte = this.bytes[this.at++];
    if (byte === COMMA) {
      this.blanks();
      return !this.strange;
    }
    if (byte !== CLOSE_LIST) this.strange = true;
    return false;
  }

  /** At the brace or comma before a key. The key that came here the last time is compared as a whole. */
  private keyOrEnd(words: Words): number {
    const { bytes } = this;
    const guess = words.successors[words.last]!;
    const expected = words.bytes;
    const to = words.starts[guess + 1]!;
    let i = words.starts[guess]! + 1;
    const back = this.at - i + 1;
    while (i < to && bytes[back + i] === expected[i]) i++;
    if (i < to) return this.otherKey(words);
    this.at = back + to;
    if (bytes[this.at] === BLANK) this.blanks();
    return this.once(words, guess);
  }

  /** `key`, if the object at hand did not have it yet. */
  private once(words: Words, key: number): number {
    const bit = 1 << key;
    if ((words.seen & bit) !== 0) return this.miss();
    words.seen |= bit;
    words.last = key;
    return key;
  }

  private otherKey(words: Words): number {
    const isFirst = this.bytes[this.at++] === OPEN;
    this.blanks();
    if (isFirst && this.bytes[this.at] === CLOSE) {
      this.at++;
      return END;
    }
    const key = this.word(words);
    if (key < 0) return END;
    words.successors[words.last] = key;
    this.blanks();
    if (this.bytes[this.at++] !== COLON) return this.miss();
    this.blanks();
    return this.once(words, key);
  }

  /** A text that `words` has; -1 where it is another. */
  word(words: Words): number {
    if (this.bytes[this.at] !== QUOTE) return this.miss();
    const found = words.find(this.bytes, this.at + 1);
    if (found < 0) return this.miss();
    this.at += words.lengthOf(found) + 2;
    return found;
  }

  /** A text of 1 to `max` characters, which lies from `from` to `to`. */
  text(max: number): void {
    const { bytes } = this;
    let i = this.at;
    if (bytes[i++] !== QUOTE) this.strange = true;
    this.from = i;
    while (PLAIN[bytes[i]!] === 1) i++;
    this.to = i;
    const length = i - this.from;
    if (bytes[i] !== QUOTE || length === 0 || length > max) this.strange = true;
    this.at = i + 1;
  }

  /** A fingerprint, which lies from `from` to `to`; what `hashText` makes of it, from the same seeds, is in `lanes`. */
  fingerprint(low = LOW_SEED, high = HIGH_SEED): void {
    const { bytes } = this;
    let i = this.at;
    if (bytes[i++] !== QUOTE) this.strange = true;
    this.from = i;
    let kinds = 0;
    let a = low | 0;
    let b = high | 0;
    for (;;) {
      const code = bytes[i]!;
      const kind = KINDS[code];
      // Undefined past the last byte, where a line that was cut off after a colon leads.
      if (!kind) break;
      kinds |= kind;
      a = Math.imul(a ^ code, LOW_STEP);
      a ^= a >>> 15;
      b = Math.imul(b ^ code, HIGH_STEP);
      b ^= b >>> 13;
      i++;
    }
    this.to = i;
    const length = i - this.from;
    if (bytes[i] !== QUOTE || length < 11 || length > 128 || (kinds === DIGIT && length <= 15)) this.strange = true;
    this.at = i + 1;
    setLanes(a, b, length);
  }

  /** A whole number from 0 to `max`. */
  whole(max: number): number {
    const value = this.digits(EXACT_DIGITS);
    if (value > max) this.strange = true;
    return value;
  }

  /** A number from 0 to `max`, in digits with or without a point. */
  decimal(max: number): number {
    const start = this.at;
    let value = this.digits(EXACT_DIGITS);
    if (this.bytes[this.at] === POINT) {
      const room = EXACT_DIGITS - (this.at - start);
      const point = ++this.at;
      const rest = this.run(room);
      const places = this.at - point;
      if (places === 0) this.strange = true;
      // Both are exact, and a quotient of exact numbers is rounded once: what JSON.parse makes of the same digits.
      else value = (value * POWERS[places]! + rest) / POWERS[places]!;
    }
    if (value > max) this.strange = true;
    return value;
  }

  boolean(): boolean {
    const { bytes, at } = this;
    const is = bytes[at] === 116;
    const rest = is ? TRUE : FALSE;
    for (let i = 0; i < rest.length; i++) if (bytes[at + i] !== rest[i]) this.strange = true;
    this.at = at + rest.length;
    return is;
  }

  /** RFC 3339 in UTC, as ms since 1970. */
  time(): number {
    const { bytes } = this;
    const from = this.at + 1;
    if (bytes[this.at] !== QUOTE || from + 21 > bytes.length) return this.miss();
    if (!this.isSameDay(from) && !this.takeDay(from)) return this.miss();
    const hour = pair(bytes, from + 11);
    const minute = pair(bytes, from + 14);
    const second = pair(bytes, from + 17);
    if (hour > 23 || minute > 59 || second > 59 || bytes[from + 10] !== 84) return this.miss();
    if (bytes[from + 13] !== COLON || bytes[from + 16] !== COLON) return this.miss();
    let i = from + 19;
    let milli = 0;
    if (bytes[i] === POINT) {
      const first = ++i;
      for (let scale = 100; i - first < 9 && KINDS[bytes[i]!] === DIGIT; scale = (scale / 10) | 0) {
        milli += (bytes[i++]! - 48) * scale;
      }
      if (i === first) return this.miss();
    }
    if (bytes[i] !== 90 || bytes[i + 1] !== QUOTE) return this.miss();
    this.at = i + 2;
    return this.dayMs + hour * 3_600_000 + minute * 60_000 + second * 1000 + milli;
  }

  /** Whether the line ends here; then past its end. */
  end(): boolean {
    this.blanks();
    if (this.bytes[this.at] === 13) this.at++;
    if (this.strange || this.bytes[this.at] !== 10) return false;
    this.at++;
    return true;
  }

  private isSameDay(from: number): boolean {
    for (let i = 9; i >= 0; i--) if (this.dayFrom[i] !== this.bytes[from + i]) return false;
    return true;
  }

  private takeDay(from: number): boolean {
    const text = String.fromCharCode(...this.bytes.subarray(from, from + 10));
    const ms = /^\d{4}-\d\d-\d\d$/.test(text) ? timeMs(`${text}T00:00:00Z`) : Number.NaN;
    // A day that the calendar does not have would be another one when it is written again.
    if (!Number.isFinite(ms) || new Date(ms).toISOString().slice(0, 10) !== text) return false;
    this.dayFrom.set(this.bytes.subarray(from, from + 10));
    this.dayMs = ms - (ms % DAY_MS);
    return true;
  }

  private blanks(): void {
    while (this.bytes[this.at] === BLANK) this.at++;
  }

  /** Digits without a leading zero. */
  private digits(most: number): number {
    const from = this.at;
    const value = this.run(most);
    const length = this.at - from;
    if (length === 0 || (length > 1 && this.bytes[from] === 48)) this.strange = true;
    return value;
  }

  private run(most: number): number {
    const { bytes } = this;
    const from = this.at;
    let i = from;
    let value = 0;
    for (; KINDS[bytes[i]!] === DIGIT && i - from < most; i++) value = value * 10 + bytes[i]! - 48;
    if (KINDS[bytes[i]!] === DIGIT) this.strange = true;
    this.at = i;
    return value;
  }
}

const TRUE = new TextEncoder().encode('true');
const FALSE = new TextEncoder().encode('false');

/** Two digits as a number; 100 where they are none. */
function pair(bytes: Uint8Array, at: number): number {
  const tens = bytes[at]! - 48;
  const ones = bytes[at + 1]! - 48;
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : 100;
}
