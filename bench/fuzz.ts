/**
 * `npm run fuzz`: damaged records and payloads through every source, the record parser and the decoder of the stream.
 *
 *   -- --inputs 1000000   -- --seed 1   -- --from 0     the first input, to repeat one that failed
 *
 * Exit 0: every input was accepted or refused with a reason. 3: one was not, or took too long. 2: the call is wrong.
 */
import { Worker } from 'node:worker_threads';
import type { Message, WorkerData } from './fuzz/worker.ts';
import { CallError, flags } from './lib/flags.ts';

const DEFAULTS = { inputs: 1_000_000, seed: 1, from: '0' };
/** An input that takes so long hangs. */
const HANG_MS = 20_000;

try {
  process.exitCode = await main(flags('fuzz', process.argv.slice(2), DEFAULTS));
} catch (error) {
  if (!(error instanceof CallError)) throw error;
  console.error(error.message);
  process.exitCode = 2;
}

async function main({ inputs, seed, from }: typeof DEFAULTS): Promise<number> {
  const first = Number(from);
  if (!Number.isSafeInteger(first) || first < 0) throw new CallError(`fuzz: --from ${from} is not a whole number`);
  const at = new SharedArrayBuffer(4);
  const began = performance.now();
  const message = await run({ seed, from: first, to: first + inputs, at });
  if ('error' in message) {
    console.error(`fuzz: input ${message.input} of seed ${seed}: ${message.error}`);
    console.error(`fuzz: again with  npm run fuzz -- --seed ${seed} --from ${message.input} --inputs 1`);
    return 3;
  }
  const seconds = Math.round((performance.now() - began) / 1000);
  console.log(
    `fuzz: ${inputs.toLocaleString('en')} inputs of seed ${seed} in ${seconds} s; no crash, no hang, no prototype changed`,
  );
  console.log(row(['', 'inputs', 'accepted', 'rejected', 'skipped', 'empty', 'reasons', 'slowest']));
  for (const [target, counts] of message.tallies) {
    const { inputs: made, accepted, rejected, skipped, empty, reasons, slowestMs } = counts;
    const figures = [made, accepted, rejected, skipped, empty, reasons.size].map((n) => n.toLocaleString('en'));
    console.log(row([target, ...figures, `${slowestMs.toFixed(0)} ms`]));
  }
  return 0;
}

function run(data: WorkerData): Promise<Message> {
  const worker = new Worker(new URL('./fuzz/worker.ts', import.meta.url), { workerData: data });
  const shown = new Int32Array(data.at);
  let last = -1;
  let since = performance.now();
  return new Promise((resolve, reject) => {
    const watch = setInterval(() => {
      const input = shown[0]!;
      if (input !== last) [last, since] = [input, performance.now()];
      else if (performance.now() - since > HANG_MS) done({ input, error: `hangs for ${HANG_MS / 1000} s` });
      console.error(
        `fuzz: ${(input - data.from).toLocaleString('en')} of ${(data.to - data.from).toLocaleString('en')}`,
      );
    }, 2000);
    const done = (message: Message) => {
      clearInterval(watch);
      resolve(message);
    };
    worker.once('message', done);
    worker.once('error', reject);
  }).finally(() => worker.terminate()) as Promise<Message>;
}

function row([name, ...figures]: string[]): string {
  return name!.padEnd(14) + figures.map((figure) => figure.padStart(12)).join('');
}
