/**
 * Writes what ingestion costs into `docs/cost.md`, from counts of the real code, a measurement and the price table.
 *
 *   node bench/cost.ts                        counts and writes
 *   node bench/cost.ts --check yes            writes nothing; exit 3 where the document is stale
 *   node bench/cost.ts --measure URL          measures processor time first, against DynamoDB and S3 that are not AWS
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { isLocal } from './chaos/at-endpoint.ts';
import { type Arrivals, demo, spread } from './cost/arrivals.ts';
import { count } from './cost/count.ts';
import { cpuPerRecord } from './cost/measure.ts';
import { type Measured, section } from './cost/section.ts';
import { CallError, flags } from './lib/flags.ts';

const DOCUMENT = join(import.meta.dirname, '../docs/cost.md');
const MEASURED = join(import.meta.dirname, 'cost/measured.json');
const BEGIN = '<!-- made by bench/cost.ts: do not edit -->';
const END = '<!-- end -->';

try {
  process.exitCode = await main(flags('cost', process.argv.slice(2), { check: '', measure: '' }));
} catch (error) {
  if (!(error instanceof CallError)) throw error;
  console.error(error.message);
  process.exitCode = 2;
}

async function main({ check, measure }: { check: string; measure: string }): Promise<number> {
  const traffic = [spread(1, 5000), spread(25, 800), spread(1000, 20), demo()];
  if (measure) writeFileSync(MEASURED, `${JSON.stringify(await measured(measure, traffic), null, 2)}\n`);
  const counts = [];
  for (const arrivals of traffic) counts.push(await count(arrivals));
  const figures = JSON.parse(readFileSync(MEASURED, 'utf8')) as Measured;
  const before = readFileSync(DOCUMENT, 'utf8');
  const after = replaced(before, section(counts, figures));
  if (before === after) return 0;
  console.log(check ? 'stale: docs/cost.md (node bench/cost.ts)' : 'wrote docs/cost.md');
  if (check) return 3;
  writeFileSync(DOCUMENT, after);
  return 0;
}

function replaced(document: string, part: string): string {
  const [from, to] = [document.indexOf(BEGIN), document.indexOf(END)];
  if (from < 0 || to < from) throw new CallError(`cost: docs/cost.md has no place between ${BEGIN} and ${END}`);
  return `${document.slice(0, from + BEGIN.length)}\n\n${part}\n\n${document.slice(to)}`;
}

async function measured(endpoint: string, traffic: readonly Arrivals[]): Promise<Measured> {
  if (!isLocal(endpoint)) throw new CallError(`cost: --measure must be on this machine, not ${endpoint}`);
  const cpuMs: number[] = [];
  for (const arrivals of traffic) cpuMs.push(Number((await cpuPerRecord(endpoint, arrivals)).toFixed(3)));
  const day = new Date().toISOString().slice(0, 10);
  return { on: `${day}, Node ${process.version}, ${cpus()[0]!.model.trim()}`, cpuMs };
}
