/**
 * What it costs to turn a line into a record: JSON.parse alone, which is the floor, then with zod and with the checks of
 * the hot path. Run `node bench/parse.ts [lines]`; the best of several rounds counts, in turn, so that a busy machine
 * disturbs all alike.
 */
import { parseRecord } from '../core/records/parse.ts';
import { usageSchema } from '../core/records/schema.ts';
import { timeMs } from '../core/records/time.ts';
import { usageLines } from './lib/usage-lines.ts';

const ROUNDS = 7;
const SEED = 20_260_422;

const WAYS: Record<string, (line: string) => boolean> = {
  'JSON.parse alone': (line) => typeof JSON.parse(line) === 'object',
  'with zod': (line) => usageSchema.safeParse(JSON.parse(line)).success,
  'with parseRecord': (line) => parseRecord(JSON.parse(line)).ok,
};

const count = Number(process.argv[2] ?? 200_000);
const lines = usageLines(count, SEED);
const bytes = lines.reduce((sum, line) => sum + line.length, 0);
console.log(`${count} lines of ${Math.round(bytes / count)} bytes, best of ${ROUNDS} rounds, Node ${process.version}`);

const best = new Map(Object.keys(WAYS).map((name) => [name, Number.POSITIVE_INFINITY]));
for (let round = 0; round < ROUNDS; round++) {
  for (const [name, accepts] of Object.entries(WAYS)) best.set(name, Math.min(best.get(name)!, timed(accepts)));
}
const floor = best.get('JSON.parse alone')!;
for (const [name, ms] of best) {
  const rate = Math.round((count / ms) * 1000).toLocaleString('en');
  console.log(`${name.padEnd(18)} ${rate.padStart(11)} records/s  ${(ms / floor).toFixed(2)} x floor`);
}
compareTimes();

function timed(accepts: (line: string) => boolean): number {
  const from = performance.now();
  for (const line of lines) if (!accepts(line)) throw new Error('a valid line was rejected');
  return performance.now() - from;
}

function compareTimes(): void {
  const times = lines.map((line) => (JSON.parse(line) as { time: string }).time);
  const spend = (read: (time: string) => number) => {
    const from = performance.now();
    let sum = 0;
    for (const time of times) sum += read(time);
    return { ms: performance.now() - from, sum };
  };
  const rounds = Array.from({ length: ROUNDS }, () => [spend(Date.parse), spend(timeMs)] as const);
  if (rounds.some(([slow, fast]) => slow.sum !== fast.sum)) throw new Error('timeMs and Date.parse disagree');
  const [slow, fast] = [0, 1].map((way) => Math.min(...rounds.map((round) => round[way as 0 | 1].ms))) as [
    number,
    number,
  ];
  const nanos = (ms: number) => `${Math.round((ms * 1e6) / count)} ns`;
  console.log(`time of a record   Date.parse ${nanos(slow)}, timeMs ${nanos(fast)}`);
}
