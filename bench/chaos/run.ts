/** One chaos run: the world goes through the stream and the function, and what is left is held against what was sent. */
import { randomFrom } from '../lib/usage-lines.ts';
import { type Caller, type Delivered, EventSource } from './deliver.ts';
import { type Drift, isDrift, Recount, type StoredDayOf } from './recount.ts';
import { type Batch, placeOf, Stream } from './stream.ts';
import { World, type WorldOptions } from './world.ts';

/** Where the function writes, read back by other means than the function's. */
export interface Target {
  accountDays(): AsyncIterable<StoredDayOf>;
  /** Every object of the quarantine, as text. */
  quarantined(): AsyncIterable<string>;
  close(): Promise<void>;
}

export interface ChaosOptions extends WorldOptions {
  batchSize: number;
  /** Batches on their way at one time. */
  workers: number;
  progress(done: number): void;
}

export interface Outcome {
  sent: { exchanges: number; repeats: number; garbage: number };
  delivered: Delivered;
  drift: Drift;
  quarantine: { right: number; missing: number; strange: number; wrongReason: string[] };
}

const SHARDS = 4;

export async function chaos(options: ChaosOptions, caller: Caller & Target): Promise<Outcome> {
  const run = new Run(options, caller);
  await run.all();
  const drift = await run.recount.compare(caller.accountDays());
  const quarantine = await judge(run.planted, caller.quarantined());
  return { sent: run.sent, delivered: run.source.counts, drift, quarantine };
}

export function holds({ drift, quarantine }: Outcome): boolean {
  return !isDrift(drift) && quarantine.missing + quarantine.strange + quarantine.wrongReason.length === 0;
}

interface Planted {
  path: string;
  reason: string;
}

class Run {
  readonly sent = { exchanges: 0, repeats: 0, garbage: 0 };
  readonly recount = new Recount();
  /** Garbage by its place in the stream. */
  readonly planted = new Map<string, Planted>();
  readonly source: EventSource;
  private readonly options: ChaosOptions;
  private readonly random: () => number;
  private readonly stream: Stream;
  /** Batches that were accepted and come once more. */
  private readonly again: Batch[] = [];
  private readonly busy = new Set<Promise<void>>();

  constructor(options: ChaosOptions, caller: Caller) {
    this.options = options;
    this.random = randomFrom(options.seed + 1);
    this.source = new EventSource(caller, this.random);
    this.stream = new Stream(SHARDS, options.batchSize);
  }

  async all(): Promise<void> {
    const world = new World(this.options);
    const splits = [1, 2].map((third) => Math.floor((world.length * third) / 3));
    for (let at = 0; at < world.length; at++) {
      if (splits.includes(at)) for (const batch of this.stream.split()) await this.start(batch);
      const full = this.put(world.arrival(at));
      if (full) await this.start(full);
      this.options.progress(at + 1);
    }
    for (const batch of this.stream.rest()) await this.start(batch);
    await Promise.all(this.busy);
    for (const batch of this.again.splice(0)) await this.source.deliver(batch);
  }

  private put(arrival: ReturnType<World['arrival']>): Batch | undefined {
    const { place, full } = this.stream.put(arrival.key, arrival.payload);
    if (arrival.kind === 'garbage') {
      this.sent.garbage++;
      this.planted.set(place, { path: arrival.path, reason: arrival.reason });
    } else if (arrival.kind === 'repeat') {
      this.sent.repeats++;
    } else {
      this.sent.exchanges++;
      this.recount.add(arrival.record);
    }
    return full;
  }

  /** Waits only while all workers are busy. */
  private async start(batch: Batch): Promise<void> {
    while (this.busy.size >= this.options.workers) await Promise.race(this.busy);
    const work: Promise<void> = this.twice(batch).finally(() => this.busy.delete(work));
    this.busy.add(work);
  }

  /** The second time comes at the same time, right after, or when later batches, perhaps of the children, are through. */
  private async twice(batch: Batch): Promise<void> {
    const when = this.random();
    if (when < 0.2) {
      await Promise.all([this.source.deliver(batch), this.source.deliver(batch)]);
      return;
    }
    await this.source.deliver(batch);
    if (when < 0.5) {
      await this.source.deliver(batch);
      return;
    }
    this.again.push(batch);
    if (this.again.length > 16) await this.source.deliver(this.again.splice(Math.floor(this.random() * 16), 1)[0]!);
  }
}

async function judge(planted: ReadonlyMap<string, Planted>, objects: AsyncIterable<string>) {
  const found = { right: 0, missing: 0, strange: 0, wrongReason: [] as string[] };
  const left = new Map(planted);
  for await (const text of objects) {
    const { shard, sequence, path, reason } = JSON.parse(text) as Planted & { shard: string; sequence: string };
    const place = placeOf(shard, sequence);
    const due = left.get(place);
    if (due === undefined) found.strange++;
    else if (due.path === path && reason.startsWith(due.reason)) found.right++;
    else found.wrongReason.push(`${place}: ${path} ${reason}, not ${due.path} ${due.reason}`);
    left.delete(place);
  }
  found.missing = left.size;
  return found;
}
