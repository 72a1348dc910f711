/** Processor time of the bundled function, AWS clients and all, against a server that is not AWS. */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DAY_MS, isoTime, timeMs } from '../../core/records/time.ts';
import { AtEndpoint } from '../chaos/at-endpoint.ts';
import { ALIVE } from '../chaos/container.ts';
import { eventOf } from '../chaos/deliver.ts';
import { remove } from '../lib/remove.ts';
import type { Traffic } from './arrivals.ts';

/** Records of a batch: what comes together at ten million exchanges a day, or the traffic is used up too soon. */
export const MEASURED_BATCH = 800;
const WARM_UP = 2;
const MEASURED = 4;

/** Milliseconds of processor time per record. */
export async function cpuPerRecord(endpoint: string, { records }: Traffic): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'stillwatch-cost-'));
  const target = await AtEndpoint.open(endpoint, folder);
  try {
    // The function has the machine's clock, so that the traffic is put into yesterday.
    const shift = Math.floor((Date.now() - timeMs(records[0]!.time)) / DAY_MS - 1) * DAY_MS;
    let warm = 0;
    for (let i = 0; i < WARM_UP + MEASURED; i++) {
      if (i === WARM_UP) warm = target.cpuMs;
      const part = records.slice(i * MEASURED_BATCH, (i + 1) * MEASURED_BATCH);
      const sent = part.map((record, at) => ({
        sequence: `${(i + 1) * 10_000 + at}`,
        payload: JSON.stringify({ ...record, time: isoTime(timeMs(record.time) + shift) }),
      }));
      const { batchItemFailures } = await target.call(eventOf('shardId-000000000000', sent), ALIVE);
      if (batchItemFailures.length > 0) throw new Error('the function did not fold a batch');
    }
    return (target.cpuMs - warm) / (MEASURED * MEASURED_BATCH);
  } finally {
    await target.close();
    remove(folder);
  }
}
