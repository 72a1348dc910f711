/** Pieces of one source to records, and to what could not be read. */
import type { StillwatchRecord } from '../../core/records/schema.ts';
import { type Format, readValue } from '../../core/sources/detect.ts';
import type { SourceContext, SourceItem } from '../../core/sources/source.ts';
import { type Piece, type Unread, unread } from './piece.ts';

export interface Reading {
  records: StillwatchRecord[];
  unread: Unread[];
  /** Values that are fine but no exchanges, as a health check or an agent's span. */
  skipped: number;
}

/** Every piece is read as `format`: what else arrives there is a mistake, and guessing would hide it. */
export function read(pieces: readonly Piece[], context: SourceContext, format: Format): Reading {
  const reading: Reading = { records: [], unread: [], skipped: 0 };
  for (const piece of pieces) {
    if (piece.value === undefined) {
      reading.unread.push(unread(piece, '', 'not JSON'));
      continue;
    }
    for (const item of itemsOf(piece.value, context, format)) {
      if ('record' in item) reading.records.push(item.record);
      else if ('rejection' in item) reading.unread.push(unread(piece, item.rejection.path, item.rejection.reason));
      else reading.skipped++;
    }
  }
  return reading;
}

/**
 * Sources never throw, so that this is a fault of theirs: set aside, where it is counted and can be looked into. Thrown,
 * it would bring the same batch back for ever.
 */
function itemsOf(value: unknown, context: SourceContext, format: Format): SourceItem[] {
  try {
    return readValue(value, context, format);
  } catch (error) {
    const kind = error instanceof Error ? error.name : 'unknown';
    return [{ rejection: { path: '', reason: `the reader failed on it (${kind})` } }];
  }
}
