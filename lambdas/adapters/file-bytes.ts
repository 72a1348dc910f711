/**
 * A file of which only a piece is in memory: read onwards in large pieces, and elsewhere no more than what was asked for.
 * Reading waits: whoever goes through ten million profiles would else wait ten million times for a promise.
 */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import type { BytesAt } from '../../core/parquet/flat-file.ts';

const PIECE = 256 * 1024;
const NOTHING = new Uint8Array(0);

export class FileBytes implements BytesAt {
  readonly length: number;
  private readonly file: number;
  private piece = new Uint8Array(0);
  /** Where the piece begins, and ends. */
  private from = 0;
  private to = 0;
  /** End of what was last asked for. */
  private asked = 0;

  constructor(path: string) {
    this.file = openSync(path, 'r');
    this.length = fstatSync(this.file).size;
  }

  subarray(from: number, to: number): Uint8Array {
    const end = Math.min(to, this.length);
    if (from >= end) return NOTHING;
    const isOnward = from >= this.asked && from < this.asked + PIECE;
    this.asked = end;
    if (from < this.from || end > this.to) this.read(from, isOnward ? Math.min(this.length, from + PIECE) : end, end);
    return this.piece.subarray(from - this.from, end - this.from);
  }

  close(): void {
    closeSync(this.file);
  }

  /** Up to `most`, and at least `least`. */
  private read(from: number, most: number, least: number): void {
    const to = Math.max(most, least);
    if (to - from > this.piece.length) this.piece = new Uint8Array(Math.max(PIECE, to - from));
    let at = from;
    while (at < to) {
      const read = readSync(this.file, this.piece, at - from, to - at, at);
      if (read === 0) throw new RangeError('a file became shorter while it was read');
      at += read;
    }
    this.from = from;
    this.to = to;
  }
}
