/**
 * `npm run bench -- scale [accounts ...]`: measures one sweep of each size in a process of its own, adds it to
 * `docs/figures/scale.json`, and writes `docs/scale.md` with its figures. Without sizes it only writes.
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { keepRow, machine, writePage } from './scale/kept.ts';
import type { Row } from './scale/rows.ts';

/** MiB for JavaScript's own objects; columns lie beside them. */
const HEAP = 6000;

for (const size of process.argv.slice(2)) keepRow('scale', measure(size));
writePage();

function measure(size: string): Row {
  const command = [`--max-old-space-size=${HEAP}`, join(import.meta.dirname, 'sweep.ts'), '--one', size];
  const { stdout, status } = spawnSync(process.execPath, command, {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (status !== 0) throw new Error(`the run of ${size} accounts failed`);
  const one = JSON.parse(stdout) as {
    accounts: number;
    cpuSeconds: number;
    sweepSeconds: number;
    peakMiB: number;
    segmentMiB: number;
    findings: number;
  };
  const round = (value: number) => Math.round(value * 10) / 10;
  return {
    accounts: one.accounts,
    processorSeconds: round(one.cpuSeconds),
    seconds: round(one.sweepSeconds),
    peakMiB: round(one.peakMiB),
    readMiB: round(one.segmentMiB),
    findings: one.findings,
    on: machine(),
  };
}
