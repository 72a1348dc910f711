/** What must hold for any input: no throw, an answer for each value, records of the contract, prototypes as they were. */
import { gunzipSync } from 'node:zlib';
import { createFingerprinter } from '../../core/records/fingerprint.ts';
import { parseRecord } from '../../core/records/parse.ts';
import { recordSchema } from '../../core/records/schema.ts';
import { FORMATS, type Format, readValue } from '../../core/sources/detect.ts';
import { sourceSettingsSchema } from '../../core/sources/settings.ts';
import { type SourceContext, type SourceItem, sourceContext } from '../../core/sources/source.ts';
import { splitBody } from '../../core/sources/split-body.ts';
import type { Arrival } from '../../lambdas/ingest/arrival.ts';
import { Decoder } from '../../lambdas/ingest/decode.ts';
import { damaged, damagedBytes, pick, type Random } from './mutate.ts';

export interface Tally {
  inputs: number;
  accepted: number;
  rejected: number;
  skipped: number;
  /** Empty lists, and empty bodies. */
  empty: number;
  /** Times each reason was given; values of a record never occur in one. */
  reasons: Map<string, number>;
  slowestMs: number;
}

export const TARGETS = [...FORMATS, 'any format', 'parseRecord', 'decode', 'body'] as const;
export type Target = (typeof TARGETS)[number];

const NOW = Date.UTC(2026, 4, 15);
/** Longer than any input may take; the largest has 2 MB. */
const SLOW_MS = 2000;
/** zod is slow: every one of so many accepted records is held to it, and all to the checks of the hot path. */
const ZOD_EVERY = 20;

const SETTINGS = [
  {},
  {
    bedrock: { account: 'tenant', session: 'conversation', org: 'tenant', plain: ['tenant', 'identity.arn'] },
    litellm: { account: 'user_api_key_user_id', plain: ['user_api_key_user_id', 'user_api_key_org_id'] },
    otel: { org: ['service.name'], plain: ['user.id', 'enduser.id', 'service.name'] },
  },
];

export class Fuzz {
  readonly tallies = new Map<Target, Tally>(TARGETS.map((target) => [target, tally()]));
  private readonly samples: readonly unknown[];
  private readonly contexts: readonly SourceContext[];
  private readonly prototypes = prototypeKeys();
  private accepted = 0;

  constructor(samples: readonly unknown[]) {
    this.samples = samples;
    const fingerprinter = createFingerprinter(new Uint8Array(32));
    this.contexts = SETTINGS.map((settings) =>
      sourceContext(fingerprinter, sourceSettingsSchema.parse(settings), inflate),
    );
  }

  /** Throws an error that says what did not hold. */
  one(random: Random): void {
    const target = TARGETS[pick(TARGETS.length, random)]!;
    const counts = this.tallies.get(target)!;
    const sample = this.samples[pick(this.samples.length, random)];
    const input = this.inputOf(target, sample, random);
    const began = performance.now();
    const items = this.read(target, input, random);
    const ms = performance.now() - began;
    counts.inputs++;
    counts.slowestMs = Math.max(counts.slowestMs, ms);
    if (ms > SLOW_MS) throw new Error(`${target} took ${Math.round(ms)} ms`);
    if (items.length === 0) {
      if (!isEmpty(input)) throw new Error(`${target} gave no answer`);
      counts.empty++;
    }
    for (const item of items) this.judge(item, counts, target);
    if (prototypeKeys() !== this.prototypes) throw new Error(`${target} changed a prototype`);
  }

  private inputOf(target: Target, sample: unknown, random: Random): unknown {
    const value = damaged(sample, this.samples, random);
    if (target !== 'decode' && target !== 'body') return value;
    const bytes = Buffer.from(JSON.stringify(value));
    return random() < 0.5 ? damagedBytes(bytes, random) : bytes;
  }

  private read(target: Target, input: unknown, random: Random): SourceItem[] {
    const context = this.contexts[pick(this.contexts.length, random)]!;
    if (target === 'any format') return readValue(input, context);
    if (target === 'parseRecord') return [itemOf(parseRecord(input))];
    if (target === 'decode')
      return [itemOf(new Decoder({ now: NOW, retentionDays: 90 }, 1).decode(arrived(input as Uint8Array)))];
    if (target !== 'body') return readValue(input, context, target);
    const format: Format = FORMATS[pick(FORMATS.length, random)]!;
    return splitBody(Buffer.from(input as Uint8Array).toString('utf8')).flatMap(({ value }) =>
      value === undefined ? [{ rejection: { path: '', reason: 'not JSON' } }] : readValue(value, context, format),
    );
  }

  private judge(item: SourceItem, counts: Tally, target: Target): void {
    if ('record' in item) {
      counts.accepted++;
      this.accepted++;
      const checked = parseRecord(item.record);
      if (!checked.ok) throw new Error(`${target} accepted a record that breaks the contract at ${checked.path}`);
      if (Object.getPrototypeOf(item.record) !== Object.prototype) throw new Error(`${target} gave a strange object`);
      if (this.accepted % ZOD_EVERY === 0) recordSchema.parse(item.record);
      return;
    }
    const reason = 'skip' in item ? item.skip : item.rejection.reason;
    if (reason === '') throw new Error(`${target} gave no reason`);
    counts['skip' in item ? 'skipped' : 'rejected']++;
    counts.reasons.set(reason, (counts.reasons.get(reason) ?? 0) + 1);
  }
}

function isEmpty(input: unknown): boolean {
  if (input instanceof Uint8Array) return /^[[\]\s,]*$/.test(Buffer.from(input).toString());
  return Array.isArray(input) && input.every(isEmpty);
}

function itemOf(outcome: ReturnType<typeof parseRecord> | ReturnType<Decoder['decode']>): SourceItem {
  if ('record' in outcome) return { record: outcome.record };
  return { rejection: { path: outcome.path, reason: outcome.reason } };
}

function arrived(bytes: Uint8Array): Arrival {
  const shard = 'shardId-000000000000';
  return { shard, sequence: '1', data: Buffer.from(bytes).toString('base64'), encoding: 'base64', item: '1' };
}

function inflate(base64: string): string | undefined {
  try {
    return gunzipSync(Buffer.from(base64, 'base64'), { maxOutputLength: 2 ** 20 }).toString('utf8');
  } catch {
    return undefined;
  }
}

/** Names on the prototypes that every object and list has. */
function prototypeKeys(): string {
  const prototypes = [Object.prototype, Array.prototype, Function.prototype, String.prototype, Map.prototype];
  return prototypes.map((prototype) => Reflect.ownKeys(prototype).length).join();
}

function tally(): Tally {
  return { inputs: 0, accepted: 0, rejected: 0, skipped: 0, empty: 0, reasons: new Map(), slowestMs: 0 };
}
