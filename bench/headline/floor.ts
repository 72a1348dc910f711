/** The least that any reader of a file must do, on as many threads as the replay: read, decode, split, JSON.parse. */
import { Worker } from 'node:worker_threads';
import { openInputs } from '../../cli/adapters/input/open.ts';

const THREAD = `
  const { parentPort } = require('node:worker_threads');
  parentPort.on('message', (bytes) => {
    let count = 0;
    for (const line of Buffer.from(bytes).toString('utf8').split('\\n')) if (line !== '' && JSON.parse(line) !== null) count++;
    parentPort.postMessage(count);
  });
`;
const BLOCKS_A_THREAD = 2;

/** Seconds, and the lines read. */
export async function floorOf(file: string, threads: number): Promise<{ seconds: number; lines: number }> {
  const started = performance.now();
  const workers = Array.from({ length: threads - 1 }, () => ({ worker: new Worker(THREAD, { eval: true }), busy: 0 }));
  let lines = 0;
  let idle = () => {};
  for (const each of workers) {
    each.worker.on('message', (count: number) => {
      lines += count;
      each.busy--;
      idle();
    });
  }
  for (const input of await openInputs([file])) {
    for await (const { bytes } of input.lines) {
      if (bytes === undefined) throw new Error(`${file} is not of whole lines`);
      const free = workers.find(({ busy }) => busy < BLOCKS_A_THREAD);
      if (free === undefined) {
        for (const line of bytes.toString('utf8').split('\n')) if (line !== '' && JSON.parse(line) !== null) lines++;
      } else {
        free.busy++;
        free.worker.postMessage(bytes);
      }
    }
  }
  while (workers.some(({ busy }) => busy > 0)) {
    await new Promise<void>((resolve) => {
      idle = resolve;
    });
  }
  const seconds = (performance.now() - started) / 1000;
  for (const { worker } of workers) await worker.terminate();
  return { seconds, lines };
}
