/** Lines of an object in batches that fit into memory and into a few calls to the stream. */
import { type Line, LinesError } from './lines.ts';
import { type Piece, pieceOfText, type Unread, unread } from './piece.ts';

/** One call to the stream takes 500 records. */
const MAX_PIECES = 500;
const MAX_CHARACTERS = 4 * 1024 * 1024;

export interface LineBatch {
  pieces: Piece[];
  /** Lines that are too long, and the rest of an object that is damaged. */
  unread: Unread[];
}

/** `name`: bucket and key. Empty lines are nothing. Errors of the download are thrown; damaged bytes are not. */
export async function* lineBatches(lines: AsyncIterable<Line>, name: string): AsyncGenerator<LineBatch> {
  let batch: LineBatch = { pieces: [], unread: [] };
  let characters = 0;
  let last = 0;
  try {
    for await (const line of lines) {
      last = line.number;
      const position = `${name}:${line.number}`;
      if ('tooLong' in line) batch.unread.push(unread({ position, value: undefined, text: '' }, '', 'line too long'));
      else if (line.text.trim() !== '') batch.pieces.push(pieceOfText(position, line.text));
      characters += 'text' in line ? line.text.length : 0;
      if (batch.pieces.length < MAX_PIECES && characters < MAX_CHARACTERS) continue;
      yield batch;
      batch = { pieces: [], unread: [] };
      characters = 0;
    }
  } catch (error) {
    if (!(error instanceof LinesError)) throw error;
    const piece = { position: `${name}:${last + 1}`, value: undefined, text: '' };
    batch.unread.push(unread(piece, '', `${error.message}: not read from here on`));
  }
  if (batch.pieces.length > 0 || batch.unread.length > 0) yield batch;
}
