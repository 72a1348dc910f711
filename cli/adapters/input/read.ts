/** All inputs of a command, one after the other, and the rule for an input of which nothing can be read. */
import { gunzipSync } from 'node:zlib';
import { InputError } from './input-error.ts';
import type { Input } from './open.ts';
import type { RecordBatch } from './record-batch.ts';
import { type ReadOptions, readValues } from './values.ts';

/** A batch and the file it came from. */
export interface InputBatch extends RecordBatch {
  input: string;
}

/**
 * Yields every batch of every input. A file of a directory or glob that is of no known format is one rejection among
 * the others. Throws `InputError`, when its last file is done, for an argument that gave rejections and no record; and
 * at the end when there was no record at all.
 */
export async function* readInputs(inputs: Input[], options: ReadOptions): AsyncGenerator<InputBatch> {
  const tally = new Tally(inputs);
  for (const input of inputs) {
    for await (const batch of readOne(input, options, tally.isAlone(input))) {
      tally.add(input, batch);
      yield batch;
    }
    tally.assertArgument(input);
  }
  tally.assertAny();
}

export async function* readOne(input: Input, options: ReadOptions, isAlone: boolean): AsyncGenerator<InputBatch> {
  try {
    for await (const batch of readValues(input, options)) yield Object.assign(batch, { input: input.name });
  } catch (error) {
    if (isAlone || !(error instanceof InputError)) throw error;
    const reason = error.message.replace(`${input.name}: `, '');
    yield {
      input: input.name,
      records: [],
      lines: [],
      rejections: [{ line: 1, path: '', reason }],
      skipped: new Map(),
    };
  }
}

interface Counts {
  files: number;
  /** Files not yet read to their end. */
  left: number;
  records: number;
  rejected: number;
  skipped: number;
  firstReason: string;
}

const NOTHING: Counts = { files: 0, left: 0, records: 0, rejected: 0, skipped: 0, firstReason: '' };

export class Tally {
  readonly #byArgument = new Map<string, Counts>();

  constructor(inputs: Input[]) {
    for (const { argument } of inputs) {
      const counts = this.#byArgument.get(argument) ?? { ...NOTHING };
      counts.files++;
      counts.left++;
      this.#byArgument.set(argument, counts);
    }
  }

  isAlone(input: Input): boolean {
    return this.#of(input).files === 1;
  }

  add(input: Input, batch: InputBatch): void {
    const counts = this.#of(input);
    counts.records += batch.records.length + (batch.exchanges?.count ?? 0);
    counts.rejected += batch.rejections.length;
    for (const skipped of batch.skipped.values()) counts.skipped += skipped;
    const [rejection] = batch.rejections;
    if (counts.firstReason !== '' || rejection === undefined) return;
    const where = rejection.path === '' ? '' : `${rejection.path}: `;
    counts.firstReason = `${counts.files > 1 ? `${input.name} ` : ''}line ${rejection.line}: ${where}${rejection.reason}`;
  }

  assertArgument(input: Input): void {
    const counts = this.#of(input);
    counts.left--;
    if (counts.left > 0 || counts.records > 0 || counts.rejected === 0) return;
    const name = input.argument === '-' ? input.name : input.argument;
    throw new InputError(`${name}: nothing in it can be read; ${counts.firstReason}`);
  }

  assertAny(): void {
    const all = [...this.#byArgument.values()];
    if (all.some((counts) => counts.records > 0)) return;
    const skipped = all.reduce((sum, counts) => sum + counts.skipped, 0);
    const names = [...this.#byArgument.keys()].join(', ');
    throw new InputError(
      skipped > 0
        ? `${names}: no exchange in it: all ${skipped} values are of other kinds`
        : `${names}: empty: no record`,
    );
  }

  #of(input: Input): Counts {
    return this.#byArgument.get(input.argument)!;
  }
}

/** A CloudWatch Logs envelope is at most 1 MiB as sent; this bounds what a hostile one can unfold to. */
const MAX_INFLATED_BYTES = 64 * 1024 * 1024;

/** For `SourceContext.inflate`. */
export function inflateBase64(base64: string): string | undefined {
  try {
    return gunzipSync(Buffer.from(base64, 'base64'), { maxOutputLength: MAX_INFLATED_BYTES }).toString('utf8');
  } catch {
    return undefined;
  }
}
