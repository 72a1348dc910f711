/** What benches measured for `docs/scale.md`, kept beside it, and the page that is made of it. */
import { readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import type { HeadlineRow } from './headline.ts';
import type { LoadRow } from './loading.ts';
import { type IngestCost, scalePage } from './page.ts';
import { type Row, withRow } from './rows.ts';

const DOCS = join(import.meta.dirname, '../../docs');

interface Kept {
  scale: Row;
  loading: LoadRow;
  headline: HeadlineRow;
}

/** Adds what was measured, in place of what was measured of as many accounts before. */
export function keepRow<K extends keyof Kept>(kind: K, row: Kept[K]): void {
  writeFileSync(fileOf(kind), `${JSON.stringify(withRow(rowsOf(kind), row), null, 2)}\n`);
}

export function writePage(): void {
  const { text, figures } = scalePage(rowsOf('scale'), ingestCost(), rowsOf('loading'), rowsOf('headline'));
  for (const { file, svg } of figures) writeFileSync(join(DOCS, 'figures', file), svg);
  writeFileSync(join(DOCS, 'scale.md'), text);
}

/** Day, Node and processor. */
export function machine(): string {
  return `${new Date().toISOString().slice(0, 10)}, Node ${process.version}, ${cpus()[0]!.model.trim()}`;
}

function rowsOf<K extends keyof Kept>(kind: K): Kept[K][] {
  return JSON.parse(readFileSync(fileOf(kind), 'utf8')) as Kept[K][];
}

function fileOf(kind: keyof Kept): string {
  return join(DOCS, `figures/${kind}.json`);
}

/** The last column of the tables by scale in `docs/cost.md`: the dearest traffic first, then the demo's. */
function ingestCost(): IngestCost {
  const page = readFileSync(join(DOCS, 'cost.md'), 'utf8');
  const last = (row: RegExp) => [...page.matchAll(row)].map((match) => Number(match[1]));
  const [mostUnits, fewUnits] = last(/^\| write units an exchange, .*\| ([\d.]+) \|$/gm);
  const [mostUsd, fewUsd] = last(/^\| \*\*sum\*\* \|.*\*\*([\d.]+)\*\* \|$/gm);
  return { units: [fewUnits!, mostUnits!], usd: [fewUsd!, mostUsd!] };
}
