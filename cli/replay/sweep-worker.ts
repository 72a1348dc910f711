/** The thread of `SweepThread`: a sweep in, its result out. */
import { parentPort } from 'node:worker_threads';
import { PackedProfiles } from '../../core/aggregates/segment.ts';
import { type SweepInput, sweep } from '../../core/sweep.ts';

/** As `SweepInput`, with profiles as they cross to a thread. */
export interface PostedSweep extends Omit<SweepInput, 'segments'> {
  segments: (Omit<SweepInput['segments'][number], 'profiles'> & {
    profiles: Pick<PackedProfiles, 'bytes' | 'starts' | 'ends'>;
  })[];
}

parentPort?.on('message', ({ segments, ...rest }: PostedSweep) => {
  const { known: _, ...result } = sweep({
    ...rest,
    segments: segments.map(({ profiles: { bytes, starts, ends }, population }) => {
      return { profiles: new PackedProfiles(bytes, starts, ends), population };
    }),
  });
  parentPort!.postMessage(result);
});
