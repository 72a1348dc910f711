/** `demo`: a small platform with one quiet campaign in it, simulated, replayed, and held against the truth. */
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Finding } from '../../core/findings/finding.ts';
import { alertText } from '../../core/messages/alert-text.ts';
import { envelope } from '../../core/messages/envelope.ts';
import { messageSettings } from '../../core/messages/settings.ts';
import { InputError } from '../adapters/input/input-error.ts';
import { loadConfig } from '../config.ts';
import { type Replayed, runReplay } from '../replay/run.ts';
import type { CampaignTruth, WorldTruth } from '../simulate/truth.ts';
import { programVersion } from '../version.ts';
import { progressBar } from './replay.ts';
import { runSimulate } from './simulate.ts';

const SWEEP_MS = 86_400_000;

export async function demoCommand({ out, seed }: { out: string; seed: string }): Promise<void> {
  const world = join(out, 'world.ndjson');
  makeFolder(out);
  console.log('Simulating a small platform with one quiet campaign in it ...');
  const simulated = await runSimulate('demo', world, { seed });
  console.log(`  ${simulated.records.toLocaleString('en-US')} records in ${simulated.seconds.toFixed(1)} s: ${world}`);
  console.log('Replaying it, one sweep a day ...');
  const truth = JSON.parse(readFileSync(simulated.truth, 'utf8')) as WorldTruth;
  const replayed = await replay(world, out);
  for (const line of results(replayed, truth, out)) console.log(line);
}

function makeFolder(out: string): void {
  try {
    mkdirSync(out, { recursive: true });
  } catch (error) {
    throw new InputError(`--out ${out}: cannot be made (${(error as NodeJS.ErrnoException).code})`);
  }
}

async function replay(world: string, out: string): Promise<Replayed> {
  const bar = progressBar();
  try {
    const config = loadConfig(undefined);
    return await runReplay({
      inputs: [world],
      out,
      sweepMs: SWEEP_MS,
      config,
      now: Date.now(),
      onProgress: bar.update,
    });
  } finally {
    bar.stop();
  }
}

function results({ summary, transitions, current }: Replayed, truth: WorldTruth, out: string): string[] {
  const { usage, accounts, sweeps, seconds, recordsPerSecond } = summary;
  const settings = loadConfig(undefined).settings;
  const messages = messageSettings(settings, programVersion());
  const opened = transitions.filter(
    ({ finding, context }) => finding.kind === 'campaign' && context.message === 'opened',
  );
  return [
    `  ${count(usage)} exchanges of ${count(accounts)} accounts, ${sweeps} sweeps, ${seconds.toFixed(1)} s (${count(recordsPerSecond)} records/s)`,
    ...opened.flatMap((transition) => ['', alertText(envelope(transition, messages))]),
    '',
    ...comparison(
      current.map(({ finding }) => finding),
      truth,
    ),
    '',
    `Report  ${join(out, 'report.html')}`,
    `Alerts  ${join(out, 'outbox')}`,
    `Ask     STILLWATCH_AT=${out} npm run -s stillwatch -- list`,
  ];
}

/** The four figures of the last sweep beside what the simulator knows. */
export function comparison(findings: readonly Finding[], truth: WorldTruth): string[] {
  const latest = new Map(findings.filter(({ kind }) => kind === 'campaign').map((finding) => [finding.id, finding]));
  const lines = [`campaigns: ${latest.size} found, ${truth.campaigns.length} in the world`];
  const found = [...latest.values()][0];
  const real = truth.campaigns[0];
  if (found === undefined || real === undefined) return lines;
  const row = (name: string, ours: string, theirs: string) => `  ${name.padEnd(14)}${ours.padEnd(72)}${theirs}`;
  return [
    ...lines,
    row('', `found (${found.id}, ${found.at.slice(0, 10)})`, 'in truth'),
    row(
      'accounts',
      `${count(found.accounts.certain)} certain, ${count(found.accounts.probable)} probable`,
      count(real.accounts.length),
    ),
    row('exchanges', count(found.exchanges), count(real.exchanges)),
    row(
      'window',
      `${minute(found.window.from)} to ${minute(found.window.to)}`,
      `${minute(real.from)} to ${minute(real.to)}`,
    ),
    row('capabilities', shares(found.capabilities, found.exchanges), shares(realCapabilities(real), real.exchanges)),
  ];
}

function realCapabilities({ capabilities }: CampaignTruth) {
  const pairs = Object.entries(capabilities).sort((a, b) => b[1] - a[1]);
  return pairs.map(([task, exchanges]) => ({ task, exchanges }));
}

/** The three largest, with their shares. */
function shares(capabilities: readonly { task: string; exchanges: number }[], all: number): string {
  const named = capabilities
    .slice(0, 3)
    .map(({ task, exchanges }) => `${task} ${Math.round((100 * exchanges) / all)}%`);
  return named.join(', ');
}

const count = (value: number) => value.toLocaleString('en-US');
const minute = (time: string | undefined) => (time ?? '').slice(0, 16).replace('T', ' ');
