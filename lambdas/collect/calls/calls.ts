/** Keeps, of CloudTrail's events, the address and client of each Bedrock call, as fingerprints. */
import type { UsageRecord } from '../../../core/records/schema.ts';
import { type Call, callsOf, withCall } from '../../../core/sources/cloudtrail.ts';
import { compact } from '../../../core/sources/json.ts';
import type { BridgedNames } from '../../adapters/bridged-names.ts';
import type { Telemetry } from '../../telemetry.ts';
import type { LineBatch } from '../batches.ts';
import type { CallTable } from '../call-table.ts';
import { unread } from '../piece.ts';
import type { UnreadStore } from '../quarantine.ts';

export interface CallsHost {
  source: string;
  names: Pick<BridgedNames, 'begin'>;
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
  const { fingerprinter, finish } = await host.names.begin();
  const calls = pieces.flatMap(({ value }) => callsOf(value, fingerprinter));
  const renamed = await finish(calls.map((call) => withCall({ ...CARRIER, id: call.id }, call)));
  await host.calls.put(renamed.map(callIn), host.now());
  const damaged = pieces.filter(({ value }) => value === undefined).map((piece) => unread(piece, '', 'not JSON'));
  host.told.count('RecordsQuarantined', damaged.length);
  await host.quarantine.put(host.source, damaged, host.now());
}

/** A call gets its lasting names as a record would, so that both are found under the same id. */
const CARRIER: UsageRecord = {
  type: 'usage',
  id: '-',
  time: '1970-01-01T00:00:00.000Z',
  account: '-',
  model: '-',
  tokens: { input: 0, output: 0 },
};

function callIn({ id, network, client }: UsageRecord): Call {
  return { id, ...compact<Omit<Call, 'id'>>({ ip: network?.ip, subnet: network?.subnet, agent: client?.agent }) };
}
