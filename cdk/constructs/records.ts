/** Where records wait for ingest: a stream, or a queue. What the rest of the stack asks of either. */
import type { Duration } from 'aws-cdk-lib';
import type { Alarm, Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { IRuleTarget } from 'aws-cdk-lib/aws-events';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import type { ObservedFunction } from './observed-function.ts';

/** Of events on the bus, by the record's type. */
export const DETAIL_TYPES = {
  usage: 'Stillwatch Usage',
  account: 'Stillwatch Account',
  release: 'Stillwatch Release',
} as const;

/** How the bus reaches it. */
export interface Route {
  id: string;
  detailTypes: readonly string[];
  target(undelivered: IQueue): IRuleTarget;
}

export interface Feeding {
  /** Where the alarms belong. */
  scope: Construct;
  ingest: ObservedFunction;
  /** For what ingest gave up, where there is no queue for it. */
  setAside: IBucket;
  /** On while nothing arrives. */
  silence: Alarm;
}

export interface Records {
  /** What is told to whoever puts records: the name of the stream, or the address of the queue. */
  readonly address: string;
  readonly output: { name: string; description: string };
  readonly routes: readonly Route[];
  /** Rights of whoever puts records; `batch`: of one who puts them in batches alone. */
  readonly putting: { actions: string[]; batch: string; resource: string; key?: IKey | undefined };
  /** Records that arrive, as a sum. */
  arriving(period: Duration): Metric;
  /** How long the oldest one waits. */
  waiting(period: Duration): Metric;
  /** Lets ingest read it, and tells where it does not. */
  feed(feeding: Feeding): void;
}
