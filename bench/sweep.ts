/**
 * `npm run bench -- sweep [accounts ...]`: one sweep over files of segments, by size, in a process of its own each; the
 * time against reading the same profiles and nothing else, the peak of memory, and how time grows with accounts. The
 * files are made once and kept under ~/.cache/stillwatch, a gigabyte for a million accounts.
 */
import { spawnSync } from 'node:child_process';
import { AccountProfile } from '../core/aggregates/account-profile.ts';
import { profileInto } from '../core/aggregates/segment.ts';
import { readSegmentFile } from '../core/aggregates/segment-file.ts';
import { NO_MEMORY } from '../core/campaigns/tracked.ts';
import { DAY_MS } from '../core/records/time.ts';
import { parseSettings } from '../core/settings.ts';
import { sweep } from '../core/sweep.ts';
import { FileBytes } from '../lambdas/adapters/file-bytes.ts';
import { platformFiles } from './lib/platform-files.ts';
import { DAYS, START_DAY } from './lib/profiles.ts';

interface Result {
  accounts: number;
  readSeconds: number;
  sweepSeconds: number;
  /** Of all threads, in the sweep alone. */
  cpuSeconds: number;
  peakMiB: number;
  /** Files of segments. */
  segmentMiB: number;
  candidates: number;
  findings: number;
}

const [mode, size] = process.argv.slice(2);
if (mode === '--one') console.log(JSON.stringify(await measure(Number(size))));
else table(process.argv.slice(2).length > 0 ? process.argv.slice(2).map(Number) : [10_000, 100_000, 300_000]);

async function measure(accounts: number): Promise<Result> {
  const files = await platformFiles(accounts);
  const started = performance.now();
  const segments = files.map((file) => readSegmentFile(new FileBytes(file)));
  let read = 0;
  const scratch = new AccountProfile('');
  for (const { profiles } of segments)
    for (let i = 0; i < profiles.length; i++) read += profileInto(profiles, i, scratch).series.length;
  const readSeconds = (performance.now() - started) / 1000;
  if (read === 0) throw new Error('no account has a day');
  const settings = parseSettings({});
  const before = performance.now();
  const cpu = process.cpuUsage();
  const at = (START_DAY + DAYS) * DAY_MS;
  const { summary, transitions } = sweep({ at, segments, releases: [], memory: NO_MEMORY, settings });
  const { user, system } = process.cpuUsage(cpu);
  return {
    accounts,
    readSeconds,
    sweepSeconds: (performance.now() - before) / 1000,
    cpuSeconds: (user + system) / 1e6,
    peakMiB: process.resourceUsage().maxRSS / 1024,
    segmentMiB: segments.reduce((sum, { profiles }) => sum + profiles.bytes.length, 0) / 2 ** 20,
    candidates: summary.candidates,
    findings: transitions.length,
  };
}

function table(sizes: readonly number[]): void {
  console.log('accounts   read s   sweep s   sweep/read   candidates   findings   peak MiB');
  const results = sizes.map((accounts) => {
    const command = ['--max-old-space-size=6144', import.meta.filename, '--one', String(accounts)];
    const { stdout, status, stderr } = spawnSync(process.execPath, command, { encoding: 'utf8' });
    if (status !== 0) throw new Error(`the run of ${accounts} accounts failed: ${stderr.slice(-500)}`);
    const one = JSON.parse(stdout) as Result;
    const ratio = (one.sweepSeconds / one.readSeconds).toFixed(1);
    const cells = [one.readSeconds.toFixed(1), one.sweepSeconds.toFixed(1), ratio, one.candidates, one.findings];
    console.log([one.accounts, ...cells, one.peakMiB.toFixed(0)].map((cell) => String(cell).padStart(8)).join('  '));
    return one;
  });
  const [first, last] = [results[0]!, results.at(-1)!];
  if (first === last) return;
  const growth = Math.log(last.sweepSeconds / first.sweepSeconds) / Math.log(last.accounts / first.accounts);
  console.log(`time grows as accounts^${growth.toFixed(2)}`);
}
