/** A stream or a queue that goes wrong in every way it may, and the ingest function under it: what is counted must not show it. */
import type { KinesisStreamEvent, KinesisStreamRecord } from 'aws-lambda';
import fc from 'fast-check';
import { expect } from 'vitest';
import { AccountDay } from '../../core/aggregates/account-day.ts';
import { packAccountDay } from '../../core/aggregates/account-day-codec.ts';
import { foldUsage } from '../../core/aggregates/fold.ts';
import { hashPair } from '../../core/aggregates/hash.ts';
import type { AggregateStore } from '../../core/ports.ts';
import type { UsageRecord } from '../../core/records/schema.ts';
import { timeMs } from '../../core/records/time.ts';
import type { IngestEvent } from '../../lambdas/ingest/arrival.ts';
import { handle, type IngestHost } from '../../lambdas/ingest/ingest.ts';
import { listening, queueEvent, recorded } from '../lambdas/support.ts';
import { DAY, EVERY_DAY, usage } from './sample-records.ts';

const ACCOUNTS = ['ann', 'bob', 'cyd'];
/** Most exchanges are of one account and day, which so outgrows its item; some of the next, for batches of several. */
const MIDNIGHT = 86_400;

interface Entry {
  sequence: string;
  record: UsageRecord;
}

/** By which the function is given what was sent. */
export type Way = 'stream' | 'queue';

/** What the producers sent, by shard. `open`: the shard that takes each account's records now. */
export interface Sent {
  way: Way;
  shards: Map<string, Entry[]>;
  open: Map<string, string>;
  distinct: Map<string, UsageRecord>;
  next: number;
}

/** Says how the calls of one worker's store go wrong; a worker that crashed is replaced. */
export interface Faults {
  /** Writes until the crash; undefined for none. */
  crashAfter: number | undefined;
  /** Whether the last of them still takes effect. */
  takesEffect: boolean;
}

export interface Platform {
  store: AggregateStore;
  /** A worker of its own memory on the same tables. With faults it throws `Crash` where it would die. */
  worker(faults?: Faults): Pick<AggregateStore, 'foldUsage' | 'recordAccount' | 'recordRelease'>;
}

export class Crash extends Error {
  override name = 'Crash';
}

type Step = fc.AsyncCommand<Sent, Platform>;

export function sent(way: Way): Sent {
  const shards = new Map([['shard-0', []]]);
  return { way, shards, open: new Map(ACCOUNTS.map((account) => [account, 'shard-0'])), distinct: new Map(), next: 0 };
}

/** Puts records on the stream, of which some repeat an id that was sent before. */
class Produce implements Step {
  private readonly picks: readonly [account: number, repeat: number][];

  constructor(picks: readonly [number, number][]) {
    this.picks = picks;
  }

  check = () => true;

  async run(model: Sent): Promise<void> {
    for (const [pick, repeat] of this.picks) {
      const account = ACCOUNTS[Math.max(0, pick - 7)]!;
      const at = model.next++;
      const known = [...model.distinct.values()].filter((record) => record.account === account);
      const again = repeat < known.length ? known[repeat] : undefined;
      const record = again ?? usage(account, `x${at}`, (at * 977) % (at % 9 === 0 ? 2 * MIDNIGHT : MIDNIGHT));
      model.distinct.set(`${account} ${record.id}`, record);
      model.shards.get(model.open.get(account)!)!.push({ sequence: String(1000 + at), record });
    }
  }

  toString = () => `produce(${this.picks.length})`;
}

/** Every account of the shard goes on at one of two children. */
class Split implements Step {
  private readonly pick: number;

  constructor(pick: number) {
    this.pick = pick;
  }

  check = ({ shards }: Readonly<Sent>) => shards.size < 12;

  async run(model: Sent): Promise<void> {
    const parent = [...model.shards.keys()][this.pick % model.shards.size]!;
    const children = [0, 1].map((i) => `shard-${model.shards.size + i}`);
    for (const child of children) model.shards.set(child, []);
    for (const [account, shard] of model.open) {
      if (shard === parent) model.open.set(account, children[account.charCodeAt(0) % 2]!);
    }
  }

  toString = () => `split(${this.pick})`;
}

interface Stretch {
  shard: number;
  from: number;
  to: number;
}

/** Any stretch of any shard, delivered before or not, in order or not, to one worker. */
class Deliver implements Step {
  private readonly stretch: Stretch;
  private readonly faults: Faults | undefined;

  constructor(stretch: Stretch, faults?: Faults) {
    this.stretch = stretch;
    this.faults = faults;
  }

  check = ({ distinct }: Readonly<Sent>) => distinct.size > 0;

  async run(model: Sent, platform: Platform): Promise<void> {
    await deliver(eventOf(model, this.stretch), platform, this.faults);
  }

  toString = () => `deliver(${JSON.stringify(this.stretch)}, ${JSON.stringify(this.faults ?? {})})`;
}

/** Up to four workers at once, each with a few deliveries, of stretches that may be the same. */
class Interleave implements Step {
  private readonly work: readonly (readonly Stretch[])[];

  constructor(work: readonly (readonly Stretch[])[]) {
    this.work = work;
  }

  check = ({ distinct }: Readonly<Sent>) => distinct.size > 0;

  async run(model: Sent, platform: Platform): Promise<void> {
    const all = this.work.map(async (stretches) => {
      for (const stretch of stretches) await deliver(eventOf(model, stretch), platform);
    });
    await Promise.all(all);
  }

  toString = () => `interleave(${JSON.stringify(this.work)})`;
}

/** All that was sent reaches the function at last; then every account-day is the fold of its distinct records. */
export class Drain implements Step {
  check = ({ distinct }: Readonly<Sent>) => distinct.size > 0;

  async run(model: Sent, platform: Platform): Promise<void> {
    for (const shard of model.shards.keys()) {
      const entries = model.shards.get(shard)!;
      const { batchItemFailures } = await handle(arriving(model, shard, entries), hostOf(platform.worker()));
      expect(batchItemFailures).toEqual([]);
    }
    expect(await stored(platform.store)).toEqual(folded(model));
  }

  toString = () => 'drain';
}

export function steps(maxCommands: number): fc.Arbitrary<Iterable<Step>> {
  const stretch = fc.record({ shard: fc.nat(11), from: fc.nat(400), to: fc.nat(400) });
  const few = fc.array(stretch, { minLength: 1, maxLength: 4, size: 'max' });
  const faults = fc.record({ crashAfter: fc.integer({ min: 1, max: 5 }), takesEffect: fc.boolean() });
  const picks = fc.array(fc.tuple(fc.nat(9), fc.nat(1500)), { minLength: 30, maxLength: 200, size: 'max' });
  return fc.commands<Sent, Platform, false>(
    [
      picks.map((list) => new Produce(list)),
      fc.nat(11).map((pick) => new Split(pick)),
      stretch.map((at) => new Deliver(at)),
      fc.tuple(stretch, faults).map(([at, fault]) => new Deliver(at, fault)),
      fc.array(few, { minLength: 2, maxLength: 4, size: 'max' }).map((work) => new Interleave(work)),
      fc.constant(new Drain()),
    ],
    { maxCommands, size: 'max' },
  );
}

/** A call that dies tells nobody what it did. */
async function deliver(event: IngestEvent, platform: Platform, faults?: Faults): Promise<void> {
  await handle(event, hostOf(platform.worker(faults)));
}

function eventOf(model: Sent, { shard, from, to }: Stretch): IngestEvent {
  const { way, shards } = model;
  const name = [...shards.keys()][shard % shards.size]!;
  const entries = shards.get(name)!.slice(Math.min(from, to), Math.max(from, to) + 1);
  // A queue has no order.
  return arriving(model, name, way === 'queue' && from > to ? entries.toReversed() : entries);
}

function arriving({ way }: Sent, shard: string, entries: readonly Entry[]): IngestEvent {
  if (way === 'stream') return kinesis(shard, entries);
  return queueEvent(
    entries.map(({ record }) => record),
    entries.map(({ sequence }) => `${shard}:${sequence}`),
  );
}

function kinesis(shard: string, entries: readonly Entry[]): KinesisStreamEvent {
  const like = recorded<KinesisStreamRecord>('kinesis-record');
  const Records = entries.map(({ sequence, record }) => ({
    ...like,
    eventID: `${shard}:${sequence}`,
    kinesis: {
      ...like.kinesis,
      sequenceNumber: sequence,
      data: Buffer.from(JSON.stringify(record)).toString('base64'),
    },
  }));
  return { Records };
}

function hostOf(store: IngestHost['store']): IngestHost {
  const nothing = async () => undefined;
  return {
    store,
    quarantine: { put: nothing },
    intake: { add: nothing },
    told: listening(),
    now: () => (DAY + 2) * MIDNIGHT * 1000,
    retentionDays: 90,
  };
}

/** Account and day to the stored bytes, in base64 for the sake of messages. */
async function stored(store: AggregateStore): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for await (const { account, days } of store.readSegment(0, 1, EVERY_DAY)) {
    for (const { day, packed } of days) found[`${account} ${day}`] = Buffer.from(packed).toString('base64');
  }
  return found;
}

function folded({ distinct }: Sent): Record<string, string> {
  const days = new Map<string, { day: number; fold: AccountDay }>();
  for (const record of distinct.values()) {
    const ms = timeMs(record.time);
    const day = Math.floor(ms / (MIDNIGHT * 1000));
    const key = `${record.account} ${day}`;
    const held = days.get(key) ?? { day, fold: new AccountDay() };
    days.set(key, held);
    foldUsage(held.fold, record, ms, hashPair(record.account, record.id));
  }
  return Object.fromEntries(
    [...days].map(([key, { day, fold }]) => [key, Buffer.from(packAccountDay(fold, day)).toString('base64')]),
  );
}
