/** A stream of bytes to batches of lines, in memory of a few chunks whatever the file holds. */
import { isUtf8 } from 'node:buffer';
import { DamagedError } from './decompress.ts';
import { InputError } from './input-error.ts';

/** Lines of about one chunk. Blank lines, and lines that were rejected, are empty strings, so numbers stay right. */
export interface LineBatch {
  /** Counted from 1. */
  firstLine: number;
  readonly lines: string[];
  rejections: { line: number; reason: string }[];
  /**
   * The same lines as they came, each with its newline, until the next batch is asked for; absent where some of them were
   * rejected.
   */
  bytes?: Buffer;
  /** Tells how many lines the bytes are, so that they need not be counted. */
  counted?(lines: number): void;
}

/** As large as a Kinesis record: nothing that the stream takes is too long here. */
export const MAX_LINE_BYTES = 1024 * 1024;

const NEWLINE = 10;

/**
 * Lines end in LF or CRLF. A line over the limit, or not in UTF-8, becomes a rejection; so does the damage at which a
 * compressed stream ends. Throws `InputError` for UTF-16.
 */
export async function* splitLines(
  chunks: AsyncIterable<Uint8Array>,
  maxLineBytes = MAX_LINE_BYTES,
): AsyncGenerator<LineBatch> {
  const splitter = new Splitter(maxLineBytes);
  let damage: string | undefined;
  try {
    for await (const chunk of chunks) {
      const batch = splitter.push(chunk);
      if (batch) yield batch;
    }
  } catch (error) {
    if (!(error instanceof DamagedError)) throw error;
    damage = error.message;
  }
  const last = splitter.end();
  if (damage !== undefined) last.rejections.push({ line: last.firstLine + last.lines.length, reason: damage });
  if (last.bytes !== undefined || last.lines.length + last.rejections.length > 0) yield last;
}

class Splitter {
  readonly #maxLineBytes: number;
  /** The unfinished last line. */
  #carry = new Room();
  /** What the latest batch shows, and the next one may write over: an array for each would be most of the garbage. */
  #shown = new Room();
  /** Inside a line over the limit, of which nothing is held. */
  #overlong = false;
  #latest: Lines | undefined;
  #atStart = true;

  constructor(maxLineBytes: number) {
    this.#maxLineBytes = maxLineBytes;
  }

  push(chunk: Uint8Array): LineBatch | undefined {
    const bytes = this.#atStart ? withoutBom(chunk) : chunk;
    this.#atStart = false;
    const end = bytes.lastIndexOf(NEWLINE);
    if (end < 0) {
      this.#hold(bytes);
      return undefined;
    }
    const batch = this.#newBatch();
    const from = this.#overlong ? bytes.indexOf(NEWLINE) + 1 : 0;
    if (this.#overlong) this.#rejectOverlong(batch);
    if (from <= end) this.#addLines(batch, bytes.subarray(from, end + 1));
    this.#hold(bytes.subarray(end + 1));
    return batch;
  }

  /** What follows the last newline. */
  end(): LineBatch {
    const batch = this.#newBatch();
    if (this.#overlong) this.#rejectOverlong(batch);
    else if (this.#carry.length > 0) this.#addLines(batch, Uint8Array.of(NEWLINE));
    return batch;
  }

  #newBatch(): Lines {
    this.#latest = new Lines(this.#latest?.nextLine ?? 1);
    return this.#latest;
  }

  #hold(piece: Uint8Array): void {
    if (this.#overlong || piece.length === 0) return;
    this.#carry.push(piece);
    if (this.#carry.length <= this.#maxLineBytes) return;
    this.#overlong = true;
    this.#carry.clear();
  }

  #rejectOverlong(batch: Lines): void {
    this.#overlong = false;
    this.#reject(batch, batch.lines.push('') - 1, this.#tooLong());
  }

  /** Whole lines: the held piece of a line in front of them. */
  #addLines(batch: Lines, body: Uint8Array): void {
    this.#carry.push(body);
    const whole = this.#carry.bytes;
    [this.#carry, this.#shown] = [this.#shown, this.#carry];
    this.#carry.clear();
    const bytes = whole.subarray(0, -1);
    const isLong = bytes.length > this.#maxLineBytes && hasLong(whole, this.#maxLineBytes);
    if (batch.isEmpty && !isLong && isUtf8(bytes)) {
      batch.bytes = whole;
      return;
    }
    const lines = linesOf(bytes.toString('utf8'));
    const from = batch.lines.length;
    for (const line of lines) batch.lines.push(line);
    if (!isUtf8(bytes)) this.#rejectInvalid(batch, from, bytes);
    if (isLong) this.#rejectLong(batch, from);
  }

  #rejectInvalid(batch: Lines, from: number, bytes: Buffer): void {
    for (let start = 0, i = from; i < batch.lines.length; i++) {
      const newline = bytes.indexOf(NEWLINE, start);
      const end = newline < 0 ? bytes.length : newline;
      if (!isUtf8(bytes.subarray(start, end))) this.#reject(batch, i, 'not UTF-8: convert the file, or drop the line');
      start = end + 1;
    }
  }

  #rejectLong(batch: Lines, from: number): void {
    for (let i = from; i < batch.lines.length; i++) {
      if (Buffer.byteLength(batch.lines[i]!) > this.#maxLineBytes) this.#reject(batch, i, this.#tooLong());
    }
  }

  #reject(batch: Lines, index: number, reason: string): void {
    batch.lines[index] = '';
    batch.rejections.push({ line: batch.firstLine + index, reason });
  }

  #tooLong(): string {
    const mebibytes = this.#maxLineBytes / 1024 / 1024;
    return `line longer than ${Number.isInteger(mebibytes) ? `${mebibytes} MiB` : `${this.#maxLineBytes} bytes`}`;
  }
}

/** Bytes one after the other, in memory that is used again. */
class Room {
  #memory = Buffer.alloc(0);
  length = 0;

  push(bytes: Uint8Array): void {
    const length = this.length + bytes.length;
    if (length > this.#memory.length) {
      const larger = Buffer.allocUnsafe(2 * length);
      larger.set(this.bytes);
      this.#memory = larger;
    }
    this.#memory.set(bytes, this.length);
    this.length = length;
  }

  get bytes(): Buffer {
    return this.#memory.subarray(0, this.length);
  }

  clear(): void {
    this.length = 0;
  }
}

/** Texts are made of the lines only where somebody asks for them: nearly all are read from their bytes. */
class Lines implements LineBatch {
  readonly firstLine: number;
  readonly rejections: LineBatch['rejections'] = [];
  bytes?: Buffer;
  #lines: string[] | undefined;
  #count: number | undefined;

  constructor(firstLine: number) {
    this.firstLine = firstLine;
  }

  get lines(): string[] {
    this.#lines ??= this.bytes === undefined ? [] : linesOf(this.bytes.toString('utf8', 0, this.bytes.length - 1));
    return this.#lines;
  }

  get isEmpty(): boolean {
    return this.#lines === undefined;
  }

  counted(lines: number): void {
    this.#count = lines;
  }

  /** The first line of the batch after this one. */
  get nextLine(): number {
    this.#count ??= this.#lines?.length ?? newlinesIn(this.bytes);
    return this.firstLine + this.#count;
  }
}

/** The batch, to be kept beyond the next one. */
export function keptBatch(batch: LineBatch): LineBatch {
  const { firstLine, bytes, rejections } = batch;
  return bytes === undefined ? batch : Object.assign(linesOfBytes(firstLine, Buffer.from(bytes)), { rejections });
}

/** A batch of whole lines, each with its newline. */
export function linesOfBytes(firstLine: number, bytes: Buffer): LineBatch {
  const batch = new Lines(firstLine);
  batch.bytes = bytes;
  return batch;
}

function newlinesIn(bytes: Buffer = Buffer.alloc(0)): number {
  let count = 0;
  for (let at = bytes.indexOf(NEWLINE); at >= 0; at = bytes.indexOf(NEWLINE, at + 1)) count++;
  return count;
}

function hasLong(bytes: Buffer, maxLineBytes: number): boolean {
  for (let from = 0; from < bytes.length; ) {
    const end = bytes.indexOf(NEWLINE, from);
    if (end - from > maxLineBytes) return true;
    from = end + 1;
  }
  return false;
}

/** The newline of the last line is gone already, so its carriage return stands at the end. */
function linesOf(text: string): string[] {
  return text.includes('\r') ? text.replace(/\r$/, '').split(/\r?\n/) : text.split('\n');
}

function withoutBom(chunk: Uint8Array): Uint8Array {
  const [a, b, c] = chunk;
  if ((a === 0xff && b === 0xfe) || (a === 0xfe && b === 0xff)) {
    throw new InputError('is in UTF-16: convert it to UTF-8, for example with iconv -f UTF-16 -t UTF-8');
  }
  return a === 0xef && b === 0xbb && c === 0xbf ? chunk.subarray(3) : chunk;
}
