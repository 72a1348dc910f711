/** Keeps, of CloudTrail's events, the address and client of each Bedrock call, as fingerprints. */
import { createFingerprinter } from '../../../core/records/fingerprint.ts';
import { callsOf } from '../../../core/sources/cloudtrail.ts';
import type { Telemetry } from '../../telemetry.ts';
import type { LineBatch } from '../batches.ts';
import type { CallTable } from '../call-table.ts';
import type { KeySource } from '../key-source.ts';
import { unread } from '../piece.ts';
import type { UnreadStore } from '../quarantine.ts';

export interface CallsHost {
  source: string;
  keys: KeySource;
  calls: Pick<CallTable, 'put'>;
  quarantine: UnreadStore;
  told: Telemetry;
  now(): number;
}

/** An object of CloudTrail is one line; digests and other files beside the logs are not asked for. */
export function isTrailLog(key: string): boolean {
  return /\/CloudTrail\/.*\.json(?:\.gz)?$/.test(key);
}

export async function keepCalls({ pieces }: LineBatch, host: CallsHost): Promise<void> {
  const { key } = await host.keys();
  const fingerprinter = createFingerprinter(key);
  const calls = pieces.flatMap(({ value }) => callsOf(value, fingerprinter));
  await host.calls.put(calls, host.now());
  const damaged = pieces.filter(({ value }) => value === undefined).map((piece) => unread(piece, '', 'not JSON'));
  host.told.count('RecordsQuarantined', damaged.length);
  await host.quarantine.put(host.source, damaged, host.now());
}
