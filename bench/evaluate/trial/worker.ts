/** One thread: takes a job, answers with its result. */
import { parentPort, workerData } from 'node:worker_threads';
import type { Job } from '../plan.ts';
import { runCalibration } from './calibrate.ts';
import { runTrial, type Thresholds } from './trial.ts';
import { caseOf } from './worlds.ts';

const { now } = workerData as { now: number };

parentPort?.on('message', ({ job, thresholds }: { job: Job; thresholds: Thresholds }) => {
  const one = caseOf(job.caseId);
  const result =
    one.section === 'calibration' ? runCalibration(one, job.seed) : runTrial(one, job.seed, now, thresholds);
  parentPort?.postMessage({ job, result });
});
