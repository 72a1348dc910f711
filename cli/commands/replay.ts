/** `replay`: usage records in, findings, alerts and a report out. */
import { availableParallelism } from 'node:os';
import cliProgress from 'cli-progress';
import { alertTitle } from '../../core/messages/title.ts';
import { InputError } from '../adapters/input/input-error.ts';
import { loadConfig, parseDuration } from '../config.ts';
import { counted } from '../counted.ts';
import { type Progress, type Replayed, runReplay } from '../replay/run.ts';
import type { SweepJournal } from '../replay/sweep-journal.ts';

export interface ReplayArguments {
  out: string;
  sweep: string;
  config?: string;
  format?: string;
  json?: boolean;
  threads?: string;
  resume?: boolean;
}

export async function replayCommand(inputs: string[], args: ReplayArguments): Promise<void> {
  const config = loadConfig(args.config);
  const sweepMs = parseDuration(args.sweep, '--sweep');
  const threads = threadsOf(args.threads);
  const bar = progressBar();
  let replayed: Replayed;
  try {
    const onProgress = bar.update;
    replayed = await runReplay({
      inputs,
      out: args.out,
      sweepMs,
      config,
      format: args.format,
      now: Date.now(),
      threads,
      resume: args.resume ?? false,
      onJournal: sayHowToGoOn,
      onProgress,
    });
  } finally {
    bar.stop();
  }
  const { summary } = replayed;
  console.log(args.json ? JSON.stringify(summary) : resultLines(replayed, args.out).join('\n'));
}

/** Where the process ends before the replay does: by a signal or a failure. */
function sayHowToGoOn(journal: SweepJournal): void {
  process.once('exit', () => {
    if (journal.sweeps === 0) return;
    const kept = `${journal.sweeps} ${journal.sweeps === 1 ? 'sweep is' : 'sweeps are'} kept`;
    process.stderr.write(`stillwatch: ${kept}; the same command with --resume goes on after them\n`);
  });
}

/** More find nothing to do: the folding is done on one. */
const MOST_THREADS = 4;

/** @throws InputError where the text is no number of threads */
function threadsOf(text: string | undefined): number {
  if (text === undefined) return Math.min(availableParallelism(), MOST_THREADS);
  const threads = Number(text);
  if (Number.isInteger(threads) && threads >= 1 && threads <= 64) return threads;
  throw new InputError(`--threads ${text}: not a whole number from 1 to 64`);
}

/** A bar on standard error, and nothing where that is no terminal. */
export function progressBar(): { update: (progress: Progress) => void; stop: () => void } {
  if (!process.stderr.isTTY) return { update: () => {}, stop: () => {} };
  const bar = new cliProgress.SingleBar({
    format: '{bar} {percentage}%  {records} records  {rate}/s  to {at}  {eta_formatted} left',
    stream: process.stderr,
    hideCursor: true,
    clearOnComplete: true,
    etaBuffer: 50,
  });
  let started = false;
  const from = performance.now();
  const update = ({ bytes, totalBytes, records, at }: Progress) => {
    const rate = Math.round((1000 * records) / (performance.now() - from));
    const shown = {
      records: records.toLocaleString('en-US'),
      rate: rate.toLocaleString('en-US'),
      at: at.slice(0, 16),
    };
    if (!started) bar.start(totalBytes ?? 0, 0, shown);
    started = true;
    if (totalBytes === undefined) bar.setTotal(bytes * 2);
    bar.update(bytes, shown);
  };
  return { update, stop: () => bar.stop() };
}

function resultLines({ summary, transitions }: Replayed, out: string): string[] {
  const { findings, usage, accounts, quarantined, duplicates, sweeps, seconds } = summary;
  const count = (value: number) => value.toLocaleString('en-US');
  return [
    `${count(usage)} exchanges of ${count(accounts)} accounts, ${counted(sweeps, 'sweep')}, ${seconds.toFixed(1)} s` +
      ` (${count(duplicates)} duplicates, ${count(quarantined)} quarantined)`,
    `${counted(findings.opened, 'finding')} opened, ${counted(findings.updated, 'update')}, ${findings.cleared} cleared`,
    ...transitions
      .filter(({ context }) => context.message === 'opened')
      .map((transition) => `  ${alertTitle(transition)}`),
    `Report ${out}/report.html, alerts and mail ${out}/outbox/`,
  ];
}
