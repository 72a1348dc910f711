/** One input's lines to records and rejections. */

import { ROW, ROW_FIELDS } from '../../../core/aggregates/exchange.ts';
import { ExchangeReader } from '../../../core/aggregates/exchange-reader.ts';
import { ExchangeRows } from '../../../core/aggregates/exchange-rows.ts';
import type { Intake } from '../../../core/aggregates/intake.ts';
import { parseRecord } from '../../../core/records/parse.ts';
import type { StillwatchRecord } from '../../../core/records/schema.ts';
import { detect, FORMATS, type Format, readValue } from '../../../core/sources/detect.ts';
import type { SourceContext } from '../../../core/sources/source.ts';
import { stillwatch } from '../../../core/sources/stillwatch.ts';
import { documentOrLines } from './document.ts';
import { InputError } from './input-error.ts';
import type { LineBatch } from './lines.ts';
import type { Input } from './open.ts';
import { type LinesAhead, numberAnew, type ParsedLines, type ReadThreads } from './read-threads.ts';
import type { LineRejection, RecordBatch } from './record-batch.ts';

export interface ReadOptions {
  source: SourceContext;
  /** Reads every value as this format; by content where undefined. */
  format?: Format | undefined;
  /** Gives exchanges as rows for this intake, not as records. */
  intake?: Pick<Intake, 'accounts' | 'write'>;
  /** They read for it. */
  threads?: ReadThreads | undefined;
}

/** A format by its name on the command line. Throws `InputError`. */
export function parseFormat(name: string): Format {
  const format = FORMATS.find((known) => known === name);
  if (format === undefined) throw new InputError(`--format: not one of ${FORMATS.join(', ')}`);
  return format;
}

/**
 * Reads an input to its end. A bad line is a rejection; an input of no known format, or of a provider's totals, throws
 * `InputError`.
 */
export async function* readValues(input: Input, options: ReadOptions): AsyncGenerator<RecordBatch> {
  if (input.records !== undefined) {
    assertFormat(input.name, options.format);
    const { threads, intake } = options;
    yield* threads && intake ? threads.records(input, intake) : input.records(intake);
    return;
  }
  const reader = new ValueReader(options);
  try {
    const lines = options.threads?.lines(input, () => reader.isNative) ?? input.lines;
    for await (const piece of documentOrLines(lines)) {
      yield 'document' in piece ? reader.readDocument(piece.document) : reader.readLines(piece);
    }
    reader.assertKnown();
  } catch (error) {
    const isOwn = error instanceof InputError && !error.message.startsWith(`${input.name}: `);
    throw isOwn ? new InputError(`${input.name}: ${error.message}`) : error;
  }
}

/** What stands in columns has been read already: only its own format fits. */
function assertFormat(name: string, format: Format | undefined): void {
  if (format === undefined || format === 'stillwatch') return;
  throw new InputError(`${name}: is Parquet of an archive, not ${format}: leave out --format`);
}

const NEWLINE = 10;
/** Lines looked at before an input is given up as of no known format. */
const TRIES = 100;

class ValueReader {
  readonly #options: ReadOptions;
  #format: Format | undefined;
  /** Lines before the first of a known format: told as rejections only once there is one. */
  #unknown: LineRejection[] = [];
  #shape = 'no JSON';
  readonly #exchanges: { reader: ExchangeReader; rows: ExchangeRows } | undefined;

  constructor(options: ReadOptions) {
    this.#options = options;
    this.#format = options.format;
    const { intake } = options;
    this.#exchanges = intake && { reader: new ExchangeReader(intake.accounts), rows: new ExchangeRows() };
  }

  /** Lines can be read without knowing what stood before them. */
  get isNative(): boolean {
    return this.#format === 'stillwatch' && this.#exchanges !== undefined;
  }

  readLines(batch: LinesAhead): RecordBatch {
    const read = this.#newBatch();
    for (const { line, reason } of batch.rejections) read.rejections.push({ line, path: '', reason });
    if (batch.parsed !== undefined) this.#takeParsed(batch.parsed, batch.firstLine, read);
    else if (batch.bytes !== undefined && this.#exchanges !== undefined) this.#readBytes(batch.bytes, batch, read);
    else for (const [i, text] of batch.lines.entries()) this.#readText(text, batch.firstLine + i, read);
    return read;
  }

  /** Lines of our own format go from bytes to rows; the others by way of their text. */
  #readBytes(bytes: Buffer, lines: LineBatch, batch: RecordBatch): void {
    const { reader, rows } = this.#exchanges!;
    let line = lines.firstLine;
    for (let from = 0; from < bytes.length; line++) {
      const at = rows.place();
      if (this.#format === 'stillwatch' && reader.read(bytes, from, rows.rows, at)) {
        rows.rows[at + ROW.line] = line;
        rows.count++;
        from = reader.next;
      } else {
        const end = bytes.indexOf(NEWLINE, from);
        this.#readText(bytes.toString('utf8', from, end), line, batch);
        from = end + 1;
      }
    }
    lines.counted?.(line - lines.firstLine);
  }

  /** The rows of a thread with the lines that it left in their places. */
  #takeParsed({ rows, count, unread, accounts }: ParsedLines, firstLine: number, batch: RecordBatch): void {
    numberAnew(rows, count, accounts, this.#options.intake!.accounts);
    for (let i = 0; i < count; i++) rows[i * ROW_FIELDS + ROW.line]! += firstLine;
    if (unread.length === 0) {
      batch.exchanges = new ExchangeRows(rows, count);
      return;
    }
    const into = this.#exchanges!.rows;
    let next = 0;
    const takeRows = (before: number) => {
      for (; next < count && rows[next * ROW_FIELDS + ROW.line]! < before; next++) into.push(rows, next * ROW_FIELDS);
    };
    for (const { line, text } of unread) {
      takeRows(firstLine + line);
      this.#readText(text, firstLine + line, batch);
    }
    takeRows(Number.POSITIVE_INFINITY);
  }

  #readText(text: string, line: number, batch: RecordBatch): void {
    if (text === '') return;
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch {
      if (text.trim() !== '') this.#reject({ line, path: '', reason: 'not JSON' }, batch);
      return;
    }
    this.#read(value, line, batch);
  }

  #take(record: StillwatchRecord, line: number, batch: RecordBatch): void {
    if (this.#exchanges === undefined || record.type !== 'usage') {
      batch.records.push(record);
      batch.lines.push(line);
      return;
    }
    const { rows } = this.#exchanges;
    const at = rows.place();
    this.#options.intake!.write(record, rows.rows, at);
    rows.rows[at + ROW.line] = line;
    rows.count++;
  }

  #newBatch(): RecordBatch {
    const batch: RecordBatch = { records: [], lines: [], rejections: [], skipped: new Map() };
    if (this.#exchanges === undefined) return batch;
    this.#exchanges.rows.count = 0;
    return { ...batch, exchanges: this.#exchanges.rows };
  }

  readDocument(document: unknown): RecordBatch {
    const batch = this.#newBatch();
    this.#read(document, 1, batch);
    return batch;
  }

  /** Native records take the short way: parsed once, no item objects. */
  #read(value: unknown, line: number, batch: RecordBatch): void {
    if (this.#format !== 'stillwatch') {
      this.#readForeign(value, line, batch);
      return;
    }
    const result = parseRecord(value);
    if (result.ok) {
      this.#take(result.record, line, batch);
    } else if (this.#options.format !== undefined || stillwatch.matches(value)) {
      batch.rejections.push({ line, path: result.path, reason: result.reason });
    } else this.#readForeign(value, line, batch);
  }

  #readForeign(value: unknown, line: number, batch: RecordBatch): void {
    if (!this.#knows(value, line, batch)) return;
    for (const item of readValue(value, this.#options.source, this.#options.format)) {
      if ('record' in item) {
        this.#take(item.record, line, batch);
      } else if ('rejection' in item) batch.rejections.push({ line, ...item.rejection });
      else batch.skipped.set(item.skip, (batch.skipped.get(item.skip) ?? 0) + 1);
    }
  }

  #knows(value: unknown, line: number, batch: RecordBatch): boolean {
    if (this.#format !== undefined) return true;
    const detection = detect(value, this.#options.source);
    if ('coarse' in detection) throw new InputError(detection.coarse);
    if ('unknown' in detection) {
      this.#shape = detection.unknown;
      this.#reject({ line, path: '', reason: `of no known format: ${detection.unknown}` }, batch);
      return false;
    }
    this.#format = detection.format;
    batch.rejections.unshift(...this.#unknown);
    this.#unknown = [];
    return true;
  }

  #reject(rejection: LineRejection, batch: RecordBatch): void {
    if (this.#format !== undefined) batch.rejections.push(rejection);
    else if (this.#unknown.push(rejection) >= TRIES) this.assertKnown();
  }

  /** Throws when there were values and none was of a known format. */
  assertKnown(): void {
    if (this.#format !== undefined || this.#unknown.length === 0) return;
    throw new InputError(
      `of no known format: saw ${this.#shape} where Stillwatch records, Bedrock invocation logs, LiteLLM payloads, OTLP JSON or CloudEvents were expected; --format forces one`,
    );
  }
}
