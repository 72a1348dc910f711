/** What a source is: one foreign format, turned into records one value at a time. */
import type { Fingerprinter } from '../records/fingerprint.ts';
import { parseRecord } from '../records/parse.ts';
import type { AccountRecord, StillwatchRecord, UsageRecord } from '../records/schema.ts';
import type { SourceSettings } from './settings.ts';

/** A value that breaks its format or the record contract. Neither field ever holds a piece of the value. */
export interface Rejection {
  /** Where in the value, as `tokens.input`; empty for the whole of it. */
  path: string;
  reason: string;
}

/** `skip`: a value that is fine but is no exchange, with the reason; it is counted and not quarantined. */
export type SourceItem = { record: StillwatchRecord } | { rejection: Rejection } | { skip: string };

export interface SourceContext {
  fingerprinter: Fingerprinter;
  attribution: SourceSettings;
  /** Base64 of gzip to text, for CloudWatch Logs subscriptions; undefined when the data is damaged or too large. */
  inflate?: (base64: string) => string | undefined;
  /** Organisation last told of each account, so that a stream of exchanges does not repeat its account records. */
  toldOrgs: Map<string, string>;
}

export interface Source {
  name: string;
  /** Whether a value is of this format, judged by a few fields. */
  matches(value: unknown): boolean;
  /** Never throws, whatever the value. */
  read(value: unknown, context: SourceContext): SourceItem[];
}

export function sourceContext(
  fingerprinter: Fingerprinter,
  attribution: SourceSettings,
  inflate?: SourceContext['inflate'],
): SourceContext {
  return { fingerprinter, attribution, toldOrgs: new Map(), ...(inflate ? { inflate } : {}) };
}

export function rejected(path: string, reason: string): SourceItem {
  return { rejection: { path, reason } };
}

/** Held to the record contract like any other record, so a foreign value can never bring in what a native one could not. */
export function checked(candidate: unknown): SourceItem {
  const result = parseRecord(candidate);
  return result.ok ? { record: result.record } : rejected(result.path, result.reason);
}

/** An exchange, and its account's organisation where that is known and new. `org` is told before the exchange. */
export function exchange(usage: UsageRecord, org: string | undefined, context: SourceContext): SourceItem[] {
  const item = checked(usage);
  if (!('record' in item) || org === undefined || !isNews(usage.account, org, context.toldOrgs)) return [item];
  const account: AccountRecord = { type: 'account', time: usage.time, account: usage.account, org };
  return [checked(account), item];
}

/** Bounds the memory: beyond it everything is told once more, which changes nothing. */
const TOLD_ACCOUNTS = 200_000;

function isNews(account: string, org: string, told: Map<string, string>): boolean {
  if (told.get(account) === org) return false;
  if (told.size >= TOLD_ACCOUNTS) told.clear();
  told.set(account, org);
  return true;
}
