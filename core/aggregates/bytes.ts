/** Bounded byte writer and reader: varints (LEB128) up to 2^53, fixed-width little-endian numbers, bit runs. */

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

  /** `width` bytes, little-endian. */
  fixed(value: number, width: number): void {
    this.reserve(width);
    let rest = value;
    for (let i = 0; i < width; i++) {
      this.bytes[this.at++] = rest % 256;
      rest = Math.floor(rest / 256);
    }
  }

  raw(bytes: Uint8Array): void {
    this.reserve(bytes.length);
    this.bytes.set(bytes, this.at);
    this.at += bytes.length;
  }

  text(value: string): void {
    const encoded = new TextEncoder().encode(value);
    this.varint(encoded.length);
    this.raw(encoded);
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

  private reserve(more: number): void {
    if (this.at + more <= this.bytes.length) return;
    const larger = new Uint8Array(Math.max(this.bytes.length * 2, this.at + more));
    larger.set(this.bytes);
    this.bytes = larger;
  }
}

export class ByteReader {
  private readonly bytes: Uint8Array;
  private at = 0;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  byte(): number {
    if (this.at >= this.bytes.length) throw new RangeError('stored bytes end early');
    return this.bytes[this.at++]!;
  }

  varint(): number {
    let value = 0;
    let scale = 1;
    for (;;) {
      const next = this.byte();
      value += (next & 127) * scale;
      if (next < 128) return value;
      scale *= 128;
    }
  }

  fixed(width: number): number {
    let value = 0;
    for (let i = 0, scale = 1; i < width; i++, scale *= 256) value += this.byte() * scale;
    return value;
  }

  raw(length: number): Uint8Array {
    if (this.at + length > this.bytes.length) throw new RangeError('stored bytes end early');
    const from = this.at;
    this.at += length;
    return this.bytes.slice(from, this.at);
  }

  text(): string {
    return new TextDecoder().decode(this.raw(this.varint()));
  }

  get done(): boolean {
    return this.at >= this.bytes.length;
  }
}
