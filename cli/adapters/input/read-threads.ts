/**
 * Threads that read inputs while the caller folds what they read before. What they give comes in the order of the input,
 * batch by batch as one thread would read it, so that nothing that is made of it depends on the threads.
 *
 * Rows cross in memory that both sides see and that is used again, so reading gives the caller nothing to collect. Lines
 * for which the caller waits cross as they are: it reads them meanwhile the thread reads those that follow.
 */
import { Worker } from 'node:worker_threads';
import type { AccountCodes } from '../../../core/aggregates/account-codes.ts';
import { ROW, ROW_FIELDS } from '../../../core/aggregates/exchange.ts';
import { ExchangeRows } from '../../../core/aggregates/exchange-rows.ts';
import { InputError } from './input-error.ts';
import { type LineBatch, linesOfBytes } from './lines.ts';
import type { Input } from './open.ts';
import type { RowMaker } from './parquet-reader.ts';
import type { Part, Request, Told } from './read-worker.ts';
import type { RecordBatch } from './record-batch.ts';

/**
 * Slots of a stream: rows that are being taken, that lie ready, and that are being read. Of many streams at one time each
 * has fewer, but these.
 */
const SLOTS = 96;
const LEAST_SLOTS = 2;
const ROWS_A_SLOT = 512;

/** What a thread made of a batch of lines, and how it numbers the accounts. */
export interface ParsedLines {
  rows: Float64Array;
  count: number;
  /** Lines that are not for the short way, with their numbers counted from 0 within the batch. */
  unread: { line: number; text: string }[];
  accounts: ThreadAccounts;
}

/** By the thread's number of an account: its name, and the reader's own number once it has asked for one. */
interface ThreadAccounts {
  names: string[];
  codes: number[];
}

export type LinesAhead = LineBatch & { parsed?: ParsedLines };

interface Reading {
  told: Extract<Told, { slot: number }>;
  slot: Float64Array;
  accounts: ThreadAccounts;
  ask: (request: Request) => void;
}

interface Stream {
  told: Told[];
  wake: () => void;
}

interface Thread {
  worker: Worker;
  accounts: ThreadAccounts;
  streams: Map<number, Stream>;
  failure: Error | undefined;
}

export class ReadThreads {
  private readonly threads: Thread[] = [];
  private readonly size: number;
  /** Slots of streams that have ended. */
  private readonly spare: SharedArrayBuffer[] = [];
  private opened = 0;

  /** `size`: threads beside the caller's own. They start when there is work. */
  constructor(size: number) {
    this.size = size;
  }

  /**
   * The lines of an input; as rows once they are known to be of our own format. One that is no file, or where there are
   * no threads, is read by the caller. Throws `InputError`.
   */
  async *lines(input: Input, isNative: () => boolean): AsyncGenerator<LinesAhead> {
    if (this.size === 0 || input.path === undefined) {
      yield* input.lines;
      return;
    }
    let asked = false;
    for await (const { told, slot, accounts, ask } of this.read(input, input.path)) {
      if ('parts' in told) for (const part of told.parts) yield batchOf(part, slot, accounts);
      if (!asked && isNative()) {
        asked = true;
        ask({ stream: told.stream, native: true });
      }
    }
  }

  /** The batches of a file of columns, exchanges as rows of `maker`. Throws `InputError`. */
  async *records(input: Input, maker: RowMaker): AsyncGenerator<RecordBatch> {
    if (this.size === 0 || input.path === undefined) {
      yield* input.records!(maker);
      return;
    }
    for await (const { told, slot, accounts } of this.read(input, input.path)) {
      if (!('batch' in told)) continue;
      const { rows = slot, count, ...batch } = told.batch;
      numberAnew(rows, count, accounts, maker.accounts);
      yield { ...batch, exchanges: new ExchangeRows(rows, count) };
    }
  }

  /** What a thread tells of an input; a slot is used again when the next is asked for. */
  private async *read(input: Input, path: string): AsyncGenerator<Reading> {
    const thread = this.idlest();
    const id = this.opened++;
    const stream: Stream = { told: [], wake: () => {} };
    const ask = (request: Request) => thread.worker.postMessage(request);
    const slots = this.slotsForOne();
    const views = slots.map((slot) => new Float64Array(slot));
    thread.streams.set(id, stream);
    ask({ stream: id, open: path, slots });
    try {
      for (;;) {
        const told = await nextOf(stream, thread);
        if ('wrong' in told) throw told.isInput ? new InputError(told.wrong) : new Error(told.wrong);
        input.progress.read = told.read;
        if ('end' in told) {
          this.spare.push(...slots);
          return;
        }
        yield { told, slot: views[told.slot]!, accounts: thread.accounts, ask };
        ask({ stream: id, free: told.slot });
      }
    } finally {
      ask({ stream: id, close: true });
      thread.streams.delete(id);
    }
  }

  async close(): Promise<void> {
    await Promise.all(this.threads.map(({ worker }) => worker.terminate()));
    this.threads.length = 0;
  }

  private slotsForOne(): SharedArrayBuffer[] {
    const open = this.threads.reduce((sum, { streams }) => sum + streams.size, 0);
    const length = Math.max(LEAST_SLOTS, Math.floor(SLOTS / (open + 1)));
    return Array.from({ length }, () => this.spare.pop() ?? new SharedArrayBuffer(SLOT_BYTES));
  }

  private idlest(): Thread {
    const idlest = this.threads.toSorted((a, b) => a.streams.size - b.streams.size)[0];
    if (idlest === undefined || (idlest.streams.size > 0 && this.threads.length < this.size)) return this.start();
    return idlest;
  }

  private start(): Thread {
    const worker = new Worker(new URL('./read-worker.ts', import.meta.url));
    const thread: Thread = { worker, accounts: { names: [], codes: [] }, streams: new Map(), failure: undefined };
    worker.on('message', (told: Told) => {
      if ('names' in told) for (const name of told.names) thread.accounts.names.push(name);
      const stream = thread.streams.get(told.stream);
      stream?.told.push(told);
      stream?.wake();
    });
    worker.on('error', (error) => {
      thread.failure = error;
      for (const { wake } of thread.streams.values()) wake();
    });
    this.threads.push(thread);
    return thread;
  }
}

/** The rows by the numbers that the reader has for their accounts. */
export function numberAnew(
  rows: Float64Array,
  count: number,
  { names, codes }: ThreadAccounts,
  accounts: Pick<AccountCodes, 'of'>,
): void {
  for (let at = ROW.account; at < count * ROW_FIELDS; at += ROW_FIELDS) {
    const code = rows[at]!;
    codes[code] ??= accounts.of(names[code]!);
    rows[at] = codes[code];
  }
}

const SLOT_BYTES = 8 * ROW_FIELDS * ROWS_A_SLOT;

async function nextOf(stream: Stream, thread: Thread): Promise<Told> {
  for (;;) {
    const told = stream.told.shift();
    if (told !== undefined) return told;
    if (thread.failure !== undefined) throw thread.failure;
    await new Promise<void>((resolve) => {
      stream.wake = resolve;
    });
  }
}

function batchOf(part: Part, slot: Float64Array, accounts: ThreadAccounts): LinesAhead {
  const { firstLine, rejections, rows, bytes, lines = [] } = part;
  // Of a damaged file, the last batch is whole lines and says what is missing.
  if (bytes !== undefined) return Object.assign(linesOfBytes(firstLine, bufferOf(bytes, slot)), { rejections });
  if (rows === undefined) return { firstLine, rejections, lines };
  const { from, count, unread } = rows;
  const held = typeof from === 'number' ? slot.subarray(from, from + count * ROW_FIELDS) : from;
  return { firstLine, rejections, lines, parsed: { rows: held, count, unread, accounts } };
}

function bufferOf(bytes: NonNullable<Part['bytes']>, slot: Float64Array): Buffer {
  if (bytes instanceof Uint8Array) return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  return Buffer.from(slot.buffer, bytes.from, bytes.length);
}
