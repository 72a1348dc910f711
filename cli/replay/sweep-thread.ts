/** Sweeps on a thread of their own, one after the other, while the caller reads the next day. */
import { Worker } from 'node:worker_threads';
import { PackedProfiles } from '../../core/aggregates/segment.ts';
import type { SweepInput } from '../../core/sweep.ts';
import type { KeptSweep } from './sweep-journal.ts';
import type { PostedSweep } from './sweep-worker.ts';

export class SweepThread {
  private worker: Worker | undefined;
  private settle: { done: (result: KeptSweep) => void; fail: (error: Error) => void } | undefined;

  /** The next may be asked for when this one is there. Its profiles must be packed. */
  sweep(input: SweepInput): Promise<KeptSweep> {
    this.worker ??= this.start();
    const { worker } = this;
    return new Promise((done, fail) => {
      this.settle = { done, fail };
      worker.postMessage(posted(input));
    });
  }

  async close(): Promise<void> {
    await this.worker?.terminate();
    this.worker = undefined;
  }

  private start(): Worker {
    const worker = new Worker(new URL('./sweep-worker.ts', import.meta.url));
    worker.on('message', (result: KeptSweep) => this.settle?.done(result));
    worker.on('error', (error) => this.settle?.fail(error));
    return worker;
  }
}

function posted({ segments, ...rest }: SweepInput): PostedSweep {
  return {
    ...rest,
    segments: segments.map(({ profiles, population }) => {
      if (!(profiles instanceof PackedProfiles)) throw new TypeError('profiles that are not packed cannot be posted');
      const { bytes, starts, ends } = profiles;
      return { profiles: { bytes, starts, ends }, population };
    }),
  };
}
