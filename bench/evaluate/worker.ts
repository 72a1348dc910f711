import { parentPort, workerData } from 'node:worker_threads';
import { runTrial } from './trial.ts';
import { CASES } from './worlds.ts';

const { now } = workerData as { now: number };

parentPort?.on('message', ({ id, seed }: { id: string; seed: string }) => {
  const found = CASES.find((candidate) => candidate.id === id)!;
  parentPort?.postMessage({ id, seed, trial: runTrial(found.world(seed), now) });
});
