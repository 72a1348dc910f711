/**
 * One exchange of a finding as a line of seven columns, so that somebody without Stillwatch can count them with the
 * tools of any shell. Tab, line feed, carriage return and `%` within a value are percent-encoded.
 */
import type { UsageRecord } from '../records/schema.ts';
import { isoTime, timeMs } from '../records/time.ts';

export interface ExchangeRow {
  account: string;
  id: string;
  /** RFC 3339 with milliseconds, so that text order is time order. */
  time: string;
  model: string;
  /** The record's task, or `UNLABELLED`. */
  task: string;
  outputTokens: number;
  /** Fingerprints: of the prompt with its variable parts masked, and of its word shingles. Empty where not known. */
  template: string;
  sketch: string;
}

/** What stands in the column of tasks where the record has none. */
export const UNLABELLED = 'unlabelled';

export function rowOf({ account, id, time, model, tokens, prompt }: UsageRecord): ExchangeRow {
  return {
    account,
    id,
    time: isoTime(timeMs(time)),
    model,
    task: prompt?.task ?? UNLABELLED,
    outputTokens: tokens.output,
    template: prompt?.template ?? '',
    sketch: prompt?.sketch ?? '',
  };
}

/** Lines in text order are in order of account, id and time. */
export function writeRow(row: ExchangeRow): string {
  const { account, id, time, model, task, outputTokens, template, sketch } = row;
  return [account, id, time, model, task, String(outputTokens), template, sketch].map(encode).join('\t');
}

export function readRow(line: string): ExchangeRow {
  const [account = '', id = '', time = '', model = '', task = '', output = '', template = '', sketch = ''] = line
    .split('\t')
    .map(decode);
  return { account, id, time, model, task, outputTokens: Number(output), template, sketch };
}

/** The columns that go into a dossier: no fingerprint among them. */
export function publicColumns({ account, id, time, model, task, outputTokens }: ExchangeRow): string {
  return [account, id, time, model, task, String(outputTokens)].map(encode).join('\t');
}

/** What makes an exchange one: its account and id, as the line begins. */
export function keyOf({ account, id }: Pick<ExchangeRow, 'account' | 'id'>): string {
  return `${encode(account)}\t${encode(id)}`;
}

const CODES: Record<string, string> = { '\t': '%09', '\n': '%0A', '\r': '%0D', '%': '%25' };

function encode(value: string): string {
  return /[\t\n\r%]/.test(value) ? value.replace(/[\t\n\r%]/g, (character) => CODES[character]!) : value;
}

function decode(value: string): string {
  return value.includes('%') ? value.replace(/%(09|0A|0D|25)/g, (code) => CHARACTERS[code]!) : value;
}

const CHARACTERS: Record<string, string> = Object.fromEntries(
  Object.entries(CODES).map(([character, code]) => [code, character]),
);
