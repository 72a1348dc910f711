/**
 * A thread of `ReadThreads`: opens inputs, decompresses, splits lines, and turns those of our own format and what stands in
 * columns into rows. All that reading leaves behind is garbage of this thread, which holds nothing else, so collecting it
 * costs nothing.
 */
import { type MessagePort, parentPort, receiveMessageOnPort } from 'node:worker_threads';
import { AccountCodes } from '../../../core/aggregates/account-codes.ts';
import { ROW, ROW_FIELDS } from '../../../core/aggregates/exchange.ts';
import { ExchangeReader } from '../../../core/aggregates/exchange-reader.ts';
import { ExchangeRows, writeRow } from '../../../core/aggregates/exchange-rows.ts';
import { InputError } from './input-error.ts';
import type { LineBatch } from './lines.ts';
import { openInputs } from './open.ts';
import type { RowMaker } from './parquet-reader.ts';
import type { RecordBatch } from './record-batch.ts';

/** What the reader tells a thread of a stream, by its number. */
export type Request =
  | { stream: number; open: string; slots: SharedArrayBuffer[] }
  /** Rows of this slot are not needed any more. */
  | { stream: number; free: number }
  /** From here on, lines are of our own format. */
  | { stream: number; native: true }
  | { stream: number; close: true };

/** What a thread tells of a stream: parts in the order of the input, then its end or what is wrong with it. */
export type Told =
  | { stream: number; parts: Part[]; slot: number; names: string[]; read: number }
  | { stream: number; batch: ToldBatch; slot: number; names: string[]; read: number }
  | { stream: number; end: true; read: number }
  | { stream: number; wrong: string; isInput: boolean };

/** A batch of a file of columns. */
export interface ToldBatch extends Omit<RecordBatch, 'exchanges'> {
  /** They lie at the beginning of the slot; or they themselves, where they are more than fit. */
  rows?: Float64Array | undefined;
  count: number;
}

/** A batch of lines: as rows, as bytes, or as texts where some were rejected. */
export interface Part extends Pick<LineBatch, 'firstLine' | 'rejections'> {
  rows?: {
    /** Where they begin in the slot, in numbers; or they themselves, where they are more than fit. */
    from: number | Float64Array;
    count: number;
    /** Lines that are not for the short way, with their numbers counted from 0. */
    unread: { line: number; text: string }[];
  };
  /** Themselves, or where they lie in the slot. */
  bytes?: Uint8Array | { from: number; length: number };
  lines?: string[];
}

const NEWLINE = 10;
const codes = new AccountCodes();
const MAKER: RowMaker = { accounts: codes, write: (record, rows, at) => writeRow(record, codes, rows, at) };
const reader = new ExchangeReader(codes);
const read = new ExchangeRows();
let namesTold = 0;

class Stream {
  private readonly id: number;
  private readonly port: MessagePort;
  private readonly slots: Float64Array[];
  private readonly free: number[];
  private native = false;
  private closed = false;
  private wake = () => {};
  private parts: Part[] = [];
  /** Numbers of the current slot that are taken. */
  private used = 0;

  constructor(id: number, slots: readonly SharedArrayBuffer[], port: MessagePort) {
    this.id = id;
    this.port = port;
    this.slots = slots.map((slot) => new Float64Array(slot));
    this.free = slots.map((_, slot) => slot);
  }

  async run(path: string): Promise<void> {
    try {
      const [input] = await openInputs([path]);
      const { lines, records, progress } = input!;
      for await (const batch of records?.(MAKER) ?? lines) {
        if ('records' in batch) await this.addBatch(batch, progress);
        else await this.add(batch, progress);
        if (this.closed) return;
      }
      this.flush(progress);
      this.tell({ stream: this.id, end: true, read: progress.read });
    } catch (error) {
      const wrong = error instanceof Error ? error.message : String(error);
      this.tell({ stream: this.id, wrong, isInput: error instanceof InputError });
    }
  }

  take(request: Request): void {
    if ('free' in request) this.free.push(request.free);
    if ('native' in request) this.native = true;
    if ('close' in request) this.closed = true;
    this.wake();
  }

  private async add(batch: LineBatch, progress: { read: number }): Promise<void> {
    this.listen();
    if (this.isAwaited) this.flush(progress);
    const { bytes } = batch;
    const part =
      !this.native || bytes === undefined ? asLines(batch) : (this.asIs(batch, bytes) ?? asRows(batch, bytes));
    const rows = part.rows === undefined ? NO_ROWS : read.rows.subarray(0, part.rows.count * ROW_FIELDS);
    const room = this.slots[0]!.length;
    if (this.used + rows.length > room && rows.length <= room) this.flush(progress);
    if (this.free.length > 0 && rows.length <= room) {
      this.keep(part, rows);
    } else {
      // Another input's rows come to lie where these do.
      const copy = rows.slice();
      await this.slotFree();
      if (this.closed) return;
      this.keep(part, copy);
    }
    this.listen();
    if (this.isAwaited || this.parts.length >= MOST_PARTS) this.flush(progress);
  }

  private async addBatch({ exchanges, ...rest }: RecordBatch, { read }: { read: number }): Promise<void> {
    const { rows, count } = exchanges!;
    const held = rows.subarray(0, count * ROW_FIELDS);
    // While it waits for a slot nothing else is read of the file, but another one's rows come to lie elsewhere.
    await this.slotFree();
    if (this.closed) return;
    const slot = this.free.shift()!;
    const fits = held.length <= this.slots[slot]!.length;
    if (fits) this.slots[slot]!.set(held);
    const batch: ToldBatch = { ...rest, count, rows: fits ? undefined : held.slice() };
    this.tell({ stream: this.id, batch, slot, names: this.newNames(), read });
    this.listen();
  }

  /** The reader has nothing else to do, or soon will have. */
  private get isAwaited(): boolean {
    return this.slots.length - this.free.length <= FEW_OF * this.slots.length;
  }

  /** Who waits for lines can as well read them: so both have to do, whichever of them is the slower. */
  private asIs({ firstLine, rejections }: LineBatch, bytes: Uint8Array): Part | undefined {
    const slot = this.slots[this.free[0] ?? 0]!;
    if (!this.isAwaited || this.parts.length > 0 || bytes.length > slot.byteLength) return undefined;
    new Uint8Array(slot.buffer).set(bytes);
    return { firstLine, rejections, bytes: { from: 0, length: bytes.length } };
  }

  /** Takes up what was said meanwhile: from a file that is read faster than its lines, nothing else would get its turn. */
  private listen(): void {
    for (let said = receiveMessageOnPort(this.port); said !== undefined; said = receiveMessageOnPort(this.port))
      hear(said.message as Request, this.port);
  }

  private async slotFree(): Promise<void> {
    while (this.free.length === 0 && !this.closed) {
      await new Promise<void>((resolve) => {
        this.wake = resolve;
      });
    }
  }

  private flush(progress: { read: number }): void {
    if (this.parts.length === 0) return;
    const slot = this.free.shift()!;
    this.tell({ stream: this.id, parts: this.parts, slot, names: this.newNames(), read: progress.read });
    this.parts = [];
    this.used = 0;
  }

  /** Accounts that were not told of yet, by any stream. */
  private newNames(): string[] {
    const names = codes.names.slice(namesTold);
    namesTold = codes.names.length;
    return names;
  }

  private keep(part: Part, rows: Float64Array): void {
    if (part.rows !== undefined) part.rows.from = this.place(rows);
    this.parts.push(part);
  }

  /** Where the rows begin in the current slot; or they themselves, where they are more than one holds. */
  private place(rows: Float64Array): number | Float64Array {
    const slot = this.slots[this.free[0]!]!;
    if (rows.length > slot.length) return rows;
    const from = this.used;
    slot.set(rows, from);
    this.used += rows.length;
    return from;
  }

  private tell(told: Told): void {
    this.port.postMessage(told);
  }
}

/** Share of the slots with which the reader will soon have done. */
const FEW_OF = 1 / 16;
/** Parts that are told together, at most: more save nothing. */
const MOST_PARTS = 16;

const NO_ROWS = new Float64Array(0);

function asRows(batch: LineBatch, bytes: Uint8Array): Part {
  const unread: { line: number; text: string }[] = [];
  read.count = 0;
  let line = 0;
  for (let from = 0; from < bytes.length; line++) {
    const at = read.place();
    if (reader.read(bytes, from, read.rows, at)) {
      read.rows[at + ROW.line] = line;
      read.count++;
      from = reader.next;
    } else {
      const end = bytes.indexOf(NEWLINE, from);
      unread.push({ line, text: Buffer.from(bytes.buffer, bytes.byteOffset + from, end - from).toString('utf8') });
      from = end + 1;
    }
  }
  batch.counted?.(line);
  const { firstLine, rejections } = batch;
  return { firstLine, rejections, rows: { from: 0, count: read.count, unread } };
}

function asLines(batch: LineBatch): Part {
  const { firstLine, rejections, bytes } = batch;
  if (bytes === undefined) return { firstLine, rejections, lines: batch.lines };
  // It is told together with others, and the next one comes to lie where it does.
  return { firstLine, rejections, bytes: new Uint8Array(bytes) };
}

const streams = new Map<number, Stream>();

function hear(request: Request, port: MessagePort): void {
  if (!('open' in request)) {
    streams.get(request.stream)?.take(request);
    return;
  }
  const stream = new Stream(request.stream, request.slots, port);
  streams.set(request.stream, stream);
  void stream.run(request.open).finally(() => streams.delete(request.stream));
}

parentPort?.on('message', (request: Request) => hear(request, parentPort!));
