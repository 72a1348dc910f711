/** Records that waited: joined with what CloudTrail has told meanwhile, and put onto the stream. */
import { parseRecord } from '../../../core/records/parse.ts';
import type { StillwatchRecord, UsageRecord } from '../../../core/records/schema.ts';
import { wantsCall, withCall } from '../../../core/sources/cloudtrail.ts';
import type { Telemetry } from '../../telemetry.ts';
import type { LineBatch } from '../batches.ts';
import type { CallTable } from '../call-table.ts';
import { type Unread, unread } from '../piece.ts';
import type { UnreadStore } from '../quarantine.ts';
import type { RecordStream } from '../record-stream.ts';

export interface HeldHost {
  source: string;
  stream: RecordStream;
  calls?: Pick<CallTable, 'get'>;
  quarantine: UnreadStore;
  told: Telemetry;
  now(): number;
}

export class NotTakenError extends Error {
  override name = 'NotTakenError';
}

/**
 * Throws where the stream does not take all: the message comes again. A record whose call is not known by now goes out
 * without it: it has waited its time, and a sweep should not.
 */
export async function release({ pieces }: LineBatch, host: HeldHost): Promise<void> {
  const records: StillwatchRecord[] = [];
  const damaged: Unread[] = [];
  for (const piece of pieces) {
    const parsed = parseRecord(piece.value);
    if (parsed.ok) records.push(parsed.record);
    else damaged.push(unread(piece, parsed.path, parsed.reason));
  }
  const { left, cause } = await host.stream.put(await joined(records, host));
  if (left.length > 0) throw new NotTakenError(`the stream did not take ${left.length} held records`, { cause });
  host.told.count('RecordsQuarantined', damaged.length);
  await host.quarantine.put(host.source, damaged, host.now());
}

async function joined(records: StillwatchRecord[], { calls, told }: HeldHost): Promise<StillwatchRecord[]> {
  const waiting = records.filter(wantsCall);
  if (calls === undefined || waiting.length === 0) return records;
  const known = await calls.get(waiting.map(({ id }) => id));
  const join = (record: UsageRecord) => {
    const call = known.get(record.id);
    return call === undefined ? record : withCall(record, call);
  };
  const found = waiting.filter(({ id }) => known.has(id)).length;
  told.count('CallsJoined', found);
  told.count('CallsUnjoinedShare', 1 - found / waiting.length);
  return records.map((record) => (wantsCall(record) ? join(record) : record));
}
