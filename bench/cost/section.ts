/** The part of `docs/cost.md` that is made from counts, a measurement and prices. */
import { ASSUMED, type Cost, type Costed, costOf, lambdaMs, streamOf, sumOf } from './cost-of.ts';
import type { Counts } from './count.ts';
import { PRICES } from './prices.ts';
import { BATCH, PEAK } from './scale.ts';

/** One traffic at every scale. */
export interface ByScale {
  name: string;
  columns: readonly Costed[];
}

const LARGEST = 3;

/** `kinds`: every traffic at one scale, ten million a day. */
export function section(kinds: readonly Costed[], scales: readonly ByScale[], measuredOn: string): string {
  return [
    ...scaleTables(scales, measuredOn),
    '',
    '### The three largest',
    '',
    ...largest(scales),
    '',
    '### By kind of traffic',
    '',
    ...kindTables(kinds),
  ].join('\n');
}

function scaleTables(scales: readonly ByScale[], measuredOn: string): string[] {
  const { columns } = scales[0]!;
  const many = columns.map(({ scale }) => `${(scale.exchanges / 1e6).toLocaleString('en')} M`);
  return [
    'By exchanges a day, for a platform whose accounts have 25 a day at any time alike, which is the dearest, since few of',
    'an account then come together; and for the world of `npm start`, with 28 in sessions. Made by `node bench/cost.ts`:',
    'the traffic goes through the grouping, folding, archive and table code of the ingest function, and a table that counts',
    `what DynamoDB would charge. Settings of \`prod\`, and \`stream\` as the table says: ${PEAK} times the mean of the day.`,
    '',
    ...table('a day', many, [
      row('shards', columns, ({ scale }) => String(scale.shards)),
      row('records of a batch', columns, ({ scale }) => scale.batch.toLocaleString('en')),
      row('seconds in which they come', columns, ({ scale }) => String(Math.round(scale.windowMs / 1000))),
      ...scales.flatMap(({ name, columns: of }) => [
        row(`write units an exchange, ${name}`, of, ({ counts }) => counts.writeUnits.toFixed(2)),
      ]),
    ]),
    ...scales.flatMap(({ name, columns: of }) => [
      '',
      `In USD per million exchanges, ${name}:`,
      '',
      ...money(many, of, (costed) => (sumOf(costOf(costed)) * costed.scale.exchanges * 30) / 1e6),
    ]),
    '',
    `- Prices of ${PRICES.found}, as listed below. Processor time of ingest: ${measuredOn}, the`,
    '  bundled function with its AWS clients against the moto server.',
    `- Assumed: a call waits ${ASSUMED.callWaitMs} ms for the archive and ${ASSUMED.dayWaitMs} ms for each 32 account-days, writes ${ASSUMED.logKb} KB of log, and a record`,
    `  has up to ${ASSUMED.recordKb} KB, which is what Kinesis charges at least. ${ASSUMED.sweepsADay} sweeps a day, ${ASSUMED.retentionDays} days kept,`,
    `  ${ASSUMED.segments} segments, ${ASSUMED.knownAccounts} accounts known for each that is active on a day, each account-day read ${ASSUMED.readsOfADay} times before it is kept.`,
    `- A batch is ${BATCH.seconds} s of one of the ${BATCH.lanes} lanes of a shard (\`batchSeconds\`), or what fills the 6 MB of a call. Every trace is`,
    '  counted, though X-Ray takes one a second and one in twenty of the others.',
  ];
}

/** What was done about whatever is among the largest somewhere; a row without a text stops the generator. */
const DONE: Readonly<Record<string, string>> = {
  'DynamoDB, writes':
    'one write for all that an account did in 5 minutes (`batchSeconds`) instead of 10 s, in at most one unit: ids move to a file before the item outgrows it',
  'DynamoDB, reads of ingest':
    'the first read of an account-day is eventually consistent, at half the price; a write on what is out of date is refused and read again',
  'DynamoDB, reads of sweeps': 'a day that is over is read once more and then from a file in S3; ids are not read',
  'DynamoDB, storage': 'account-days are packed to under a KB and expire',
  Kinesis: 'shards instead of on demand, where that is cheaper: one shard takes 86 million records a day',
  'Lambda, ingest': 'lines are read without making records of them, and batches are large',
  'S3, storage of the archive': 'Parquet in Snappy, which expires',
  'all that an idle stack costs, but for the stream': 'one alarm a cause; see [idle cost](idle-cost.md)',
};

function largest(scales: readonly ByScale[]): string[] {
  const named = new Set<string>();
  const lines = scales.flatMap(({ name, columns }) =>
    columns.map((costed) => {
      const cost = costOf(costed);
      const top = Object.entries(cost)
        .sort(([, a], [, b]) => b - a)
        .slice(0, LARGEST);
      for (const [what] of top) named.add(what);
      const share = (usd: number) => `${Math.round((usd / sumOf(cost)) * 100)} %`;
      return `| ${(costed.scale.exchanges / 1e6).toLocaleString('en')} M, ${name} | ${top.map(([what, usd]) => `${what} ${share(usd)}`).join(' | ')} |`;
    }),
  );
  const done = [...named].map((what) => {
    if (DONE[what] === undefined) throw new Error(`bench/cost/section.ts: DONE says nothing about ${what}`);
    return `- ${what}: ${DONE[what]}.`;
  });
  return [
    '| a day | first | second | third |',
    '| --- | --- | --- | --- |',
    ...lines,
    '',
    'What was done about each:',
    '',
    ...done,
  ];
}

function kindTables(kinds: readonly Costed[]): string[] {
  const names = kinds.map(({ counts }) => counts.name);
  const per = (pick: (each: Counts) => number, digits = 2) => kinds.map(({ counts }) => pick(counts).toFixed(digits));
  const lines: [string, string[]][] = [
    ['writes of account-days', per(({ writes }) => writes)],
    ['writes of files of ids', per(({ fileWrites }) => fileWrites, 3)],
    ['**write units**', per(({ writeUnits }) => writeUnits).map((text) => `**${text}**`)],
    ['read units', per(({ readUnits }) => readUnits)],
    ['bytes of a stored account-day', per(({ dayBytes }) => dayBytes, 0)],
    ['bytes of ids beside it', per(({ fileBytes }) => fileBytes, 0)],
    ['objects of the archive', per(({ archiveWrites }) => archiveWrites, 4)],
    ['bytes of the archive', per(({ archiveBytes }) => archiveBytes, 0)],
    ['processor, ms', kinds.map(({ cpuMs }) => cpuMs.toFixed(2))],
    ['Lambda, ms', kinds.map((each) => lambdaMs(each.counts, each.scale, each.cpuMs).toFixed(2))],
  ];
  return [
    `At ${(kinds[0]!.scale.exchanges / 1e6).toLocaleString('en')} million exchanges a day, by exchanges per account and day:`,
    '',
    ...table('per exchange', names, lines),
    '',
    ...money(names, kinds),
    '',
    '- Reads are those of a function that stays warm. A new one reads the ids of a busy account-day once: at 1,000 exchanges',
    '  one read of up to 8 KB.',
  ];
}

function money(names: readonly string[], columns: readonly Costed[], month?: (costed: Costed) => number): string[] {
  const costs = columns.map(costOf);
  const parts: [string, string[]][] = Object.keys(costs[0]!).map((what) => [
    what,
    costs.map((cost) => cost[what]!.toFixed(3)),
  ]);
  const sums: [string, string[]] = ['**sum**', costs.map((cost: Cost) => `**${sumOf(cost).toFixed(3)}**`)];
  const lines = table('what', names, [...parts, sums]);
  if (!month) return lines;
  return [
    ...lines,
    '',
    ...table('in all', names, [
      row('stream', columns, ({ scale }) => streamOf(scale).setting),
      row('USD a month', columns, (costed) => Math.round(month(costed)).toLocaleString('en')),
    ]),
  ];
}

function row(name: string, columns: readonly Costed[], cell: (costed: Costed) => string): [string, string[]] {
  return [name, columns.map(cell)];
}

function table(first: string, names: readonly string[], rows: readonly [string, string[]][]): string[] {
  return [
    `| ${first} | ${names.join(' | ')} |`,
    `| --- |${' --- |'.repeat(names.length)}`,
    ...rows.map(([name, cells]) => `| ${name} | ${cells.join(' | ')} |`),
  ];
}
