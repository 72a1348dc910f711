/** What Lambda does with a batch of the stream: calls, and calls again for what failed, until nothing is left. */
import type { KinesisStreamBatchResponse, KinesisStreamEvent, KinesisStreamRecord } from 'aws-lambda';
import type { Batch, Sent } from './stream.ts';

export class Crash extends Error {
  override name = 'Crash';
}

/** How one call goes wrong. */
export interface Fate {
  /** The write with which the call dies, from 1, or after its last where it has fewer; undefined where it lives. */
  crashAt: number | undefined;
  /** Whether that write still takes effect. */
  takesEffect: boolean;
  /** Share of the calls to the table that are refused for want of capacity. */
  throttled: number;
}

/** Runs the ingest function once. Throws a `Crash` where the call dies. */
export interface Caller {
  call(event: KinesisStreamEvent, fate: Fate): Promise<KinesisStreamBatchResponse>;
}

export interface Delivered {
  calls: number;
  crashes: number;
  throttledCalls: number;
  partly: number;
}

const CRASHES = 0.1;
const THROTTLED_CALLS = 0.05;
/** Share of requests that a throttled call has refused. */
const REFUSED = 0.5;

export class EventSource {
  readonly counts: Delivered = { calls: 0, crashes: 0, throttledCalls: 0, partly: 0 };
  private readonly caller: Caller;
  private readonly random: () => number;

  constructor(caller: Caller, random: () => number) {
    this.caller = caller;
    this.random = random;
  }

  /** Delivers until all of the batch is accepted: halved after a crash, from the lowest failure on after a part failed. */
  async deliver({ shard, records }: Batch): Promise<void> {
    const waiting = [records];
    for (let part = waiting.shift(); part !== undefined; part = waiting.shift()) {
      const left = await this.attempt(shard, part);
      waiting.unshift(...left.filter(({ length }) => length > 0));
    }
  }

  private async attempt(shard: string, records: Sent[]): Promise<Sent[][]> {
    const fate = this.fate(records.length);
    this.counts.calls++;
    try {
      const { batchItemFailures } = await this.caller.call(eventOf(shard, records), fate);
      if (batchItemFailures.length === 0) return [];
      this.counts.partly++;
      const failed = new Set(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
      const first = records.findIndex(({ sequence }) => failed.has(sequence));
      if (first < 0) throw new Error('the function asked for a record that the batch does not hold');
      return [records.slice(first)];
    } catch (error) {
      if (!(error instanceof Crash)) throw error;
      this.counts.crashes++;
      const middle = Math.ceil(records.length / 2);
      return [records.slice(0, middle), records.slice(middle)];
    }
  }

  private fate(records: number): Fate {
    // A record needs less than a write, so that most of the squares lie below the number of writes.
    const crashAt = this.random() < CRASHES ? 1 + Math.floor(this.random() ** 2 * records) : undefined;
    const throttled = this.random() < THROTTLED_CALLS ? REFUSED : 0;
    if (throttled > 0) this.counts.throttledCalls++;
    return { crashAt, takesEffect: this.random() < 0.5, throttled };
  }
}

/** `eventSourceARN` and the like are of no stream that exists. */
export function eventOf(shard: string, records: readonly Sent[]): KinesisStreamEvent {
  return {
    Records: records.map(
      ({ sequence, payload }): KinesisStreamRecord => ({
        eventID: `${shard}:${sequence}`,
        eventName: 'aws:kinesis:record',
        eventSource: 'aws:kinesis',
        eventSourceARN: 'arn:aws:kinesis:us-east-1:123456789012:stream/chaos',
        eventVersion: '1.0',
        awsRegion: 'us-east-1',
        invokeIdentityArn: 'arn:aws:iam::123456789012:role/chaos',
        kinesis: {
          approximateArrivalTimestamp: 0,
          data: Buffer.from(payload).toString('base64'),
          kinesisSchemaVersion: '1.0',
          partitionKey: 'chaos',
          sequenceNumber: sequence,
        },
      }),
    ),
  };
}
