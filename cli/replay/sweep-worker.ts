/** A thread of `SweepThreads`: what a sweep looks at, then the memory of the one before; its result out. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { parentPort } from 'node:worker_threads';
import { PackedProfiles } from '../../core/aggregates/segment.ts';
import type { SweepMemory } from '../../core/campaigns/tracked.ts';
import { beginSweep, type SweepData, type SweepResult } from '../../core/sweep.ts';

/** As `SweepData`, with profiles as they cross to a thread. */
export interface PostedSweep extends Omit<SweepData, 'segments'> {
  segments: (Omit<SweepData['segments'][number], 'profiles'> & {
    profiles: Pick<PackedProfiles<Uint8Array>, 'bytes' | 'starts' | 'ends'>;
  })[];
}

let begun: ((memory: SweepMemory) => SweepResult) | undefined;

parentPort?.on('message', (message: PostedSweep | SweepMemory) => {
  if ('segments' in message) {
    const { segments, ...rest } = message;
    begun = beginSweep({
      ...rest,
      segments: segments.map(({ profiles: { bytes, starts, ends }, population }) => {
        return { profiles: new PackedProfiles(bytes, starts, ends), population };
      }),
    });
    return;
  }
  const { known: _, ...result } = begun!(message);
  begun = undefined;
  parentPort!.postMessage(result);
  collect();
});

/** Else the columns of this sweep would lie in memory until the one after the next. */
function collect(): void {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
}
