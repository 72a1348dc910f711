/**
 * Sweeps on two threads in turn, while the caller reads the next day: what of a sweep needs no memory of the one before is
 * made while that one is still under way.
 */
import { Worker } from 'node:worker_threads';
import { PackedProfiles } from '../../core/aggregates/segment.ts';
import type { SweepMemory } from '../../core/campaigns/tracked.ts';
import type { SweepData } from '../../core/sweep.ts';
import type { KeptSweep } from './sweep-journal.ts';
import type { PostedSweep } from './sweep-worker.ts';

/** Ends a sweep that was begun, with the memory of the one before: they end one after the other, as they were begun. */
export type EndSweep = (memory: SweepMemory) => Promise<KeptSweep>;

export class SweepThreads {
  private readonly threads = [new SweepThread(), new SweepThread()];
  private begun = 0;

  /** The profiles must be packed, and stay as they are until the sweep has ended. */
  begin(data: SweepData): EndSweep {
    return this.threads[this.begun++ % this.threads.length]!.begin(posted(data));
  }

  async close(): Promise<void> {
    await Promise.all(this.threads.map((thread) => thread.close()));
  }
}

class SweepThread {
  private worker: Worker | undefined;
  /** What it is to sweep, the first of it under way: the others wait here, since what a thread holds is dear. */
  private readonly waiting: PostedSweep[] = [];
  private settle: { done: (result: KeptSweep) => void; fail: (error: Error) => void } | undefined;
  private error: Error | undefined;

  begin(data: PostedSweep): EndSweep {
    if (this.waiting.push(data) === 1) this.post(data);
    return (memory) => this.end(memory);
  }

  async close(): Promise<void> {
    await this.worker?.terminate();
    this.worker = undefined;
  }

  private post(data: PostedSweep): void {
    this.worker ??= this.start();
    this.worker.postMessage(data);
  }

  private end(memory: SweepMemory): Promise<KeptSweep> {
    return new Promise((done, fail) => {
      if (this.error !== undefined) fail(this.error);
      this.settle = { done, fail };
      this.worker!.postMessage(memory);
    });
  }

  private start(): Worker {
    const worker = new Worker(new URL('./sweep-worker.ts', import.meta.url));
    worker.on('message', (result: KeptSweep) => {
      this.waiting.shift();
      if (this.waiting.length > 0) this.post(this.waiting[0]!);
      this.settle?.done(result);
    });
    worker.on('error', (error) => {
      this.error = error;
      this.settle?.fail(error);
    });
    return worker;
  }
}

function posted({ segments, ...rest }: SweepData): PostedSweep {
  return {
    ...rest,
    segments: segments.map(({ profiles, population }) => {
      const held = profiles instanceof PackedProfiles ? profiles : undefined;
      if (held === undefined || !(held.bytes instanceof Uint8Array))
        throw new TypeError('only profiles that lie packed in memory can be posted');
      const { bytes, starts, ends } = held;
      return { profiles: { bytes, starts, ends }, population };
    }),
  };
}
