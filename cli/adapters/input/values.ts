/** One input's lines to records and rejections. */
import { parseRecord } from '../../../core/records/parse.ts';
import { detect, FORMATS, type Format, readValue } from '../../../core/sources/detect.ts';
import type { SourceContext } from '../../../core/sources/source.ts';
import { stillwatch } from '../../../core/sources/stillwatch.ts';
import { documentOrLines } from './document.ts';
import { InputError } from './input-error.ts';
import type { LineBatch } from './lines.ts';
import type { Input } from './open.ts';
import type { LineRejection, RecordBatch } from './record-batch.ts';

export interface ReadOptions {
  source: SourceContext;
  /** Reads every value as this format; by content where undefined. */
  format?: Format | undefined;
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
    yield* input.records;
    return;
  }
  const reader = new ValueReader(options);
  try {
    for await (const piece of documentOrLines(input.lines)) {
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

/** Lines looked at before an input is given up as of no known format. */
const TRIES = 100;

class ValueReader {
  readonly #options: ReadOptions;
  #format: Format | undefined;
  /** Lines before the first of a known format: told as rejections only once there is one. */
  #unknown: LineRejection[] = [];
  #shape = 'no JSON';

  constructor(options: ReadOptions) {
    this.#options = options;
    this.#format = options.format;
  }

  readLines({ firstLine, lines, rejections }: LineBatch): RecordBatch {
    const batch = newBatch();
    for (const { line, reason } of rejections) batch.rejections.push({ line, path: '', reason });
    for (let i = 0; i < lines.length; i++) {
      const text = lines[i] as string;
      if (text === '') continue;
      let value: unknown;
      try {
        value = JSON.parse(text);
      } catch {
        if (text.trim() !== '') this.#reject({ line: firstLine + i, path: '', reason: 'not JSON' }, batch);
        continue;
      }
      this.#read(value, firstLine + i, batch);
    }
    return batch;
  }

  readDocument(document: unknown): RecordBatch {
    const batch = newBatch();
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
      batch.records.push(result.record);
      batch.lines.push(line);
    } else if (this.#options.format !== undefined || stillwatch.matches(value)) {
      batch.rejections.push({ line, path: result.path, reason: result.reason });
    } else this.#readForeign(value, line, batch);
  }

  #readForeign(value: unknown, line: number, batch: RecordBatch): void {
    if (!this.#knows(value, line, batch)) return;
    for (const item of readValue(value, this.#options.source, this.#options.format)) {
      if ('record' in item) {
        batch.records.push(item.record);
        batch.lines.push(line);
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

function newBatch(): RecordBatch {
  return { records: [], lines: [], rejections: [], skipped: new Map() };
}
