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
import { demo, spread, type Traffic } from './cost/arrivals.ts';
import type { Costed, Measured } from './cost/cost-of.ts';
import { count, eventBytes } from './cost/count.ts';
import { cpuPerRecord, MEASURED_BATCH } from './cost/measure.ts';
import { scaleOf } from './cost/scale.ts';
import { section } from './cost/section.ts';
import { CallError, flags } from './lib/flags.ts';

const DOCUMENT = join(import.meta.dirname, '../docs/cost.md');
const IDLE = join(import.meta.dirname, '../docs/idle-cost.md');
const MEASURED = join(import.meta.dirname, 'cost/measured.json');
/** Exchanges a day. */
const SCALES = [1e6, 1e7, 1e8, 1e9];
/** At which all kinds of traffic are shown. */
const KIND = 1e7;
/** Those shown at all scales, by their place among the kinds. */
const BY_SCALE = [
  ['25 an account at any time', 1],
  ['the demo', 3],
] as const;
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
  const traffics = [spread(1, 20_000), spread(25, 800), spread(1000, 20), demo()];
  if (measure) writeFileSync(MEASURED, `${JSON.stringify(await measured(measure, traffics), null, 2)}\n`);
  const { on, batch, cpuMs } = JSON.parse(readFileSync(MEASURED, 'utf8')) as Measured;
  const idle = idleWithoutStream();
  const costed = async (at: number, exchanges: number): Promise<Costed> => {
    const scale = scaleOf(exchanges, eventBytes(traffics[at]!));
    return { counts: await count(traffics[at]!, scale), scale, cpuMs: cpuMs[at]!, idle };
  };
  const kinds = [];
  for (const at of traffics.keys()) kinds.push(await costed(at, KIND));
  const scales = [];
  for (const [name, at] of BY_SCALE) {
    const columns = [];
    for (const exchanges of SCALES) columns.push(exchanges === KIND ? kinds[at]! : await costed(at, exchanges));
    scales.push({ name, columns });
  }
  const before = readFileSync(DOCUMENT, 'utf8');
  const after = replaced(before, section(kinds, scales, `${on}, ${batch} records a batch`));
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

async function measured(endpoint: string, traffics: readonly Traffic[]): Promise<Measured> {
  if (!isLocal(endpoint)) throw new CallError(`cost: --measure must be on this machine, not ${endpoint}`);
  const cpuMs: number[] = [];
  for (const traffic of traffics) cpuMs.push(Number((await cpuPerRecord(endpoint, traffic)).toFixed(3)));
  const day = new Date().toISOString().slice(0, 10);
  return { on: `${day}, Node ${process.version}, ${cpus()[0]!.model.trim()}`, batch: MEASURED_BATCH, cpuMs };
}

/** USD a month of `prod`, as its page has it. */
function idleWithoutStream(): number {
  const page = readFileSync(IDLE, 'utf8');
  const [stream, total] = [/^\| stream \|.*\| ([\d.]+) \|$/m, /^\| \*\*a month\*\* \|.*\*\*([\d.]+)\*\* \|$/m].map(
    (row) => Number(row.exec(page)?.[1]),
  );
  if (Number.isNaN(total! - stream!))
    throw new CallError('cost: docs/idle-cost.md has no stream or no sum: npx vitest run test/docs.test.ts -u');
  return total! - stream!;
}
