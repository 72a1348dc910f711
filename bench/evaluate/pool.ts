/** Runs jobs on threads, each one that is not in the cache. */
import { Worker } from 'node:worker_threads';
import type { ResultCache } from './cache.ts';
import type { Job } from './plan.ts';
import type { Thresholds } from './trial/trial.ts';

export interface Run<T> {
  threads: number;
  cache: ResultCache;
  thresholds: Thresholds;
  /** The clock by which a record is from the future, ms since 1970. */
  now: number;
  onResult(job: Job, result: T, left: readonly Job[]): void;
}

/** Results by the jobs' keys. */
export async function runJobs<T>(jobs: readonly Job[], run: Run<T>): Promise<Map<string, T>> {
  const waiting = jobs.filter(({ key }) => run.cache.get(key) === undefined);
  const threads = Math.min(waiting.length, run.threads);
  await Promise.all(Array.from({ length: threads }, () => work(waiting, run)));
  return new Map(jobs.map(({ key }) => [key, run.cache.get(key) as T]));
}

/** One thread that takes jobs until none are left. */
function work<T>(waiting: Job[], { cache, thresholds, now, onResult }: Run<T>): Promise<void> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./trial/worker.ts', import.meta.url), { workerData: { now } });
    const next = () => {
      const job = waiting.shift();
      if (job === undefined) worker.terminate().then(() => resolve(), reject);
      else worker.postMessage({ job, thresholds });
    };
    worker.on('error', reject);
    worker.on('message', ({ job, result }: { job: Job; result: T }) => {
      cache.save(job.key, result);
      onResult(job, result, waiting);
      next();
    });
    next();
  });
}
