/**
 * The campaign of the letter at full size, or at a part of it: what is found beside the truth, how soon, and what it
 * costs beside the least that any reader of the same bytes must do with the same threads in the same run.
 *
 * `npm run bench -- headline --scale 0.1 --threads 2`. Full size needs some 20 GB under ~/.cache/stillwatch.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { comparison } from '../cli/commands/demo.ts';
import { loadConfig } from '../cli/config.ts';
import { type Progress, type Replayed, runReplay } from '../cli/replay/run.ts';
import type { CampaignTruth } from '../cli/simulate/truth.ts';
import { DAY_MS } from '../core/records/time.ts';
import { floorOf } from './headline/floor.ts';
import { headlineWorld } from './headline/world.ts';

const { values } = parseArgs({ options: { scale: { type: 'string' }, threads: { type: 'string' } } });
const scale = positive('scale', values.scale ?? '1', 1);
const threads = Math.round(positive('threads', values.threads ?? String(Math.min(4, availableParallelism())), 64));

const out = mkdtempSync(join(tmpdir(), 'stillwatch-headline-'));
try {
  const { file, truth } = await headlineWorld(scale);
  const floor = await floorOf(file, threads);
  const options = { inputs: [file], out, sweepMs: DAY_MS, config: loadConfig(undefined), now: Date.now(), threads };
  const replayed = await runReplay({ ...options, onProgress: progress() });
  const findings = replayed.current.map(({ finding }) => finding);
  for (const line of comparison(findings, truth)) console.log(line);
  for (const line of [...detection(replayed, truth.campaigns[0]!), ...cost(replayed, floor)]) console.log(line);
} finally {
  rmSync(out, { recursive: true, force: true });
}

function positive(name: string, text: string, most: number): number {
  const value = Number(text);
  if (value > 0 && value <= most) return value;
  console.error(`bench headline: --${name} ${text} is not above 0 and at most ${most}`);
  process.exit(2);
}

/** A line a minute. */
function progress(): (reached: Progress) => void {
  const started = performance.now();
  let told = 0;
  return ({ bytes, totalBytes, records, at }) => {
    const seconds = (performance.now() - started) / 1000;
    if (seconds < told + 60) return;
    told = seconds;
    const share = Math.round((100 * bytes) / totalBytes!);
    console.error(`  ${share} %, ${at.slice(0, 10)}, ${records.toLocaleString('en')} records, ${seconds.toFixed(0)} s`);
  };
}

/** Of the finding with most of the campaign's accounts. */
function detection({ transitions }: Replayed, campaign: CampaignTruth): string[] {
  const real = new Set(campaign.accounts);
  const held = members().filter(({ account }) => real.has(account));
  const sizes = Map.groupBy(held, ({ finding }) => finding);
  const [id] = [...sizes].sort((a, b) => b[1].length - a[1].length)[0] ?? [];
  const messages = transitions.filter(({ finding }) => finding.id === id);
  const opened = messages[0]?.finding.at;
  if (id === undefined || opened === undefined) return ['not found'];
  const claimed = members().filter(({ finding }) => finding === id);
  const certain = claimed.filter(({ confidence }) => confidence === 'certain');
  const right = (list: typeof claimed) => list.filter(({ account }) => real.has(account)).length;
  const leaked = Object.entries(campaign.perDay).reduce(
    (sum, [day, exchanges]) => (Date.parse(day) < Date.parse(opened) ? sum + exchanges : sum),
    0,
  );
  const days = (Date.parse(opened) - Date.parse(campaign.from!)) / DAY_MS;
  const share = (part: number, whole: number) => (whole === 0 ? 0 : part / whole).toFixed(3);
  return [
    `detected after ${days.toFixed(1)} days; ${leaked.toLocaleString('en')} exchanges leaked before, ${share(leaked, campaign.exchanges)} of all`,
    `account recall certain ${share(right(certain), real.size)}, all ${share(right(claimed), real.size)}; precision certain ${share(right(certain), certain.length)}`,
    `${messages.length} messages on it, of at most 20`,
  ];
}

function members(): { finding: string; account: string; confidence: string }[] {
  const lines = readFileSync(join(out, 'members.ndjson'), 'utf8').split('\n');
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line));
}

function cost({ summary }: Replayed, floor: { seconds: number; lines: number }): string[] {
  const { records, seconds, recordsPerSecond, sweeps, peakRssBytes } = summary;
  if (floor.lines < records) throw new Error(`the floor read ${floor.lines} lines of ${records}`);
  return [
    `${records.toLocaleString('en')} records, ${sweeps} sweeps, ${seconds.toFixed(1)} s, ${recordsPerSecond.toLocaleString('en')} records/s on ${threads} threads, peak memory ${Math.round(peakRssBytes / 2 ** 20)} MiB`,
    `floor (read, split, JSON.parse on ${threads} threads) ${floor.seconds.toFixed(1)} s: the replay takes ${(seconds / floor.seconds).toFixed(2)} times as long`,
    `load of the machine ${loadavg()[0]!.toFixed(1)}`,
  ];
}
