/** What Lambda does for a mapping of a stream to a function: batches, partial failures, halving, retries, destination. */
import { type _Record, GetRecordsCommand, GetShardIteratorCommand, ListShardsCommand } from '@aws-sdk/client-kinesis';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import type { KinesisStreamBatchResponse, KinesisStreamEvent } from 'aws-lambda';
import { type Clients, clientsOf } from '../clients.ts';
import { FunctionError, type Functions } from '../lambda/functions.ts';
import { REGION, type Resource, type Template } from '../template/template.ts';

export interface StreamWireOptions {
  template: Template;
  functions: Functions;
  endpoint: string;
}

interface Part {
  records: _Record[];
  attempts: number;
}

export class StreamWire {
  /** How often each batch is delivered; at AWS it is at least once. */
  times = 1;
  /** Deliveries that failed, in whole or in part. */
  failures = 0;
  private readonly options: StreamWireOptions;
  private readonly mapping: Resource['Properties'];
  private readonly id: string;
  private readonly role: string;
  /** With the role of the function, as Lambda polls. */
  private readonly clients: Clients;
  private readonly iterators = new Map<string, string>();

  /** `mapping`: properties of the event source mapping. */
  constructor(options: StreamWireOptions, mapping: Resource['Properties']) {
    const { template, endpoint } = options;
    this.options = options;
    this.mapping = mapping;
    [this.id = ''] = template.references(mapping.FunctionName);
    [this.role = ''] = template.references(template.resources.get(this.id)!.Properties.Role);
    this.clients = clientsOf(endpoint, this.role);
  }

  /** Delivers all that is on the stream. */
  async drain(): Promise<void> {
    const StreamARN = this.options.template.resolve<string>(this.mapping.EventSourceArn);
    const { Shards = [] } = await this.clients.kinesis.send(new ListShardsCommand({ StreamARN }));
    for (const { ShardId } of Shards) await this.drainShard(StreamARN, ShardId!);
  }

  private async drainShard(StreamARN: string, ShardId: string): Promise<void> {
    const { kinesis } = this.clients;
    const from = { StreamARN, ShardId, ShardIteratorType: this.mapping.StartingPosition };
    let iterator =
      this.iterators.get(ShardId) ?? (await kinesis.send(new GetShardIteratorCommand(from))).ShardIterator!;
    for (;;) {
      const wanted = { StreamARN, ShardIterator: iterator, Limit: this.mapping.BatchSize };
      const page = await kinesis.send(new GetRecordsCommand(wanted));
      iterator = page.NextShardIterator!;
      this.iterators.set(ShardId, iterator);
      if (page.Records!.length === 0) return;
      const work = Array.from({ length: this.times }, () => this.deliver(ShardId, page.Records!));
      await Promise.all(work);
    }
  }

  private async deliver(shard: string, records: _Record[]): Promise<void> {
    const waiting: Part[] = [{ records, attempts: 0 }];
    for (let part = waiting.shift(); part !== undefined; part = waiting.shift()) {
      if (part.attempts > this.mapping.MaximumRetryAttempts) await this.setAside(shard, part);
      else waiting.unshift(...(await this.attempt(shard, part)));
    }
  }

  /** Returns what is left to be done of the part. */
  private async attempt(shard: string, { records, attempts }: Part): Promise<Part[]> {
    try {
      const reply = (await this.options.functions.invoke(
        this.id,
        this.event(shard, records),
      )) as KinesisStreamBatchResponse;
      const first = this.firstFailed(records, reply);
      if (first < 0) return [];
      this.failures++;
      // Progress is no retry of what is left.
      return [{ records: records.slice(first), attempts: first > 0 ? 0 : attempts + 1 }];
    } catch (error) {
      if (!(error instanceof FunctionError)) throw error;
      this.failures++;
      if (!this.mapping.BisectBatchOnFunctionError || records.length === 1)
        return [{ records, attempts: attempts + 1 }];
      const middle = Math.ceil(records.length / 2);
      return [records.slice(0, middle), records.slice(middle)].map((half) => ({ records: half, attempts }));
    }
  }

  /** An answer that names a record which the batch does not hold fails the batch, as at AWS. */
  private firstFailed(records: _Record[], reply: KinesisStreamBatchResponse | null): number {
    if (!this.mapping.FunctionResponseTypes?.includes('ReportBatchItemFailures')) return -1;
    const failed = new Set((reply?.batchItemFailures ?? []).map(({ itemIdentifier }) => itemIdentifier));
    if (failed.size === 0) return -1;
    return Math.max(
      0,
      records.findIndex(({ SequenceNumber }) => failed.has(SequenceNumber!)),
    );
  }

  private async setAside(shard: string, { records }: Part): Promise<void> {
    const Bucket = this.options.template
      .resolve<string>(this.mapping.DestinationConfig.OnFailure.Destination)
      .replace('arn:aws:s3:::', '');
    const Key = `aws/lambda/mapping/${shard}/${records[0]!.SequenceNumber}`;
    const [startSequenceNumber, endSequenceNumber] = [records[0]!.SequenceNumber, records.at(-1)!.SequenceNumber];
    const invocation = {
      requestContext: { condition: 'RetryAttemptsExhausted' },
      version: '1.0',
      KinesisBatchInfo: { shardId: shard, startSequenceNumber, endSequenceNumber, batchSize: records.length },
      payload: JSON.stringify(this.event(shard, records)),
    };
    await this.clients.s3.send(new PutObjectCommand({ Bucket, Key, Body: JSON.stringify(invocation) }));
  }

  private event(shard: string, records: _Record[]): KinesisStreamEvent {
    const eventSourceARN = this.options.template.resolve<string>(this.mapping.EventSourceArn);
    return {
      Records: records.map(({ SequenceNumber, PartitionKey, Data, ApproximateArrivalTimestamp }) => ({
        eventID: `${shard}:${SequenceNumber}`,
        eventName: 'aws:kinesis:record',
        eventSource: 'aws:kinesis',
        eventSourceARN,
        eventVersion: '1.0',
        awsRegion: REGION,
        invokeIdentityArn: this.options.template.made.get(this.role)!.attributes.Arn!,
        kinesis: {
          approximateArrivalTimestamp: ApproximateArrivalTimestamp!.getTime() / 1000,
          data: Buffer.from(Data!).toString('base64'),
          kinesisSchemaVersion: '1.0',
          partitionKey: PartitionKey!,
          sequenceNumber: SequenceNumber!,
        },
      })),
    };
  }
}
