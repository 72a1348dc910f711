/**
 * `npm run evaluate [-- --seeds N] [--only A1,B3] [--out FILE]`: runs every world of the evaluation and writes
 * `docs/evaluation.md`. Partial runs print the page instead.
 */
import { writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import { type CaseTrials, evaluationPage } from './evaluate/page.ts';
import type { Trial } from './evaluate/trial.ts';
import { CASES, seedsOf } from './evaluate/worlds.ts';

const PAGE = 'docs/evaluation.md';
const { values } = parseArgs({
  options: { seeds: { type: 'string', default: '5' }, only: { type: 'string' }, out: { type: 'string' } },
});
const seeds = Number(values.seeds);
const only = values.only?.split(',');
const cases = CASES.filter(({ id }) => only === undefined || only.includes(id));
if (!Number.isInteger(seeds) || seeds < 1 || cases.length === 0) {
  console.error('evaluate: --seeds must be a whole number of 1 or more, --only a list of worlds as A1,B3');
  process.exit(2);
}

const jobs = cases.flatMap(({ id }) => seedsOf(id, seeds).map((seed) => ({ id, seed })));
const results = new Map<string, Trial>();
const started = performance.now();

await Promise.all(Array.from({ length: Math.min(jobs.length, availableParallelism()) }, () => work()));

const all: CaseTrials[] = cases.map((one) => ({
  one,
  trials: seedsOf(one.id, seeds).map((seed) => results.get(`${one.id} ${seed}`)!),
}));
const page = evaluationPage(all, seeds);
if (only === undefined) writeFileSync(values.out ?? PAGE, page);
else console.log(page);

/** One thread that takes jobs until none are left. */
function work(): Promise<void> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./evaluate/worker.ts', import.meta.url), { workerData: { now: Date.now() } });
    const next = () => {
      const job = jobs.shift();
      if (job === undefined) worker.terminate().then(() => resolve(), reject);
      else worker.postMessage(job);
    };
    worker.on('error', reject);
    worker.on('message', ({ id, seed, trial }: { id: string; seed: string; trial: Trial }) => {
      results.set(`${id} ${seed}`, trial);
      console.error(`${id} ${seed}: ${verdict(trial)}, ${trial.seconds.toFixed(0)} s (${clock()} in all)`);
      next();
    });
    next();
  });
}

function verdict({ scores, falseCampaigns }: Trial): string {
  const found = scores.map((score) => (score.found ? `found after ${score.daysToDetection?.toFixed(1)} d` : 'missed'));
  return [...found, ...(falseCampaigns > 0 ? [`${falseCampaigns} false`] : [])].join(', ') || 'quiet';
}

function clock(): string {
  return `${((performance.now() - started) / 60_000).toFixed(1)} min`;
}
