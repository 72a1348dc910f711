/** Loads one segment of the accounts and leaves it for detection, rolled up. */
import { rollUpSegment } from '../../../core/aggregates/segment.ts';
import { writeSegmentFile } from '../../../core/aggregates/segment-file.ts';
import type { AggregateStore } from '../../../core/ports.ts';
import { DAY_MS, timeMs } from '../../../core/records/time.ts';
import type { KeptDays } from '../../adapters/kept-days.ts';
import type { Objects } from '../../adapters/s3.ts';
import type { Telemetry } from '../../telemetry.ts';
import { type LoadTask, segmentKey } from '../tasks.ts';

export interface LoadHost {
  kept: Pick<KeptDays, 'forget'>;
  aggregates: Pick<AggregateStore, 'readSegment'>;
  objects: Pick<Objects, 'put'>;
  told: Telemetry;
  retentionDays: number;
}

/**
 * Returns how many accounts the segment holds. Days that begin at or after the sweep's time are left out. A sweep at
 * midnight so sees whole days; one at another hour also sees what its own day took in until it was loaded, because an
 * account-day cannot be cut.
 */
export async function load({ at, segment, segments }: LoadTask, host: LoadHost): Promise<{ accounts: number }> {
  const ms = timeMs(at);
  const days = { from: Math.floor(ms / DAY_MS) - host.retentionDays, until: Math.ceil(ms / DAY_MS) };
  if (segment === 0) await host.kept.forget(segments, days.from);
  const rolledUp = await rollUpSegment(host.aggregates.readSegment(segment, segments, days));
  await host.objects.put(
    segmentKey(at, segment, segments),
    writeSegmentFile(rolledUp),
    'application/vnd.apache.parquet',
  );
  const accounts = rolledUp.profiles.length;
  host.told.count('AccountsLoaded', accounts);
  return { accounts };
}
