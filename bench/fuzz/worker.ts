/** Runs inputs `from` to `to` and keeps the number of the one at work where the watcher sees it. */
import { parentPort, workerData } from 'node:worker_threads';
import { randomFrom } from '../lib/usage-lines.ts';
import { Fuzz, type Tally, type Target } from './check.ts';
import { samples } from './samples.ts';

export interface WorkerData {
  seed: number;
  from: number;
  to: number;
  /** One 32-bit number. */
  at: SharedArrayBuffer;
}

export type Message = { tallies: Map<Target, Tally> } | { input: number; error: string };

const { seed, from, to, at } = workerData as WorkerData;
const shown = new Int32Array(at);
const fuzz = new Fuzz(samples());
let input = from;
try {
  for (; input < to; input++) {
    shown[0] = input;
    fuzz.one(inputRandom(seed, input));
  }
  parentPort!.postMessage({ tallies: fuzz.tallies } satisfies Message);
} catch (error) {
  const said = error instanceof Error ? (error.stack ?? error.message) : String(error);
  parentPort!.postMessage({ input, error: said } satisfies Message);
}

/** Any one input can be made alone. */
function inputRandom(of: number, index: number): () => number {
  return randomFrom(Math.imul(index + 1, 0x9e3779b1) ^ of);
}
