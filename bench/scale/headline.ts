/** The letter's campaign, replayed in full or in part: what was found beside the truth, and what it took. */

export interface HeadlineRow {
  /** Accounts of the platform, benign and of the campaign. */
  accounts: number;
  records: number;
  sweeps: number;
  /** Of the campaign: accounts, exchanges and span, as found and in truth. */
  found: HeadlineFigures;
  truth: HeadlineFigures;
  /** From the first exchange to the opening of the finding. */
  days: number;
  /** Share of the campaign's exchanges before that. */
  leaked: number;
  /** Share of its accounts among the certain members, and among all; and share of the certain that are its. */
  recallCertain: number;
  recall: number;
  precisionCertain: number;
  /** Campaigns open at the end. */
  campaigns: number;
  messages: number;
  seconds: number;
  threads: number;
  peakMiB: number;
  /** Reading, splitting and JSON.parse of the same bytes on as many threads, just before. */
  floorSeconds: number;
  /** Day, Node and processor. */
  on: string;
}

interface HeadlineFigures {
  accounts: number;
  exchanges: number;
  from: string;
  to: string;
}

export function headlineText(rows: readonly HeadlineRow[]): string {
  return `A campaign of 25,000 accounts with 25.6 exchanges a day each, from 22 April to 5 June 2026, among 200,000 others that
together send more: what the letter reports, or a part of it. Simulated as scenario A1, with accounts that came later and
others that never send; one replay of 52 days with daily sweeps. Measured by \`npm run bench -- headline --scale 1 --keep\`.

| | ${joined(rows, ({ accounts }) => `${count(accounts)} accounts that send`)} |
| --- |${rows.map(() => ' --- |').join('')}
${lines(rows)}

${[...new Set(rows.map(({ on, threads }) => `${on}, ${threads} threads`))].map((on) => `Measured ${on}.`).join('\n')} The floor is to read, split and
JSON.parse the same bytes with as many threads in the same run.`;
}

function lines(rows: readonly HeadlineRow[]): string {
  const both = (pick: (figures: HeadlineFigures) => string) => (row: HeadlineRow) =>
    `${pick(row.found)} of ${pick(row.truth)}`;
  const day = (time: string) => time.slice(0, 10);
  const table: [string, (row: HeadlineRow) => string][] = [
    ['campaigns open at the end', ({ campaigns }) => String(campaigns)],
    ['certain accounts, found of all', both(({ accounts }) => count(accounts))],
    ['exchanges', both(({ exchanges }) => count(exchanges))],
    ['window found', ({ found }) => `${day(found.from)} to ${day(found.to)}`],
    ['window in truth', ({ truth }) => `${day(truth.from)} to ${day(truth.to)}`],
    ['opened on day', ({ days }) => days.toFixed(1)],
    ['exchanges before that', ({ leaked }) => `${(100 * leaked).toFixed(1)} %`],
    ['recall of accounts, certain / all', ({ recallCertain, recall }) => `${share(recallCertain)} / ${share(recall)}`],
    ['precision of the certain', ({ precisionCertain }) => share(precisionCertain)],
    ['messages', ({ messages }) => String(messages)],
    ['records', ({ records }) => count(records)],
    ['minutes', ({ seconds }) => (seconds / 60).toFixed(1)],
    ['records a second', ({ records, seconds }) => count(Math.round(records / seconds))],
    ['times the floor', ({ seconds, floorSeconds }) => (seconds / floorSeconds).toFixed(2)],
    ['peak of memory, MiB', ({ peakMiB }) => count(Math.round(peakMiB))],
  ];
  return table.map(([name, cell]) => `| ${name} | ${joined(rows, cell)} |`).join('\n');
}

const joined = (rows: readonly HeadlineRow[], cell: (row: HeadlineRow) => string) => rows.map(cell).join(' | ');
const count = (value: number) => value.toLocaleString('en');
const share = (value: number) => value.toFixed(3);
