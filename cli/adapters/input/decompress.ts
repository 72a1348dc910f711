/** gzip and Zstandard, told by their first bytes whatever the file's name, decompressed as they stream. */
import { setImmediate as turn } from 'node:timers/promises';
import { createGunzip, createZstdDecompress, type Gunzip, type ZstdDecompress } from 'node:zlib';

export type Compression = 'gzip' | 'zstd';

/** Bytes needed to tell the compression. */
export const MAGIC_BYTES = 4;

export function compressionOf(start: Uint8Array): Compression | undefined {
  const [a = 0, b, c, d] = start;
  if (a === 0x1f && b === 0x8b) return 'gzip';
  const isFrame = a === 0x28 && b === 0xb5 && c === 0x2f && d === 0xfd;
  const isSkippable = (a & 0xf0) === 0x50 && b === 0x2a && c === 0x4d && d === 0x18;
  return isFrame || isSkippable ? 'zstd' : undefined;
}

/** Compressed data that ends early or is damaged, thrown after all that was decoded before it. */
export class DamagedError extends Error {
  override name = 'DamagedError';
}

/** Compressed bytes given at once: at 1000:1, the most gzip can do, 16 MiB of output. */
const PIECE_BYTES = 16 * 1024;
/** Output by the chunk. Where data is damaged, the chunk being filled is lost with it. */
const OUTPUT_BYTES = 64 * 1024;

/**
 * Decoded chunks, each good until the next is asked for. Several members or frames in a row are one stream; zero padding
 * after the last is ignored. The next piece is decoded on another thread while the caller works on this one.
 */
export async function* decompress(chunks: AsyncIterable<Uint8Array>, compression: Compression) {
  let member = new Member(compression);
  try {
    for await (const piece of pieces(chunks)) {
      for (let left = piece; left.length > 0; left = member.untaken(left)) {
        if (member.ended && left[0] === 0) return;
        if (member.ended) member = new Member(compression);
        const fed = member.feed(left);
        for (const chunk of member.takeOutput()) {
          yield chunk;
          // The decoder fills one chunk, and goes on when it is told so: between chunks it gets its turn.
          await turn();
          free(chunk);
        }
        await fed;
        if (!member.isOpen) yield* member.takeOutput();
        member.assertSound();
      }
    }
    await member.finish();
    yield* member.takeOutput();
    member.assertSound();
  } finally {
    member.close();
  }
}

/**
 * Left to be collected, the output of a large file would have all memory of the process looked through every few
 * megabytes. The decoder fills its buffer from the front and takes another where it is full: with its end, all of it was
 * given out.
 */
function free({ buffer, byteOffset, length }: Uint8Array): void {
  const isFull = byteOffset + length === OUTPUT_BYTES && buffer.byteLength === OUTPUT_BYTES;
  if (isFull && buffer instanceof ArrayBuffer) buffer.transfer(0);
}

async function* pieces(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks) {
    for (let from = 0; from < chunk.length; from += PIECE_BYTES) yield chunk.subarray(from, from + PIECE_BYTES);
  }
}

/**
 * One run of the decoder. Node ends a Zstandard stream at the first frame of a write, and a gzip stream at padding,
 * and drops the rest without a word; so a run tells which bytes it left, and the next one takes them.
 */
class Member {
  readonly #inflater: Gunzip | ZstdDecompress;
  #output: Uint8Array[] = [];
  #given = 0;
  #failure: Error | undefined;
  ended = false;

  constructor(compression: Compression) {
    const options = { chunkSize: OUTPUT_BYTES };
    this.#inflater = compression === 'gzip' ? createGunzip(options) : createZstdDecompress(options);
    this.#inflater.on('data', (bytes: Uint8Array) => this.#output.push(bytes));
    this.#inflater.on('end', () => {
      this.ended = true;
    });
    this.#inflater.on('error', (error: Error) => {
      this.#failure = error;
    });
  }

  get isOpen(): boolean {
    return !this.ended && this.#failure === undefined;
  }

  /** The part of the last piece that this run left to the next. */
  untaken(piece: Uint8Array): Uint8Array {
    const taken = this.ended ? piece.length - (this.#given - this.#inflater.bytesWritten) : piece.length;
    return piece.subarray(taken);
  }

  takeOutput(): Uint8Array[] {
    const output = this.#output;
    this.#output = [];
    return output;
  }

  /** Resolves when the piece is decoded, or the run has ended or failed over it. */
  feed(piece: Uint8Array): Promise<void> {
    this.#given += piece.length;
    return this.#settled((done) => this.#inflater.write(piece, done));
  }

  finish(): Promise<void> {
    return this.isOpen ? this.#settled(() => this.#inflater.end()) : Promise.resolve();
  }

  assertSound(): void {
    if (this.#failure === undefined) return;
    const early = 'code' in this.#failure && this.#failure.code === 'Z_BUF_ERROR';
    throw new DamagedError(early ? 'compressed data ends early: the rest is missing' : 'compressed data is damaged');
  }

  close(): void {
    this.#inflater.destroy();
  }

  #settled(act: (done: () => void) => void): Promise<void> {
    return new Promise((resolve) => {
      const events = ['end', 'error', 'close'];
      const done = () => {
        for (const event of events) this.#inflater.off(event, done);
        resolve();
      };
      for (const event of events) this.#inflater.on(event, done);
      act(done);
    });
  }
}
