/**
 * The campaign of the letter at full size, or at a part of it: what is found beside the truth, how soon, and what it
 * costs beside the least that any reader of the same bytes must do with the same threads in the same run.
 *
 * `npm run bench -- headline --scale 0.1 --threads 2`; with `--keep`, docs/scale.md is written with it. Full size needs
 * some 10 GB under ~/.cache/stillwatch.
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
import type { HeadlineRow } from './scale/headline.ts';
import { keepRow, machine, writePage } from './scale/kept.ts';

const { values } = parseArgs({
  options: { scale: { type: 'string' }, threads: { type: 'string' }, keep: { type: 'boolean' } },
});
const scale = positive('scale', values.scale ?? '1', 1);
const threads = Math.round(positive('threads', values.threads ?? String(Math.min(4, availableParallelism())), 64));

const out = mkdtempSync(join(tmpdir(), 'stillwatch-headline-'));
try {
  const { file, truth } = await headlineWorld(scale);
  const floor = await floorOf(file, threads);
  const options = { inputs: [file], out, sweepMs: DAY_MS, config: loadConfig(undefined), now: Date.now(), threads };
  const replayed = await runReplay({ ...options, onProgress: progress() });
  const { records } = replayed.summary;
  if (floor.lines < records) throw new Error(`the floor read ${floor.lines} lines of ${records}`);
  const findings = replayed.current.map(({ finding }) => finding);
  for (const line of comparison(findings, truth)) console.log(line);
  const row = rowOf(replayed, truth.campaigns[0]!, floor.seconds);
  if (row === undefined) console.log('not found');
  else for (const line of told(row)) console.log(line);
  console.log(`load of the machine ${loadavg()[0]!.toFixed(1)}`);
  if (values.keep && row !== undefined) {
    keepRow('headline', row);
    writePage();
  }
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

/** Of the finding with most of the campaign's accounts; undefined where none has any. */
function rowOf({ transitions, current, summary }: Replayed, campaign: CampaignTruth, floorSeconds: number) {
  const real = new Set(campaign.accounts);
  const held = members().filter(({ account }) => real.has(account));
  const sizes = Map.groupBy(held, ({ finding }) => finding);
  const [id] = [...sizes].sort((a, b) => b[1].length - a[1].length)[0] ?? [];
  const messages = transitions.filter(({ finding }) => finding.id === id);
  const opened = messages[0]?.finding.at;
  const found = messages.at(-1)?.finding;
  if (id === undefined || opened === undefined || found === undefined) return undefined;
  const claimed = members().filter(({ finding }) => finding === id);
  const certain = claimed.filter(({ confidence }) => confidence === 'certain');
  const right = (list: typeof claimed) => list.filter(({ account }) => real.has(account)).length;
  const share = (part: number, whole: number) => (whole === 0 ? 0 : part / whole);
  const leaked = Object.entries(campaign.perDay).reduce(
    (sum, [day, exchanges]) => (Date.parse(day) < Date.parse(opened) ? sum + exchanges : sum),
    0,
  );
  const latest = current.find(({ finding }) => finding.id === id)?.finding ?? found;
  const { accounts, records, sweeps, seconds, peakRssBytes } = summary;
  return {
    accounts,
    records,
    sweeps,
    found: { accounts: latest.accounts.certain, exchanges: latest.exchanges, ...latest.window },
    truth: { accounts: real.size, exchanges: campaign.exchanges, from: campaign.from!, to: campaign.to! },
    days: (Date.parse(opened) - Date.parse(campaign.from!)) / DAY_MS,
    leaked: share(leaked, campaign.exchanges),
    recallCertain: share(right(certain), real.size),
    recall: share(right(claimed), real.size),
    precisionCertain: share(right(certain), certain.length),
    campaigns: current.filter(({ finding }) => finding.kind === 'campaign').length,
    messages: messages.length,
    seconds,
    threads,
    peakMiB: Math.round(peakRssBytes / 2 ** 20),
    floorSeconds,
    on: machine(),
  } satisfies HeadlineRow;
}

function members(): { finding: string; account: string; confidence: string }[] {
  const lines = readFileSync(join(out, 'members.ndjson'), 'utf8').split('\n');
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line));
}

function told(row: HeadlineRow): string[] {
  const count = (value: number) => value.toLocaleString('en');
  return [
    `detected after ${row.days.toFixed(1)} days; ${row.leaked.toFixed(3)} of all exchanges leaked before`,
    `account recall certain ${row.recallCertain.toFixed(3)}, all ${row.recall.toFixed(3)}; precision certain ${row.precisionCertain.toFixed(3)}`,
    `${row.messages} messages on it, of at most 20`,
    `${count(row.records)} records, ${row.sweeps} sweeps, ${row.seconds.toFixed(1)} s, ${count(Math.round(row.records / row.seconds))} records/s on ${row.threads} threads, peak memory ${count(row.peakMiB)} MiB`,
    `floor (read, split, JSON.parse on ${row.threads} threads) ${row.floorSeconds.toFixed(1)} s: the replay takes ${(row.seconds / row.floorSeconds).toFixed(2)} times as long`,
  ];
}
