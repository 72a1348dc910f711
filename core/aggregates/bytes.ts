/** Bounded byte writer and reader: varints (LEB128) up to 2^53, fixed-width little-endian numbers, sparse counts. */

const WORD = 4_294_967_296;
const encoder = new TextEncoder();
const decoder = new TextDecoder();

export class ByteWriter {
  private bytes = new Uint8Array(2048);
  private at = 0;

  byte(value: number): void {
    this.reserve(1);
    this.bytes[this.at++] = value;
  }

  varint(value: number): void {
    this.reserve(8);
    let rest = value;
    while (rest >= 128) {
      this.bytes[this.at++] = (rest % 128) + 128;
      rest = Math.floor(rest / 128);
    }
    this.bytes[this.at++] = rest;
  }

  /** The lowest `width` bytes, little-endian; at most 4. */
  fixed(value: number, width: number): void {
    this.reserve(width);
    for (let i = 0; i < width; i++) this.bytes[this.at++] = value >> (8 * i);
  }

  /** The same with 6. */
  fixed48(value: number): void {
    this.reserve(6);
    const { bytes, at } = this;
    const high = Math.floor(value / WORD);
    const low = (value - high * WORD) | 0;
    bytes[at] = low;
    bytes[at + 1] = low >> 8;
    bytes[at + 2] = low >> 16;
    bytes[at + 3] = low >> 24;
    bytes[at + 4] = high;
    bytes[at + 5] = high >> 8;
    this.at += 6;
  }

  raw(bytes: Uint8Array): void {
    this.reserve(bytes.length);
    this.bytes.set(bytes, this.at);
    this.at += bytes.length;
  }

  text(value: string): void {
    if (this.ascii(value)) return;
    const encoded = encoder.encode(value);
    this.varint(encoded.length);
    this.raw(encoded);
  }

  /** As `text`, letter by letter; false, and nothing written, where one takes more than a byte. */
  private ascii(value: string): boolean {
    const from = this.at;
    const { length } = value;
    this.varint(length);
    this.reserve(length);
    let seen = 0;
    for (let i = 0; i < length; i++) {
      const code = value.charCodeAt(i);
      seen |= code;
      this.bytes[this.at++] = code;
    }
    if (seen < 128) return true;
    this.at = from;
    return false;
  }

  /** A presence bit for each of `length` numbers from `from` on, then those that are not 0. */
  sparse(numbers: ArrayLike<number>, from: number, length: number): void {
    let masks = this.leave((length + 7) >> 3);
    const end = from + length;
    for (let start = from; start < end; start += 8) {
      let mask = 0;
      for (let i = start; i < start + 8 && i < end; i++) {
        if (numbers[i] === 0) continue;
        mask |= 1 << (i - start);
        this.varint(numbers[i]!);
      }
      this.bytes[masks++] = mask;
    }
  }

  /**
   * As `sparse`, in digits of four bits (three of the number and one that says that more follow) of the number less 1:
   * half the room where most counts are up to 8.
   */
  sparseSmall(numbers: ArrayLike<number>, from: number, length: number): void {
    let masks = this.leave((length + 7) >> 3);
    const end = from + length;
    let held = -1;
    for (let start = from; start < end; start += 8) {
      let mask = 0;
      for (let i = start; i < start + 8 && i < end; i++) {
        if (numbers[i] === 0) continue;
        mask |= 1 << (i - start);
        for (let rest = numbers[i]! - 1, more = true; more; rest = Math.floor(rest / 8)) {
          more = rest >= 8;
          const digit = (rest % 8) + (more ? 8 : 0);
          if (held >= 0) this.byte(held + digit * 16);
          held = held >= 0 ? -1 : digit;
        }
      }
      this.bytes[masks++] = mask;
    }
    if (held >= 0) this.byte(held);
  }

  get length(): number {
    return this.at;
  }

  /** A copy of what was written; the writer starts again. */
  take(): Uint8Array {
    const written = this.bytes.slice(0, this.at);
    this.at = 0;
    return written;
  }

  /** As `take`, but a view: good until the next byte is written. */
  view(): Uint8Array {
    const written = this.bytes.subarray(0, this.at);
    this.at = 0;
    return written;
  }

  /** Where `length` bytes begin that are written later. */
  private leave(length: number): number {
    this.reserve(length);
    const from = this.at;
    this.at += length;
    return from;
  }

  private reserve(more: number): void {
    if (this.at + more <= this.bytes.length) return;
    const larger = new Uint8Array(Math.max(this.bytes.length * 2, this.at + more));
    larger.set(this.bytes);
    this.bytes = larger;
  }
}

/** Every read past the end throws a RangeError: bytes that were cut short are never read as zeros. */
export class ByteReader {
  private readonly bytes: Uint8Array;
  private at = 0;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  byte(): number {
    return this.bytes[this.skip(1)]!;
  }

  varint(): number {
    const first = this.byte();
    return first < 128 ? first : this.longVarint(first - 128);
  }

  fixed(width: number): number {
    const from = this.skip(width);
    let value = 0;
    for (let i = width - 1; i >= 0; i--) value = value * 256 + this.bytes[from + i]!;
    return value;
  }

  /** `fixed(6)`, of which there are hundreds in a profile. */
  fixed48(): number {
    const { bytes } = this;
    const i = this.skip(6);
    const low = bytes[i]! | (bytes[i + 1]! << 8) | (bytes[i + 2]! << 16) | (bytes[i + 3]! << 24);
    return (low >>> 0) + (bytes[i + 4]! | (bytes[i + 5]! << 8)) * WORD;
  }

  /** A copy: a Buffer, which the bytes may be, would lend its own memory when it is sliced. */
  raw(length: number): Uint8Array {
    const from = this.skip(length);
    const copy = new Uint8Array(length);
    for (let i = 0; i < length; i++) copy[i] = this.bytes[from + i]!;
    return copy;
  }

  text(): string {
    const length = this.varint();
    const from = this.skip(length);
    return decoder.decode(this.bytes.subarray(from, from + length));
  }

  /** Leaves the absent numbers as they are. */
  sparse(numbers: { [index: number]: number }, from: number, length: number): void {
    const masks = this.skip((length + 7) >> 3);
    for (let start = 0; start < length; start += 8) {
      for (let mask = this.bytes[masks + (start >> 3)]!; mask !== 0; mask &= mask - 1) {
        numbers[from + start + lowestBit(mask)] = this.varint();
      }
    }
  }

  /** Leaves the absent numbers as they are. */
  sparseSmall(numbers: { [index: number]: number }, from: number, length: number): void {
    const { bytes } = this;
    const masks = this.skip((length + 7) >> 3);
    let digits = this.at * 2;
    for (let start = 0; start < length; start += 8) {
      for (let mask = bytes[masks + (start >> 3)]!; mask !== 0; mask &= mask - 1) {
        let value = 1;
        for (let scale = 1, more = true; more; scale *= 8) {
          if (digits >> 1 >= bytes.length) throw new RangeError(EARLY);
          const digit = (bytes[digits >> 1]! >> (4 * (digits & 1))) & 15;
          value += (digit & 7) * scale;
          more = digit > 7;
          digits++;
        }
        numbers[from + start + lowestBit(mask)] = value;
      }
    }
    this.at = (digits + 1) >> 1;
  }

  get done(): boolean {
    return this.at >= this.bytes.length;
  }

  private longVarint(low: number): number {
    let value = low;
    for (let scale = 128; ; scale *= 128) {
      const next = this.byte();
      value += (next & 127) * scale;
      if (next < 128) return value;
    }
  }

  /** Moves on by `length` bytes and returns where they begin. */
  skip(length: number): number {
    const from = this.at;
    if (from + length > this.bytes.length) throw new RangeError(EARLY);
    this.at = from + length;
    return from;
  }
}

const EARLY = 'stored bytes end early';

function lowestBit(mask: number): number {
  return 31 - Math.clz32(mask & -mask);
}
