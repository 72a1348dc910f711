/** Opens the inputs of a command: finds the files, and reads each as batches of lines when it is iterated. */
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { placeOf } from '../../../core/archive/layout.ts';
import { compressionOf, decompress, MAGIC_BYTES } from './decompress.ts';
import { fileError, InputError } from './input-error.ts';
import { type LineBatch, splitLines } from './lines.ts';
import { firstTimeOf, isParquet, readParquet } from './parquet.ts';
import type { RowMaker } from './parquet-reader.ts';
import type { RecordBatch } from './record-batch.ts';
import { filesOf, identityOf } from './walk.ts';

export interface Input {
  /** The file's path, or `standard input`. */
  name: string;
  /** Where it is a file: others may open it too. */
  path?: string;
  /** The argument of the command line that it came from. */
  argument: string;
  /** For a progress bar: bytes as stored, before decompression; `total` is undefined for pipes. */
  progress: { read: number; total: number | undefined };
  /** To be iterated once. Throws `InputError`. */
  lines: AsyncIterable<LineBatch>;
  /** In place of lines, where the file has columns; exchanges are rows of the maker, if there is one. */
  records?: (maker: RowMaker | undefined) => AsyncIterable<RecordBatch>;
  /** Where it can be told without reading a record: when its first records are from, ms since 1970. */
  startsAt?: () => Promise<number | undefined>;
}

export interface OpenOptions {
  maxLineBytes?: number;
  /** What `-` reads. */
  stdin?: AsyncIterable<Uint8Array> & { isTTY?: boolean };
}

const CHUNK_BYTES = 128 * 1024;
const STDIN = 'standard input';

/** Files are opened one at a time, as they are iterated. Throws `InputError` for what is missing or not readable. */
export async function openInputs(paths: string[], options: OpenOptions = {}): Promise<Input[]> {
  if (paths.length === 0) throw new InputError('no input: name files, globs or directories, or - for standard input');
  const seen = new Set<string>();
  const inputs: Input[] = [];
  for (const argument of paths) {
    for (const path of await filesOf(argument)) {
      if (seen.has(identityOf(path))) continue;
      seen.add(identityOf(path));
      inputs.push(path === '-' ? openStdin(options) : await openFile(path, argument, options));
    }
  }
  return inputs;
}

async function openFile(path: string, argument: string, options: OpenOptions): Promise<Input> {
  const is = await stat(path);
  const total = is.isFile() ? is.size : undefined;
  if (total !== undefined && (await isParquet(path))) return parquetInput(path, argument, total);
  const lines = input(path, argument, total, () => createReadStream(path, { highWaterMark: CHUNK_BYTES }), options);
  return total === undefined ? lines : { ...lines, path };
}

function parquetInput(path: string, argument: string, total: number): Input {
  const progress = { read: 0, total };
  const records = (maker: RowMaker | undefined) => readParquet(path, progress, maker);
  const startsAt = async () => {
    const at = placeOf(path)?.at;
    return at === undefined ? firstTimeOf(path) : Date.parse(`${at}:00:00.000Z`);
  };
  return { name: path, path, argument, progress, lines: noLines(), records, startsAt };
}

async function* noLines(): AsyncGenerator<LineBatch> {}

function openStdin(options: OpenOptions): Input {
  const stdin = options.stdin ?? process.stdin;
  if (stdin.isTTY) throw new InputError(`${STDIN}: is a terminal: pipe records into it, or name a file`);
  return input(STDIN, '-', undefined, () => stdin, options);
}

function input(
  name: string,
  argument: string,
  total: number | undefined,
  open: () => AsyncIterable<Uint8Array>,
  options: OpenOptions,
): Input {
  const progress = { read: 0, total };
  return { name, argument, progress, lines: named(name, splitLines(decoded(open, progress), options.maxLineBytes)) };
}

/** Errors of any stage name the input. */
async function* named(name: string, batches: AsyncIterable<LineBatch>): AsyncGenerator<LineBatch> {
  try {
    yield* batches;
  } catch (error) {
    throw error instanceof InputError ? new InputError(`${name}: ${error.message}`) : fileError(name, error);
  }
}

/** The bytes after decompression, where the first of them say that they are compressed. */
async function* decoded(
  open: () => AsyncIterable<Uint8Array>,
  progress: Input['progress'],
): AsyncGenerator<Uint8Array> {
  const chunks = counted(open(), progress);
  let start: Uint8Array = new Uint8Array();
  while (start.length < MAGIC_BYTES) {
    const { value, done } = await chunks.next();
    if (done) break;
    start = start.length === 0 ? value : Buffer.concat([start, value]);
  }
  const compression = compressionOf(start);
  const whole = startingWith(start, chunks);
  yield* compression === undefined ? whole : decompress(whole, compression);
}

async function* counted(chunks: AsyncIterable<Uint8Array>, progress: Input['progress']): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks) {
    progress.read += chunk.length;
    yield chunk;
  }
}

/** Closes `rest` even when the reader stops at the first bytes: a file left open is one less to be had. */
async function* startingWith(start: Uint8Array, rest: AsyncGenerator<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    if (start.length > 0) yield start;
    yield* rest;
  } finally {
    await rest.return(undefined);
  }
}
