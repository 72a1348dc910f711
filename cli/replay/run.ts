/** One replay from inputs to a folder: what `replay` and the demo both are. */

import { ExchangeRows } from '../../core/aggregates/exchange-rows.ts';
import { findingsOf } from '../../core/cases/book.ts';
import type { CaseEntry } from '../../core/cases/entry.ts';
import { DETECTORS } from '../../core/detectors/index.ts';
import type { Transition } from '../../core/findings/transition.ts';
import { judgedBy } from '../../core/judged-by.ts';
import { messageSettings } from '../../core/messages/settings.ts';
import { isoTime } from '../../core/records/time.ts';
import { diskIdArchive } from '../adapters/id-archive.ts';
import { readByTime } from '../adapters/input/by-time.ts';
import { openInputs } from '../adapters/input/open.ts';
import { ReadThreads } from '../adapters/input/read-threads.ts';
import { sourceOf } from '../adapters/input/source.ts';
import { parseFormat } from '../adapters/input/values.ts';
import { messageFiles } from '../adapters/outbox.ts';
import { contextLine, type DeskFile, moveLines } from '../adapters/place/folder.ts';
import { FolderCases } from '../adapters/place/folder-cases.ts';
import { FolderDossiers } from '../adapters/place/folder-dossiers.ts';
import type { SweepMark, WatchFile } from '../adapters/place/folder-watch.ts';
import { originOf } from '../adapters/place/origin.ts';
import type { ReplayConfig } from '../config.ts';
import { programVersion } from '../version.ts';
import { ReplayFolder } from './output.ts';
import { Replayer, spanOf } from './replayer.ts';
import { reportsOf } from './reports.ts';
import { SweepJournal } from './sweep-journal.ts';
import { SweepThreads } from './sweep-threads.ts';
import { ReplayTeller } from './telling.ts';

export interface ReplayOptions {
  inputs: string[];
  out: string;
  sweepMs: number;
  config: ReplayConfig;
  format?: string | undefined;
  /** The clock by which a record is from the future, ms since 1970. */
  now: number;
  /** Threads that read and fold, this one among them; from 2 on, sweeps have two more. 1 where absent. */
  threads?: number;
  /** Go on after the sweeps that an interrupted replay into the same folder has made. */
  resume?: boolean;
  /** Told before anything is read: its sweeps are kept until the replay is whole. */
  onJournal?: (journal: SweepJournal) => void;
  onProgress?: (progress: Progress) => void;
  /** Told before each sweep, once all that stands before it is folded. */
  onDue?: () => void;
}

export interface Progress {
  /** Bytes as stored; `totalBytes` is undefined where an input is a pipe. */
  bytes: number;
  totalBytes: number | undefined;
  records: number;
  /** Event time reached, RFC 3339. */
  at: string;
}

export interface Summary {
  records: number;
  usage: number;
  accounts: number;
  duplicates: number;
  quarantined: number;
  late: number;
  sweeps: number;
  findings: { opened: number; updated: number; cleared: number };
  from: string | null;
  to: string | null;
  seconds: number;
  recordsPerSecond: number;
  peakRssBytes: number;
}

export interface Replayed {
  summary: Summary;
  transitions: Transition[];
  /** Open findings as the last sweep saw them. */
  current: Transition[];
}

/** @throws InputError where the call or an input is wrong; then the folder is as it was */
export async function runReplay(options: ReplayOptions): Promise<Replayed> {
  const started = performance.now();
  const format = options.format === undefined ? undefined : parseFormat(options.format);
  const inputs = await openInputs(options.inputs);
  const journal = options.resume
    ? SweepJournal.resume(options.out, { ...options, inputs })
    : SweepJournal.begin(options.out, { ...options, inputs }, options.now);
  const { now } = journal;
  options.onJournal?.(journal);
  const log = await new FolderCases(options.out).read();
  const folder = new ReplayFolder(options.out);
  const archive = diskIdArchive();
  const { settings } = options.config;
  const source = sourceOf(options.config);
  const threads = new ReadThreads((options.threads ?? 1) - 1);
  const sweepThreads = new SweepThreads();
  try {
    const messages = messageSettings(settings, programVersion());
    const teller = new ReplayTeller(log, settings, messages);
    const counts = { records: 0, quarantined: 0 };
    const sweeps: SweepMark[] = [];
    const replayer = new Replayer({
      settings,
      sweepMs: options.sweepMs,
      now,
      archive,
      journal,
      sweepAside: (options.threads ?? 1) < 2 ? undefined : (data) => sweepThreads.begin(data),
      onDue: (at) => {
        sweeps.push({ at: isoTime(at), ...counts, ...replayer.counts });
        options.onDue?.();
      },
      onSweep: ({ at }, transitions, tracked) => teller.sweep(at, transitions, tracked),
    });
    for await (const batch of readByTime(inputs, { source, format, intake: replayer.intake, threads }, now)) {
      takeBatch(batch, replayer, folder, counts);
      replayer.advance(batch.watermark);
      await replayer.keepUp();
      options.onProgress?.(progressOf(inputs, counts.records, batch.watermark));
    }
    await replayer.finishAside();
    const summary = summarise(replayer, counts, (performance.now() - started) / 1000);
    writeTellings(folder, replayer, teller);
    writeResults(folder, replayer, summary, options);
    await writeReports(folder, replayer, sweeps, { ...options, log, told: teller.told });
    folder.commit();
    journal.remove();
    return { summary, transitions: replayer.transitions, current: replayer.current };
  } finally {
    await Promise.all([threads.close(), sweepThreads.close()]);
    folder.discard();
    archive.remove();
  }
}

type Batch = Awaited<ReturnType<ReturnType<typeof readByTime>['next']>>['value'];

function takeBatch(
  batch: Batch,
  replayer: Replayer,
  folder: ReplayFolder,
  counts: { records: number; quarantined: number },
) {
  const { input, records, rejections, watermark, exchanges = NO_EXCHANGES } = batch;
  for (const { line, path, reason } of rejections) folder.reject({ input, line, path, reason });
  counts.quarantined += rejections.length;
  counts.records += rejections.length + records.length + exchanges.count;
  replayer.expect(exchanges, watermark);
  for (const record of records) if (record.type !== 'usage') replayer.addFact(record);
  for (let i = 0; i < exchanges.count; i++) {
    const reason = replayer.addExchange(exchanges, i);
    if (reason === undefined) continue;
    counts.quarantined++;
    folder.reject({ input, line: exchanges.lineOf(i), path: 'time', reason });
  }
}

const NO_EXCHANGES = new ExchangeRows();

function progressOf(inputs: Awaited<ReturnType<typeof openInputs>>, records: number, watermark: number): Progress {
  const totals = inputs.map(({ progress }) => progress.total);
  return {
    bytes: inputs.reduce((sum, { progress }) => sum + progress.read, 0),
    totalBytes: totals.some((total) => total === undefined)
      ? undefined
      : totals.reduce<number>((sum, total) => sum + total!, 0),
    records,
    at: Number.isFinite(watermark) ? isoTime(watermark) : '',
  };
}

function summarise(replayer: Replayer, counts: { records: number; quarantined: number }, seconds: number): Summary {
  const { usage, accounts, duplicates, late } = replayer.counts;
  const span = spanOf(replayer.span);
  const states = replayer.transitions.map(({ finding }) => finding.state);
  const inState = (state: string) => states.filter((other) => other === state).length;
  return {
    records: counts.records,
    usage,
    accounts,
    duplicates,
    quarantined: counts.quarantined,
    late,
    sweeps: replayer.sweeps,
    findings: { opened: inState('opened'), updated: inState('updated'), cleared: inState('cleared') },
    from: span?.from ?? null,
    to: span?.to ?? null,
    seconds: Number(seconds.toFixed(3)),
    recordsPerSecond: Math.round(counts.records / seconds),
    peakRssBytes: process.resourceUsage().maxRSS * 1024,
  };
}

function writeResults(folder: ReplayFolder, replayer: Replayer, summary: Summary, options: ReplayOptions): void {
  const members = replayer.tracked.flatMap((tracked) => tracked.members);
  folder.lines(
    'findings.ndjson',
    replayer.transitions.map(({ finding }) => finding),
  );
  folder.lines('contexts.ndjson', replayer.transitions.map(contextLine));
  folder.lines('members.ndjson', members);
  folder.lines('moves.ndjson', replayer.tracked.flatMap(moveLines));
  folder.write('origin.json', originOf(options));
  folder.write('summary.json', `${JSON.stringify(summary, null, 2)}\n`);
}

/** `watch.json`, the page, and the digests and reports of its days and weeks. */
async function writeReports(
  folder: ReplayFolder,
  replayer: Replayer,
  sweeps: SweepMark[],
  { config, sweepMs, out, log, told }: ReplayOptions & { log: CaseEntry[]; told: ReplayTeller['told'] },
): Promise<void> {
  const { settings } = config;
  const { transitions, current, population, releases } = replayer;
  const file: WatchFile = {
    schema: 'stillwatch.watch/1',
    deployment: settings.deployment,
    sweepEveryMs: sweepMs,
    from: spanOf(replayer.span)?.from ?? '',
    sweeps,
    judgedBy: judgedBy(settings, programVersion(), DETECTORS),
    population,
    releases,
    current,
  };
  folder.write('watch.json', `${JSON.stringify(file)}\n`);
  const messages = told.map(({ at, message }) => ({ at, message, deliveries: [] }));
  const place = {
    transitions: async () => transitions,
    messages: async () => messages,
    cases: { read: async () => log },
    dossiers: new FolderDossiers(out),
    desk: async () => ({ findings: findingsOf(replayer.tracked) }),
  };
  for (const { name, content } of await reportsOf(file, place)) folder.write(name, content);
}

/** The outbox, and the cases as the last sweep left them. */
function writeTellings(folder: ReplayFolder, replayer: Replayer, { told, book }: ReplayTeller): void {
  for (const { at, message, unpaged } of told)
    for (const { name, content } of messageFiles(message, at, unpaged)) folder.write(`outbox/${name}`, content);
  const seen = replayer.tracked.flatMap((tracked) => (tracked.seen ? [[tracked.finding.id, tracked.seen]] : []));
  const desk: DeskFile = { book, seen: Object.fromEntries(seen) };
  folder.write('desk.json', `${JSON.stringify(desk)}\n`);
  folder.write('known.bin', new Uint8Array(replayer.known().buffer));
}
