/** `docs/scale.md`, from what was measured, counts of `docs/cost.md` and limits of AWS. */
import { BATCH, PEAK } from '../cost/scale.ts';
import type { Figure } from '../evaluate/page/draw.ts';
import { memoryFigure, timeFigure } from './figures.ts';
import { type HeadlineRow, headlineText } from './headline.ts';
import { type LoadRow, loadingText } from './loading.ts';
import { fits, growthOf, LAMBDA, type Row, reaching, usdOf } from './rows.ts';

/** Limits that AWS gives an account at first; each can be raised by asking. */
const TABLE_WRITES_A_SECOND = 40_000;
const SHARD_RECORDS_A_SECOND = 1000;
const DAY_S = 86_400;
const MODEL = { accounts: 1e8, exchanges: 1e10 };
const SWEEPS_A_MONTH = 120;

/** Write units an exchange, and USD a million exchanges, at a billion a day: the demo's traffic, and the dearest. */
export interface IngestCost {
  units: readonly [number, number];
  usd: readonly [number, number];
}

export function scalePage(
  rows: readonly Row[],
  ingest: IngestCost,
  loading: readonly LoadRow[],
  headline: readonly HeadlineRow[],
): { text: string; figures: Figure[] } {
  const figures = [timeFigure(rows), memoryFigure(rows)];
  const text = `# Scale

Made by \`npm run bench -- scale SIZES…\`, which measures one sweep of each size on one core, adds it to
[figures/scale.json](figures/scale.json) and writes this page; do not edit. Files of segments in, as loading leaves them,
with profiles of 14 days; transitions out. The accounts are made, without conversations that could change hands; 1 in 40
belongs to a campaign. What ingest costs by exchanges: [cost](cost.md).

## Measured

| accounts | s | processor, s | peak, MiB | read, MiB | bytes an account | findings | USD a sweep | USD a month | fits into one function |
| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |
${rows.map(measuredLine).join('\n')}

${[...new Set(rows.map(({ on }) => on))].map((on) => `Measured ${on}.`).join('\n')} Files that
were read lately lie in the cache of the system, which is no memory of the process. A month has ${SWEEPS_A_MONTH} sweeps.
Not in it: loading, which is [by segment](#loading).

${figures.map(({ file, alt }) => `![${alt}](figures/${file})`).join('\n\n')}

Dots are measured, the dashed line goes on from the two largest, by a straight line or a power law, whichever is
more; the level line is what one function of Lambda has.

${growthText(rows)}

## Loading

${loadingText(loading)}

## The letter's campaign on a laptop

${headlineText(headline)}

## Where it breaks first

As it is deployed, and before AWS raises any of its limits:

${breaks(rows, ingest)}

## A model of ${millions(MODEL.accounts)} accounts and ${millions(MODEL.exchanges)} exchanges a day

Nothing here was run. Assumptions: ${MODEL.exchanges / MODEL.accounts} exchanges per account and day; the busiest seconds have ${PEAK} times the mean;
write units an exchange as counted at a billion a day; time and memory of a sweep go on from the two largest sizes
above, by a straight line or a power law, whichever is more; records of up to 1 KB; list prices without a discount.

${model(rows, ingest)}

## Beyond one function

Detection is one reduce over all of them. The step beyond what one function holds is a larger machine for the same code, not
another engine: \`sweep()\` takes segments and gives transitions, whoever calls it, and a container of AWS Batch or Fargate has
up to 120 GB of memory where a function has ${LAMBDA.memoryMb / 1024}. Beyond that, sums over accounts (tallies of values by kind, totals by day
and stratum) belong on an engine that is there already, as Spark on EMR Serverless, over the archive in Parquet
([decision 18](decisions/0018-archive.md)); what is left for one process are the accounts that share something rare.
Neither is built.
`;
  return { text, figures };
}

function measuredLine(row: Row): string {
  const usd = usdOf(row);
  const cells = [
    row.accounts.toLocaleString('en'),
    row.seconds.toFixed(1),
    row.processorSeconds.toFixed(1),
    Math.round(row.peakMiB).toLocaleString('en'),
    Math.round(row.readMiB).toLocaleString('en'),
    Math.round((row.readMiB * 2 ** 20) / row.accounts).toLocaleString('en'),
    row.findings.toLocaleString('en'),
    usd.toFixed(4),
    (usd * SWEEPS_A_MONTH).toFixed(2),
    fits(row) ? 'yes' : 'no',
  ];
  return `| ${cells.join(' | ')} |`;
}

function growthText(rows: readonly Row[]): string {
  const [time, memory] = growths(rows);
  return `Between the two largest sizes time grows as accounts^${time.power.toFixed(2)} and memory as accounts^${memory.power.toFixed(2)}.`;
}

function growths(rows: readonly Row[]) {
  const of = (pick: (row: Row) => number) => growthOf(rows, pick);
  return [of(({ seconds }) => seconds), of(({ peakMiB }) => peakMiB), of(({ readMiB }) => readMiB)] as const;
}

function breaks(rows: readonly Row[], { units }: IngestCost): string {
  const [time, memory, storage] = growths(rows);
  const perDay = (perSecond: number) => (perSecond / PEAK) * DAY_S;
  const [few, most] = units.map((each) => perDay(TABLE_WRITES_A_SECOND / each));
  const lanes = perDay((LAMBDA.concurrency / BATCH.lanes) * SHARD_RECORDS_A_SECOND);
  return [
    `- Detection, memory: ${LAMBDA.memoryMb.toLocaleString('en')} MB are reached at about ${millions(reaching(memory, LAMBDA.memoryMb))} accounts.`,
    `- Detection, storage: ${LAMBDA.storageMb.toLocaleString('en')} MB are reached at about ${millions(reaching(storage, LAMBDA.storageMb))} accounts.`,
    `- Detection, time: ${LAMBDA.seconds} s are reached at about ${millions(reaching(time, LAMBDA.seconds))} accounts.`,
    `- Writes of the table: ${TABLE_WRITES_A_SECOND.toLocaleString('en')} units a second are reached at ${millions(most!)} exchanges a day where an account's never come together, and at ${millions(few!)} in the demo's traffic.`,
    `- Calls at one time: ${LAMBDA.concurrency.toLocaleString('en')} are ${LAMBDA.concurrency / BATCH.lanes} shards of ${BATCH.lanes} lanes, if all are busy at once: ${millions(lanes)} exchanges a day.`,
  ].join('\n');
}

function model(rows: readonly Row[], { units, usd }: IngestCost): string {
  const [time, memory] = growths(rows);
  const seconds = time.at(MODEL.accounts);
  const gib = memory.at(MODEL.accounts) / 1024;
  const perSecond = (MODEL.exchanges / DAY_S) * PEAK;
  const range = (values: readonly number[], digits: number) =>
    values.map((value) => value.toLocaleString('en', { maximumFractionDigits: digits })).join(' to ');
  return [
    '| what | comes out |',
    '| --- | --- |',
    `| records a second, at most | ${Math.round(perSecond).toLocaleString('en')} |`,
    `| shards | ${Math.ceil(perSecond / SHARD_RECORDS_A_SECOND)} |`,
    `| write units a second, at most | ${range(
      units.map((each) => Math.round(each * perSecond)),
      0,
    )} |`,
    `| ingest, USD a month | ${range(
      usd.map((each) => Math.round((each * MODEL.exchanges * 30) / 1e6)),
      0,
    )} |`,
    `| one detection on one core | ${(seconds / 60).toFixed(0)} min, ${gib.toFixed(0)} GiB |`,
    '',
    `Detection breaks first: it needs ${Math.ceil((gib * 1024) / LAMBDA.memoryMb)} times the memory that a function has. Ingest needs limits raised, and nothing else.`,
  ].join('\n');
}

function millions(value: number): string {
  return value >= 1e9
    ? `${(value / 1e9).toFixed(1).replace('.0', '')} billion`
    : `${(value / 1e6).toFixed(1).replace('.0', '')} million`;
}
