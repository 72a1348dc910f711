/** What is read of an input at one time. */
import type { ExchangeRows } from '../../../core/aggregates/exchange-rows.ts';
import type { StillwatchRecord } from '../../../core/records/schema.ts';

export interface LineRejection {
  /** Counted from 1; 1 for the whole of a document that spans lines; the row where there are rows. */
  line: number;
  /** Where in the value, as `tokens.input`; empty for the whole line. */
  path: string;
  reason: string;
}

export interface RecordBatch {
  records: StillwatchRecord[];
  /** In place of the usage records, where the reader asked for rows. Good until the next batch is read. */
  exchanges?: ExchangeRows;
  /** Line of each record. */
  lines: number[];
  rejections: LineRejection[];
  /** Values that are fine but no records, by reason. */
  skipped: Map<string, number>;
}
