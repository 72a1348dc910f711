/** The part of `docs/cost.md` that is made from counts, a measurement and prices. */
import { LANES, WINDOW_MS } from './arrivals.ts';
import type { Counts } from './count.ts';
import { PRICES } from './prices.ts';

export interface Measured {
  /** Day, Node and processor of the measurement. */
  on: string;
  /** Processor milliseconds per record, in the order of the columns. */
  cpuMs: number[];
}

/** Batches of a day: every lane has records in every window at a million exchanges. */
const BATCHES = (LANES * 86_400_000) / WINDOW_MS;
/** A write to the archive, then a read and a write of the table for all account-days of a batch at once. An assumption. */
const WAIT_MS = 40;
const MEMORY_GB = 1.73;
const SWEEPS_A_DAY = 4;
const RETENTION_DAYS = 90;
const LOG_KB = 2;
const RECORD_KB = 1;

export function section(counts: readonly Counts[], measured: Measured): string {
  const costs = counts.map((each, i) => costOf(each, measured.cpuMs[i]!));
  const columns = counts.map(({ name }) => name);
  const head = (first: string) => [
    `| ${first} | ${columns.join(' | ')} |`,
    `| --- |${' --- |'.repeat(columns.length)}`,
  ];
  const row = (name: string, cells: readonly (string | number)[]) => `| ${name} | ${cells.join(' | ')} |`;
  const per = (pick: (each: Counts) => number, digits = 2) => counts.map((each) => pick(each).toFixed(digits));
  const money = Object.keys(costs[0]!) as (keyof Cost)[];
  return [
    `A platform of a million exchanges a day, settings of \`prod\`, by exchanges per account and day: spread over the day`,
    `alike, which is the dearest, since few of an account then come together; and the world of \`npm start\`, with 28 of an`,
    `account-day in sessions. Made by \`node bench/cost.ts\`: the traffic goes through the grouping, folding and table code of`,
    `the ingest function with ${LANES} lanes and windows of ${WINDOW_MS / 1000} s, and a table that counts what DynamoDB would charge.`,
    '',
    ...head('per exchange'),
    row(
      'writes of account-days',
      per(({ writes }) => writes),
    ),
    row(
      'writes of files of ids',
      per(({ fileWrites }) => fileWrites, 3),
    ),
    row(
      '**write units**',
      per(({ writeUnits }) => writeUnits).map((text) => `**${text}**`),
    ),
    row(
      'read units',
      per(({ readUnits }) => readUnits),
    ),
    row(
      'bytes of a stored account-day',
      per(({ dayBytes }) => dayBytes, 0),
    ),
    row(
      'bytes of ids beside it',
      per(({ fileBytes }) => fileBytes, 0),
    ),
    row(
      'objects of the archive',
      per(({ archiveWrites }) => archiveWrites, 3),
    ),
    row(
      'bytes of the archive',
      per(({ archiveBytes }) => archiveBytes, 0),
    ),
    row(
      'processor, ms',
      measured.cpuMs.map((ms) => ms.toFixed(2)),
    ),
    row(
      '**Lambda, ms per million**',
      counts.map((_, i) => Math.round(lambdaMs(measured.cpuMs[i]!)).toLocaleString('en')),
    ),
    '',
    'In USD per million exchanges:',
    '',
    ...head('what'),
    ...money.map((name) =>
      row(
        name,
        costs.map((cost) => cost[name]!.toFixed(2)),
      ),
    ),
    row(
      '**sum**',
      costs.map((cost) => `**${sumOf(cost).toFixed(2)}**`),
    ),
    '',
    `- Prices of ${PRICES.found}, as listed below. Processor time: ${measured.on},`,
    `  the bundled function with its AWS clients against the moto server, 14 records a batch. Lambda's milliseconds are that and ${BATCHES.toLocaleString('en')} batches that wait`,
    `  ${WAIT_MS} ms each for the archive and the table; the wait is an assumption, as are ${LOG_KB} KB of log a batch and ${RECORD_KB} KB a record.`,
    `- Reads are those of a function that stays warm. A new one reads the ids of a busy account-day once: at 1,000 exchanges`,
    '  one read of up to 8 KB.',
    `- Sweeps read every account-day that is kept, ${SWEEPS_A_DAY} times a day for ${RETENTION_DAYS} days: their part grows with \`retentionDays\`,`,
    '  the number of sweeps a day and the number of account-days. They do not read the files of ids.',
  ].join('\n');
}

type Cost = Record<string, number>;

function costOf(counts: Counts, cpuMs: number): Cost {
  const batches = BATCHES / 1e6;
  const stored = counts.accountDays * (counts.dayBytes + counts.fileBytes);
  const swept = ((counts.accountDays * counts.dayBytes) / 4096) * SWEEPS_A_DAY * RETENTION_DAYS;
  return cents({
    'DynamoDB writes': counts.writeUnits * PRICES.writeUnits,
    'DynamoDB reads of ingest': counts.readUnits * PRICES.readUnits,
    'DynamoDB reads of sweeps': swept * PRICES.readUnits,
    'intake figures, one write a batch': batches * PRICES.writeUnits,
    'storage for the retention': (stored / 1000) * ((RETENTION_DAYS + 2) / 30) * PRICES.storage,
    'archive, S3 writes': counts.archiveWrites * PRICES.objectWrites,
    'archive for the retention': (counts.archiveBytes / 1000) * (RETENTION_DAYS / 30) * PRICES.objectStorage,
    'audit, each object read once': counts.archiveWrites * PRICES.objectReads,
    'Kinesis in, out, 6 more days': PRICES.streamIn + PRICES.streamOut + 0.2 * PRICES.streamKept,
    'Lambda, ingest': (lambdaMs(cpuMs) / 1000) * MEMORY_GB * PRICES.lambdaGbSecond + batches * PRICES.lambdaRequests,
    'logs of ingest': batches * LOG_KB * PRICES.logs,
    'X-Ray traces, at most': batches * PRICES.traces,
  });
}

/** Per million records. */
function lambdaMs(cpuMs: number): number {
  return BATCHES * WAIT_MS + cpuMs * 1e6;
}

/** Rounded before they are added, so that the column adds up as it is printed. */
function cents(cost: Cost): Cost {
  return Object.fromEntries(Object.entries(cost).map(([name, usd]) => [name, Math.round(usd * 100) / 100]));
}

function sumOf(cost: Cost): number {
  return Object.values(cost).reduce((sum, usd) => sum + usd, 0);
}
