/** Folds one batch of what arrived. What breaks the contract is set aside; what fails is asked for again. */
import type { KinesisStreamBatchResponse, SQSBatchResponse } from 'aws-lambda';
import { ROW } from '../../core/aggregates/exchange.ts';
import { lagCounts } from '../../core/aggregates/lag.ts';
import type { AggregateStore } from '../../core/ports.ts';
import { DAY_MS, timeMs } from '../../core/records/time.ts';
import type { Archive } from '../adapters/archive.ts';
import type { IntakeCounts, IntakeLog } from '../adapters/dynamo-intake-log.ts';
import type { Quarantine } from '../adapters/quarantine.ts';
import { settleAll } from '../concurrency.ts';
import type { Telemetry } from '../telemetry.ts';
import { arrivalsOf, type IngestEvent } from './arrival.ts';
import { type Decoded, Decoder, Exchange } from './decode.ts';
import { type Job, jobsOf, sequencesOf } from './group.ts';

export interface IngestHost {
  store: Pick<AggregateStore, 'foldUsage' | 'recordAccount' | 'recordRelease'>;
  quarantine: Quarantine;
  /** Where it is there, nothing is counted that it does not hold. */
  archive?: Archive;
  intake: Pick<IntakeLog, 'add'>;
  told: Telemetry;
  now(): number;
  retentionDays: number;
}

/** Writes at one time: enough to hide a round trip of a few ms, few enough not to crowd out the other shards. */
const CONCURRENCY = 32;

/** Both name what failed alike: by sequence number, or by message. */
export type IngestReply = KinesisStreamBatchResponse & SQSBatchResponse;

/**
 * Of a stream the lowest failed sequence number is the checkpoint: it delivers everything from it again, also what was
 * folded, and the store drops it by its ids. A queue delivers again what failed, and anything else now and then. Folding is by account-day, since one write for each keeps the cost down;
 * what failed goes back record by record. The archive comes first, so that every count can be counted again from it.
 */
export async function handle(event: IngestEvent, host: IngestHost): Promise<IngestReply> {
  const now = host.now();
  const arrivals = arrivalsOf(event);
  const decoder = new Decoder({ now, retentionDays: host.retentionDays }, arrivals.length);
  const decoded = arrivals.map((arrival) => decoder.decode(arrival));
  const failed = await archive(decoded, host);
  const jobs = jobsOf(failed.size === 0 ? decoded : decoded.filter(({ sequence }) => !failed.has(sequence)));
  const lag = lagCounts(usageTimes(decoded), now);
  const counts: IntakeCounts = { records: decoded.length, usage: 0, duplicates: 0, quarantined: 0, late: 0, lag };
  const outcomes = await settleAll(jobs, CONCURRENCY, (job) => run(job, host, now, counts));
  outcomes.forEach((outcome, i) => {
    if (outcome.status === 'fulfilled') return;
    const job = jobs[i]!;
    const sequences = sequencesOf(job);
    for (const sequence of sequences) failed.add(sequence);
    host.told.error('not folded; asked for again', outcome.reason, { kind: job.kind, records: sequences.length });
  });
  await report(host, now, decoded[0]?.shard, counts, failed.size);
  const again = arrivals.filter(({ sequence }) => failed.has(sequence));
  return { batchItemFailures: again.map(({ item }) => ({ itemIdentifier: item })) };
}

function* usageTimes(decoded: readonly Decoded[]): Generator<number> {
  for (const each of decoded) {
    if (each instanceof Exchange) yield each.rows[each.at + ROW.time]!;
    else if ('record' in each && each.record.type === 'usage') yield timeMs(each.record.time);
  }
}

/** Sequence numbers of the accepted records that could not be archived. */
async function archive(decoded: readonly Decoded[], { archive, told }: IngestHost): Promise<Set<string>> {
  const failed = new Set<string>();
  if (archive === undefined) return failed;
  for (const { sequences, reason } of await archive.add(decoded.filter((each) => 'record' in each))) {
    for (const sequence of sequences) failed.add(sequence);
    told.error('not archived; asked for again', reason, { records: sequences.length });
  }
  return failed;
}

async function run(
  job: Job,
  { store, quarantine, told }: IngestHost,
  now: number,
  counts: IntakeCounts,
): Promise<void> {
  switch (job.kind) {
    case 'usage': {
      const { folded, duplicates, mistaken } = await store.foldUsage(job.batch);
      if (mistaken !== undefined) told.count('RepeatsMistaken', mistaken);
      counts.usage += folded;
      counts.duplicates += duplicates;
      return;
    }
    case 'account':
      return store.recordAccount(job.record);
    case 'release':
      return store.recordRelease(job.record);
    case 'rejected':
      await quarantine.put(job.rejected, now);
      counts.quarantined++;
      if (job.late) counts.late++;
  }
}

/** The figures are for people; losing some must not make the source deliver a folded batch again. */
async function report(
  { told, intake }: IngestHost,
  now: number,
  shard: string | undefined,
  counts: IntakeCounts,
  failed: number,
) {
  told.count('UsageFolded', counts.usage);
  told.count('UsageDuplicated', counts.duplicates);
  told.count('RecordsQuarantined', counts.quarantined);
  told.count('RecordsFailed', failed);
  if (shard === undefined) return;
  try {
    await intake.add(Math.floor(now / DAY_MS), shard, counts);
  } catch (error) {
    told.error('intake figures not written', error);
  }
}
