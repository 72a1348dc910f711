/** A stream of shards that are split while it runs. Records of one account stay in order on whatever shard they are. */
import { hashText, lanes } from '../../core/aggregates/hash.ts';

export interface Sent {
  sequence: string;
  payload: string | Uint8Array;
}

export interface Batch {
  shard: string;
  records: Sent[];
}

interface Shard {
  name: string;
  /** Hash keys from here to the next shard's, as shares of all. */
  from: number;
  waiting: Sent[];
}

export class Stream {
  private shards: Shard[];
  private named: number;
  private sequence = 0;
  private readonly batchSize: number;

  constructor(shards: number, batchSize: number) {
    this.batchSize = batchSize;
    this.named = shards;
    this.shards = Array.from({ length: shards }, (_, i) => ({ name: nameOf(i), from: i / shards, waiting: [] }));
  }

  /** The record's place; and the batch that is full with it, if one is. */
  put(key: string, payload: string | Uint8Array): { place: string; full: Batch | undefined } {
    hashText(key);
    const at = lanes.low / 4_294_967_296;
    const shard = this.shards.findLast(({ from }) => from <= at)!;
    // Kinesis gives 56 digits; they grow, with gaps.
    const sequence = `4965${String(this.sequence++ * 17).padStart(52, '0')}`;
    shard.waiting.push({ sequence, payload });
    const full = shard.waiting.length >= this.batchSize ? take(shard) : undefined;
    return { place: placeOf(shard.name, sequence), full };
  }

  /** Every shard becomes two. What waits on the parents comes before what the children get. */
  split(): Batch[] {
    const left = this.rest();
    this.shards = this.shards.flatMap(({ from }, i) => {
      const to = this.shards[i + 1]?.from ?? 1;
      return [from, (from + to) / 2].map((start) => ({ name: nameOf(this.named++), from: start, waiting: [] }));
    });
    return left;
  }

  rest(): Batch[] {
    return this.shards.filter(({ waiting }) => waiting.length > 0).map(take);
  }
}

export function placeOf(shard: string, sequence: string): string {
  return `${shard}:${sequence}`;
}

function take(shard: Shard): Batch {
  const records = shard.waiting;
  shard.waiting = [];
  return { shard: shard.name, records };
}

function nameOf(index: number): string {
  return `shardId-${String(index).padStart(12, '0')}`;
}
