/** List prices of us-east-1 in USD, as found on the day that is given. Check them before you rely on a number. */
export const PRICES = {
  found: '2026-11-23',
  /** DynamoDB on demand, a million units: writes of 1 KB, strongly consistent reads of 4 KB. */
  writeUnits: 0.625,
  readUnits: 0.125,
  /** A GB and month, with point-in-time recovery. */
  storage: 0.45,
  /** Lambda on arm64: a GB-second, a million requests. */
  lambdaGbSecond: 0.0000133334,
  lambdaRequests: 0.2,
  /** Kinesis on demand: a GB in, a GB out, a GB and month kept longer than a day. */
  streamIn: 0.08,
  streamOut: 0.04,
  streamKept: 0.1,
  /** S3: a million writes, a million reads, a GB and month. */
  objectWrites: 5,
  objectReads: 0.4,
  objectStorage: 0.023,
  /** CloudWatch logs, a GB. */
  logs: 0.5,
  /** X-Ray, a million traces. */
  traces: 5,
  /** Kinesis: an hour of a stream on demand; of a shard; of a shard that keeps more than a day, beside it; a million records put on shards. */
  streamHour: 0.04,
  streamPuts: 0.014,
  shardHour: 0.015,
  shardHourKept: 0.02,
  /** SQS, a million calls. */
  queueCalls: 0.4,
  /**
   * CloudWatch, a month: a metric that an alarm looks at, an alarm over another, a metric of one's own by the hours in
   * which it is published, a dashboard.
   */
  alarm: 0.1,
  compositeAlarm: 0.5,
  metric: 0.3,
  dashboard: 3,
  /** Step Functions, a transition. Scheduler, a million calls. */
  transition: 0.000025,
  scheduled: 1,
  /** A month: a KMS key, a secret. */
  key: 1,
  secret: 0.4,
} as const;

/** Keys that one call of S3 lists, at the price of a write. */
export const LISTED = 1000;
