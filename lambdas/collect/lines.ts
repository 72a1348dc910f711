/** The lines of an object, gzip or plain, as they stream in: an object of any size takes the memory of one line. */
import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';

/** `tooLong`: the line is over the limit and its text is not kept. */
export type Line = { number: number } & ({ text: string } | { tooLong: true });

export class LinesError extends Error {
  override name = 'LinesError';
}

/** A CloudTrail object is one line of up to some tens of MB; an invocation with both bodies inside has 200 KB. */
export const MAX_LINE_BYTES = 64 * 1024 * 1024;
/** What a hostile gzip may unfold to: it ends a run that would else go on until the time limit. */
const MAX_OBJECT_BYTES = 4 * 1024 * 1024 * 1024;

/** Throws a `LinesError` where the bytes are damaged or too many; lines before that have been given. */
export async function* linesOf(
  bytes: AsyncIterable<Uint8Array>,
  maxLineBytes: number = MAX_LINE_BYTES,
): AsyncGenerator<Line> {
  const line = new LineBuffer(maxLineBytes);
  let total = 0;
  for await (const chunk of unzipped(bytes)) {
    total += chunk.length;
    if (total > MAX_OBJECT_BYTES) throw new LinesError(`unfolds to more than ${MAX_OBJECT_BYTES} bytes`);
    let from = 0;
    for (let to = chunk.indexOf(0x0a); to >= 0; to = chunk.indexOf(0x0a, from)) {
      line.add(chunk.subarray(from, to));
      yield line.take();
      from = to + 1;
    }
    line.add(chunk.subarray(from));
  }
  if (!line.isEmpty) yield line.take();
}

class LineBuffer {
  private readonly max: number;
  private parts: Uint8Array[] = [];
  private bytes = 0;
  private number = 1;

  constructor(max: number) {
    this.max = max;
  }

  get isEmpty(): boolean {
    return this.bytes === 0;
  }

  add(part: Uint8Array): void {
    this.bytes += part.length;
    if (this.bytes > this.max) this.parts = [];
    else if (part.length > 0) this.parts.push(part);
  }

  take(): Line {
    const { number } = this;
    const line: Line =
      this.bytes > this.max ? { number, tooLong: true } : { number, text: Buffer.concat(this.parts).toString('utf8') };
    this.parts = [];
    this.bytes = 0;
    this.number++;
    return line;
  }
}

async function* unzipped(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  const source = bytes[Symbol.asyncIterator]();
  let start = Buffer.alloc(0);
  while (start.length < 2) {
    const { value, done } = await source.next();
    if (done) break;
    start = Buffer.concat([start, value]);
  }
  const whole = startingWith(start, source);
  if (start[0] !== 0x1f || start[1] !== 0x8b) {
    yield* whole;
    return;
  }
  const input = Readable.from(whole);
  const gunzip = input.pipe(createGunzip());
  let failure: unknown;
  // A pipe does not carry errors on: a download that breaks off is no damaged gzip, and must be read again.
  input.on('error', (error) => {
    failure = error;
    gunzip.destroy(error);
  });
  try {
    yield* gunzip as AsyncIterable<Buffer>;
  } catch (error) {
    if (failure !== undefined) throw failure;
    throw new LinesError(`damaged gzip (${(error as NodeJS.ErrnoException).code ?? 'unknown'})`);
  }
}

async function* startingWith(start: Buffer, rest: AsyncIterator<Uint8Array>): AsyncGenerator<Buffer> {
  if (start.length > 0) yield start;
  for (let next = await rest.next(); !next.done; next = await rest.next()) yield Buffer.from(next.value);
}
