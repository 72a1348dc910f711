/** Loading of one segment, as measured, and what follows from it for the map that loads them all. */
import { growthOf, reaching } from './rows.ts';

export interface LoadRow {
  /** Of the segment. */
  accounts: number;
  processorSeconds: number;
  peakMiB: number;
  /** Files of days. */
  readMiB: number;
  /** The segment, for detection. */
  leftMiB: number;
  /** Day, Node and processor. */
  on: string;
}

/** As the stack has them: MB of the function that loads, segments at one time, and at most. */
export const MAP = { memoryMb: 3008, atOnce: 64, segments: 256 };

/** Two rows at least. */
export function loadingText(rows: readonly LoadRow[]): string {
  const memory = reaching(
    growthOf(rows, ({ peakMiB }) => peakMiB),
    MAP.memoryMb,
  );
  const seconds = growthOf(rows, ({ processorSeconds }) => processorSeconds).at(memory);
  const rounds = Math.ceil(MAP.segments / MAP.atOnce);
  const number = (value: number) => value.toLocaleString('en', { maximumSignificantDigits: 2 });
  return `Each segment is an item of a Distributed Map and has a function of its own with ${MAP.memoryMb.toLocaleString('en')} MB, ${MAP.atOnce} at one time. It reads 90
days of its accounts, all but the last from Parquet in S3. Measured by \`npm run bench -- loading\` for accounts that are active on a bit
more than half of the days, without the table's answers and what is known of accounts:

| accounts of the segment | processor, s | peak, MiB | read, MiB | left for detection, MiB |
| --- | --- | --- | --- | --- |
${rows.map(line).join('\n')}

${[...new Set(rows.map(({ on }) => on))].map((on) => `Measured ${on}.`).join('\n')}

Neither memory nor time of a function grows with the platform, but with accounts by segment. A function holds about ${number(memory)}
accounts, so ${MAP.segments} segments, which are as many as there may be, hold ${number(memory * MAP.segments)}, in ${rounds} rounds of ${number(seconds)} s of processor time.`;
}

function line({ accounts, processorSeconds, peakMiB, readMiB, leftMiB }: LoadRow): string {
  const whole = [peakMiB, readMiB, leftMiB].map((value) => value.toLocaleString('en'));
  return `| ${[accounts.toLocaleString('en'), processorSeconds.toFixed(1), ...whole].join(' | ')} |`;
}
