/**
 * `npm run chaos`: the ingest function under everything that a stream may do to it, and a recount at the end.
 *
 *   -- --records 1000000   -- --accounts 20000   -- --seed 1
 *   -- --batch 1000        records of a batch
 *   -- --endpoint URL      a DynamoDB and S3 that is not AWS, on this machine, for the whole handler; without it: memory
 *
 * Exit 0: everything holds. 3: something does not. 2: the call is wrong.
 */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { bundle } from '../lambdas/bundle/bundle.ts';
import type { handle } from '../lambdas/ingest/ingest.ts';
import { AtEndpoint, isLocal } from './chaos/at-endpoint.ts';
import { InMemory, NOW } from './chaos/in-memory.ts';
import { report } from './chaos/report.ts';
import { type ChaosOptions, chaos, holds } from './chaos/run.ts';
import { CallError, flags } from './lib/flags.ts';
import { remove } from './lib/remove.ts';
import { randomFrom } from './lib/usage-lines.ts';

const DEFAULTS = { records: 1_000_000, accounts: 20_000, seed: 1, batch: 1000, endpoint: '' };

try {
  process.exitCode = await main(flags('chaos', process.argv.slice(2), DEFAULTS));
} catch (error) {
  if (!(error instanceof CallError)) throw error;
  console.error(error.message);
  process.exitCode = 2;
}

async function main({ records, accounts, seed, batch, endpoint }: typeof DEFAULTS): Promise<number> {
  if (endpoint && !isLocal(endpoint)) throw new CallError(`chaos: --endpoint must be on this machine, not ${endpoint}`);
  const folder = mkdtempSync(join(tmpdir(), 'stillwatch-chaos-'));
  const now = endpoint ? Date.now() : NOW;
  const workers = endpoint ? 4 : 2;
  const options = { records, accounts, seed, batchSize: batch, now, workers, progress: progress(records) };
  try {
    const target = endpoint ? await AtEndpoint.open(endpoint, folder) : await inMemory(folder, options);
    const outcome = await chaos(options, target).finally(() => target.close());
    console.log(
      `chaos: seed ${seed}, ${endpoint ? `the handler against ${endpoint}` : 'memory'}, Node ${process.version}`,
    );
    console.log(report(outcome));
    return holds(outcome) ? 0 : 3;
  } finally {
    remove(folder);
  }
}

async function inMemory(folder: string, { now, seed }: ChaosOptions): Promise<InMemory> {
  const file = join(folder, 'ingest.mjs');
  await bundle('lambdas/ingest/ingest.ts', file);
  const bundled = (await import(pathToFileURL(file).href)) as { handle: typeof handle };
  return new InMemory(bundled.handle, now, randomFrom(seed + 2));
}

/** A line every two seconds. */
function progress(records: number): (done: number) => void {
  const began = performance.now();
  let told = began;
  return (done) => {
    const at = performance.now();
    if (at - told < 2000) return;
    told = at;
    const rate = Math.round((done / (at - began)) * 1000);
    console.error(`chaos: ${done.toLocaleString('en')} of ${records.toLocaleString('en')} sent, ${rate} a second`);
  };
}
