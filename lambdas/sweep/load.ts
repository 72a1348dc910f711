/** Loads one segment of the accounts and keeps it for detection, rolled up. */
import { packSegment, rollUpSegment } from '../../core/aggregates/segment.ts';
import type { AccountHistory } from '../../core/ports.ts';
import { DAY_MS, timeMs } from '../../core/records/time.ts';
import type { SweepHost } from './host.ts';
import { type LoadTask, segmentKey } from './tasks.ts';

/** Returns how many accounts the segment holds. */
export async function load({ at, segment, segments }: LoadTask, host: SweepHost): Promise<{ accounts: number }> {
  const sinceDay = Math.floor(timeMs(at) / DAY_MS) - host.settings.retentionDays;
  const histories = upTo(timeMs(at), host.aggregates.readSegment(segment, segments, sinceDay));
  const rolledUp = await rollUpSegment(histories);
  await host.objects.put(segmentKey(at, segment, segments), packSegment(rolledUp), 'application/octet-stream');
  const accounts = rolledUp.profiles.length;
  host.told.count('AccountsLoaded', accounts);
  return { accounts };
}

/**
 * Leaves out days that begin at or after the sweep's time. A sweep at midnight so sees whole days; one at another hour
 * also sees what its own day took in until it was loaded, because an account-day cannot be cut.
 */
async function* upTo(at: number, histories: AsyncIterable<AccountHistory>): AsyncGenerator<AccountHistory> {
  for await (const history of histories)
    yield { ...history, days: history.days.filter(({ day }) => day * DAY_MS < at) };
}
