/** Files that are one JSON document over many lines: pretty-printed objects, and arrays with a value on each line. */
import { InputError } from './input-error.ts';
import { keptBatch, type LineBatch } from './lines.ts';

/** A document is held whole, so its size is bounded. */
const MAX_DOCUMENT_CHARACTERS = 64 * 1024 * 1024;

export type Piece = LineBatch | { document: unknown };

/**
 * The batches as they are, or the one document that they make up. Judged by the first two lines: one that is no JSON
 * by itself, followed by another that is not, opens a document; a document that does not parse is lines after all.
 */
export async function* documentOrLines(batches: AsyncIterable<LineBatch>): AsyncGenerator<Piece> {
  const held: LineBatch[] = [];
  const opening: string[] = [];
  const rest = batches[Symbol.asyncIterator]();
  try {
    while (opening.length < 2) {
      const { value, done } = await rest.next();
      if (done) break;
      const batch = keptBatch(value);
      held.push(batch);
      for (const line of batch.lines) if (opening.length < 2 && line.trim() !== '') opening.push(line);
    }
    if (opensDocument(opening)) {
      const document = await wholeDocument(held, rest, opening[0] ?? '');
      if (document !== undefined) {
        yield { firstLine: 1, lines: [], rejections: held.flatMap((batch) => batch.rejections) };
        yield { document };
        return;
      }
    }
    yield* held;
    for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value;
  } finally {
    await rest.return?.();
  }
}

function opensDocument([first = '', second]: string[]): boolean {
  if (second === undefined || parse(first) !== undefined) return false;
  return first.trim() === '[' || parse(second) === undefined;
}

/** Reads on into `held` until the end; undefined when it is no document. */
async function wholeDocument(held: LineBatch[], rest: AsyncIterator<LineBatch>, opening: string): Promise<unknown> {
  let size = held.reduce((sum, batch) => sum + charactersOf(batch), 0);
  while (size <= MAX_DOCUMENT_CHARACTERS) {
    const { value, done } = await rest.next();
    if (done) return parse(held.map((batch) => batch.lines.join('\n')).join('\n'));
    const batch = keptBatch(value);
    held.push(batch);
    size += charactersOf(batch);
  }
  if (!opening.trimStart().startsWith('[')) return undefined;
  throw new InputError("is one JSON array of more than 64 MiB: write one record a line, for example with jq -c '.[]'");
}

function charactersOf(batch: LineBatch): number {
  return batch.lines.reduce((sum, line) => sum + line.length + 1, 0);
}

/** Objects and arrays only: a word that happens to be JSON opens nothing. */
function parse(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}
