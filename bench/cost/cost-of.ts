/** Dollars of a million exchanges, by what they are paid for: counts, a measurement and prices multiplied. */
import type { Counts } from './count.ts';
import { LISTED, PRICES } from './prices.ts';
import type { Scale } from './scale.ts';

/** Assumptions, which the page repeats. */
export const ASSUMED = {
  /** Of a call that waits for the archive, and again for each 32 account-days that it reads and writes. */
  callWaitMs: 40,
  dayWaitMs: 12,
  logKb: 2,
  recordKb: 1,
  sweepsADay: 4,
  /** Reads of a day before it is kept: three sweeps see it begin, the next two see it whole. */
  readsOfADay: 5,
  /** Accounts that are kept, for each that is active on a day. */
  knownAccounts: 2,
  segments: 32,
  retentionDays: 90,
  /** Days that the stream keeps more than the first. */
  streamDays: 6,
} as const;
const MEMORY_GB = 1.73;
const AT_ONCE = 32;

export interface Measured {
  /** Day, Node and processor of the measurement. */
  on: string;
  /** Records of a batch. */
  batch: number;
  /** Processor milliseconds per record, in the order of the traffics. */
  cpuMs: number[];
}

export interface Costed {
  counts: Counts;
  scale: Scale;
  cpuMs: number;
  /** What is there without a record, without its stream, in USD a month. */
  idle: number;
}

export type Cost = Record<string, number>;

/** Each rounded to a tenth of a cent before they are added, so that a column adds up as it is printed. */
export function costOf({ counts, scale, cpuMs, idle }: Costed): Cost {
  const batches = 1 / scale.batch;
  const stored = counts.accountDays * (counts.dayBytes + counts.fileBytes);
  const cost: Cost = {
    'DynamoDB, writes': counts.writeUnits * PRICES.writeUnits,
    'DynamoDB, reads of ingest': counts.readUnits * PRICES.readUnits,
    'DynamoDB, reads of sweeps': sweptUnits(counts) * PRICES.readUnits,
    'DynamoDB, storage': (stored / 1000) * ((ASSUMED.retentionDays + 2) / 30) * PRICES.storage,
    'DynamoDB, intake figures': batches * PRICES.writeUnits,
    Kinesis: streamOf(scale).usd,
    'S3, writes of the archive': counts.archiveWrites * PRICES.objectWrites,
    'S3, storage of the archive': (counts.archiveBytes / 1000) * (ASSUMED.retentionDays / 30) * PRICES.objectStorage,
    'S3, files of sweeps': filesOfSweeps(counts, scale),
    'S3, reads of the audit': counts.archiveWrites * PRICES.objectReads,
    'Lambda, ingest':
      lambdaMs(counts, scale, cpuMs) * 1000 * MEMORY_GB * PRICES.lambdaGbSecond + batches * PRICES.lambdaRequests,
    'CloudWatch, logs of ingest': batches * ASSUMED.logKb * PRICES.logs,
    'X-Ray, at most': batches * PRICES.traces,
    'all that an idle stack costs, but for the stream': (idle / 30 / scale.exchanges) * 1e6,
  };
  return Object.fromEntries(Object.entries(cost).map(([name, usd]) => [name, Math.round(usd * 1000) / 1000]));
}

export function sumOf(cost: Cost): number {
  return Object.values(cost).reduce((sum, usd) => sum + usd, 0);
}

/** Per record. */
export function lambdaMs(counts: Counts, { batch }: Scale, cpuMs: number): number {
  return cpuMs + ASSUMED.callWaitMs / batch + (counts.writes / AT_ONCE) * ASSUMED.dayWaitMs;
}

/** Read units of an exchange: its account-day until that is kept, and what is known of accounts. A query adds up what it reads. */
function sweptUnits({ accountDays, dayBytes, factsBytes }: Counts): number {
  const facts = ASSUMED.knownAccounts * factsBytes * ASSUMED.sweepsADay;
  return (accountDays * (dayBytes * ASSUMED.readsOfADay + facts)) / 4096;
}

/** Of kept days and segments, for a million exchanges: written once a day and once a sweep, read at each sweep. */
function filesOfSweeps({ accountDays, dayBytes }: Counts, { exchanges }: Scale): number {
  const { segments, sweepsADay, retentionDays } = ASSUMED;
  const listed = Math.ceil((segments * retentionDays) / LISTED);
  const writes = (segments + (segments + listed) * sweepsADay) * PRICES.objectWrites;
  const reads = segments * (retentionDays + 1) * sweepsADay * PRICES.objectReads;
  const stored = ((accountDays * dayBytes) / 1000) * (retentionDays / 30) * PRICES.objectStorage;
  return (writes + reads) / exchanges + stored;
}

/** The cheaper of both ways to have a stream, for a million exchanges. */
export function streamOf({ exchanges, shards }: Scale): { usd: number; setting: string } {
  const perMillion = 1e6 / exchanges;
  const kept = (ASSUMED.streamDays / 30) * PRICES.streamKept;
  const onDemand = 24 * PRICES.streamHour * perMillion + ASSUMED.recordKb * (PRICES.streamIn + PRICES.streamOut + kept);
  const provisioned = shards * 24 * (PRICES.shardHour + PRICES.shardHourKept) * perMillion + PRICES.streamPuts;
  return provisioned < onDemand
    ? { usd: provisioned, setting: `${shards} shard${shards > 1 ? 's' : ''}` }
    : { usd: onDemand, setting: 'on demand' };
}
