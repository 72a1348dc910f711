/**
 * `npm run bench -- scale [accounts ...]`: measures one sweep of each size in a process of its own, adds it to
 * `docs/figures/scale.json`, and writes `docs/scale.md` with its figures. Without sizes it only writes.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import type { LoadRow } from './scale/loading.ts';
import { type IngestCost, scalePage } from './scale/page.ts';
import { type Row, withRow } from './scale/rows.ts';

const DOCS = join(import.meta.dirname, '../docs');
const ROWS = join(DOCS, 'figures/scale.json');
/** MiB for JavaScript's own objects; profiles lie beside them. */
const HEAP = 18_000;

for (const size of process.argv.slice(2)) {
  const rows = withRow(readRows(), measure(size));
  writeFileSync(ROWS, `${JSON.stringify(rows, null, 2)}\n`);
}
const { text, figures } = scalePage(readRows(), ingestCost(), readLoadRows());
for (const { file, svg } of figures) writeFileSync(join(DOCS, 'figures', file), svg);
writeFileSync(join(DOCS, 'scale.md'), text);

function readRows(): Row[] {
  return JSON.parse(readFileSync(ROWS, 'utf8')) as Row[];
}

function readLoadRows(): LoadRow[] {
  return JSON.parse(readFileSync(join(DOCS, 'figures/loading.json'), 'utf8')) as LoadRow[];
}

function measure(size: string): Row {
  const command = [`--max-old-space-size=${HEAP}`, join(import.meta.dirname, 'sweep.ts'), '--one', size];
  const { stdout, status, stderr } = spawnSync(process.execPath, command, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`the run of ${size} accounts failed: ${stderr.slice(-500)}`);
  const one = JSON.parse(stdout) as {
    accounts: number;
    cpuSeconds: number;
    peakMiB: number;
    segmentMiB: number;
    findings: number;
  };
  const round = (value: number) => Math.round(value * 10) / 10;
  return {
    accounts: one.accounts,
    processorSeconds: round(one.cpuSeconds),
    peakMiB: round(one.peakMiB),
    readMiB: round(one.segmentMiB),
    findings: one.findings,
    on: `${new Date().toISOString().slice(0, 10)}, Node ${process.version}, ${cpus()[0]!.model.trim()}`,
  };
}

/** The last column of the tables by scale in `docs/cost.md`: the dearest traffic first, then the demo's. */
function ingestCost(): IngestCost {
  const page = readFileSync(join(DOCS, 'cost.md'), 'utf8');
  const last = (row: RegExp) => [...page.matchAll(row)].map((match) => Number(match[1]));
  const [mostUnits, fewUnits] = last(/^\| write units an exchange, .*\| ([\d.]+) \|$/gm);
  const [mostUsd, fewUsd] = last(/^\| \*\*sum\*\* \|.*\*\*([\d.]+)\*\* \|$/gm);
  return { units: [fewUnits!, mostUnits!], usd: [fewUsd!, mostUsd!] };
}
