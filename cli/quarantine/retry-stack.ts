/** Sends again what a deployment set aside, as far as it still has it, and says of the rest who has. */
import { InputError } from '../adapters/input/input-error.ts';
import type { SetAside } from '../adapters/set-aside.ts';
import { type Again, again, type KeptRecord, type ObjectPlace } from './again.ts';

/** What retry needs of a deployment. */
export interface Deployed {
  entries(): AsyncIterable<SetAside>;
  /** Undefined where the stack has no such collector. */
  queueOf(source: string): URL | undefined;
  /** Undefined where records wait in a queue. */
  readonly streamName: string | undefined;
  /** Gives those that were not taken. */
  tell(queue: URL, places: readonly ObjectPlace[]): Promise<ObjectPlace[]>;
  /** Gives how many were not taken. */
  put(records: readonly KeptRecord[]): Promise<number>;
}

export interface OutOfReach {
  source: string;
  count: number;
  why: string;
  /** A command that shows the first, where there is one. */
  run?: string;
}

export interface RetriedStack {
  /** Objects that their collectors read again. */
  objects: number;
  /** Entries that those objects stand for. */
  entries: number;
  /** Records that were sent again. */
  records: number;
  /** Would be refused as before. */
  refused: number;
  /** They were not taken in this run. */
  notTaken: number;
  outOfReach: OutOfReach[];
}

/** Records in memory at one time, times what a batch of ingest holds. */
const AT_ONCE = 2000;

export async function retryStack(deployed: Deployed, now: number): Promise<RetriedStack> {
  const retry = new Retry(deployed);
  for await (const entry of deployed.entries()) await retry.add(entry, again(entry, now));
  return retry.finish();
}

class Retry {
  private readonly deployed: Deployed;
  private readonly told: RetriedStack = { objects: 0, entries: 0, records: 0, refused: 0, notTaken: 0, outOfReach: [] };
  private readonly objects = new Map<string, Map<string, ObjectPlace>>();
  private readonly gone = new Map<string, OutOfReach>();
  private waiting: KeptRecord[] = [];

  constructor(deployed: Deployed) {
    this.deployed = deployed;
  }

  async add(entry: SetAside, what: Again): Promise<void> {
    if ('refused' in what) this.told.refused += entry.count;
    else if ('gone' in what) this.outOfReach(entry, what.gone);
    else if ('object' in what) this.object(entry, what.object);
    else {
      for (const record of what.records) this.waiting.push(record);
      if (this.waiting.length >= AT_ONCE) await this.putWaiting();
    }
  }

  private object(entry: SetAside, place: ObjectPlace): void {
    if (this.deployed.queueOf(entry.source) === undefined) {
      this.outOfReach(entry, 'the stack has no such collector now: deploy it, then retry');
      return;
    }
    this.told.entries += entry.count;
    const held = this.objects.get(entry.source) ?? new Map<string, ObjectPlace>();
    held.set(`${place.bucket}/${place.key}`, place);
    this.objects.set(entry.source, held);
  }

  private outOfReach({ source, count, position }: SetAside, why: string): void {
    const key = `${source}\n${why}`;
    const known = this.gone.get(key);
    if (known !== undefined) known.count += count;
    else {
      const run = source === 'stream' ? this.reading(position) : undefined;
      this.gone.set(key, { source, count, why, ...(run === undefined ? {} : { run }) });
    }
  }

  /** Shows a record by its position, for as long as the stream keeps it. */
  private reading(position: string): string | undefined {
    // It goes into a shell: nothing but a position may.
    const [, shard, sequence] = /^([\w-]+):(\d+)$/.exec(position) ?? [];
    if (shard === undefined || this.deployed.streamName === undefined) return undefined;
    const stream = `--stream-name ${this.deployed.streamName} --shard-id ${shard}`;
    const from = `--shard-iterator-type AT_SEQUENCE_NUMBER --starting-sequence-number ${sequence}`;
    const iterator = `aws kinesis get-shard-iterator ${stream} ${from} --query ShardIterator --output text`;
    return `aws kinesis get-records --limit 1 --shard-iterator "$(${iterator})"`;
  }

  private async putWaiting(): Promise<void> {
    const left = await this.deployed.put(this.waiting);
    this.told.records += this.waiting.length - left;
    this.told.notTaken += left;
    this.waiting = [];
  }

  async finish(): Promise<RetriedStack> {
    if (this.waiting.length > 0) await this.putWaiting();
    for (const [source, places] of this.objects) {
      const queue = this.deployed.queueOf(source);
      if (queue === undefined) throw new InputError(`${source}: the stack has no such collector`);
      const left = await this.deployed.tell(queue, [...places.values()]);
      this.told.objects += places.size - left.length;
      this.told.notTaken += left.length;
    }
    return { ...this.told, outOfReach: [...this.gone.values()].sort((a, b) => b.count - a.count) };
  }
}
