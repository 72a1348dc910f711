/**
 * `npm run evaluate`: every world over its reported seeds, then `docs/evaluation.md` and its figures.
 *
 *   -- --quick         few seeds, in minutes        -- --long       more null worlds, in hours
 *   -- --dev           the plan on development seeds
 *   -- --only A1,B3    some cases
 *   -- --cache DIR     where results are kept; an interrupted run goes on from there
 *   -- --out DIR       where the page goes
 *
 * Only whole runs, full or long, use the reported seeds; the others write their page outside the checkout.
 */
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { codeFingerprint, ResultCache } from './evaluate/cache.ts';
import { type Call, CallError, parseCall } from './evaluate/call.ts';
import type { CaseResult } from './evaluate/page/data.ts';
import { writePage } from './evaluate/page/write.ts';
import { jobsOf } from './evaluate/plan.ts';
import { runJobs } from './evaluate/pool.ts';
import { Progress } from './evaluate/progress.ts';
import { type Quiet, thresholdsFrom } from './evaluate/trial/calibrate.ts';
import type { Trial } from './evaluate/trial/trial.ts';
import { CASES } from './evaluate/trial/worlds.ts';

const ROOT = join(import.meta.dirname, '..');
const SILENT = { thresholds: {}, onResult: () => undefined };

try {
  await evaluate(parseCall(process.argv.slice(2)));
} catch (error) {
  if (!(error instanceof CallError)) throw error;
  console.error(`evaluate: ${error.message}`);
  process.exitCode = 2;
}

async function evaluate({ tier, reported, only, ...folders }: Call): Promise<void> {
  const code = codeFingerprint(ROOT);
  const scratch = join(tmpdir(), 'stillwatch-evaluation');
  const namespace = reported ? 'report' : 'development';
  const threads = availableParallelism();
  const progress = new Progress();
  const run = { threads, cache: new ResultCache(join(folders.cache ?? scratch, code)), now: Date.now() };

  const calibration = CASES.filter(({ section }) => section === 'calibration');
  const quiet = await runJobs<Quiet>(jobsOf(calibration, tier, namespace), { ...run, ...SILENT });
  const thresholds = thresholdsFrom([...quiet.values()]);

  const cases = CASES.filter(({ id, section }) => section !== 'calibration' && (only?.includes(id) ?? true));
  const jobs = jobsOf(cases, tier, namespace);
  const trials = await runJobs<Trial>(jobs, {
    ...run,
    thresholds,
    onResult: (job, result, left) => console.error(progress.line(job, result, left)),
  });

  const results = cases.map((one): CaseResult => {
    const own = jobs.filter(({ caseId }) => caseId === one.id);
    return { one, trials: own.map(({ key, seed }) => ({ ...trials.get(key)!, seed })) };
  });
  const out = folders.out ?? (reported ? join(ROOT, 'docs') : join(scratch, code));
  writePage(out, { results, thresholds, tier, reported, code });
  console.error(`wrote ${join(out, 'evaluation.md')} and its figures after ${progress.minutes.toFixed(1)} min`);
}
