/** What a replay knows of its own watch, for reports: `watch.json` beside its findings. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PopulationDay } from '../../../core/aggregates/population.ts';
import type { Transition } from '../../../core/findings/transition.ts';
import type { JudgedBy } from '../../../core/judged-by.ts';
import type { Health } from '../../../core/messages/report-data.ts';
import { type IntakeTotals, NoSweepError, type WatchRecords } from '../../../core/messages/report-source.ts';
import { InputError } from '../input/input-error.ts';

/** Counts from the beginning up to one sweep. */
export interface SweepMark extends IntakeTotals, Pick<Health, 'accounts'> {
  /** RFC 3339. */
  at: string;
}

export interface WatchFile {
  schema: 'stillwatch.watch/1';
  deployment: string;
  sweepEveryMs: number;
  /** First exchange. RFC 3339. */
  from: string;
  sweeps: SweepMark[];
  /** Of every sweep: a replay is made by one program under one configuration. Absent in those of earlier versions. */
  judgedBy?: JudgedBy;
  population: PopulationDay[];
  releases: { time: string; model: string }[];
  /** Open findings as the last sweep saw them. */
  current: Transition[];
}

const FIELDS = ['records', 'usage', 'duplicates', 'quarantined', 'late'] as const;

export function watchOf(file: WatchFile): WatchRecords {
  const { deployment, sweepEveryMs, sweeps, population, releases, current } = file;
  const upTo = (ms: number) => sweeps.findLast(({ at }) => Date.parse(at) <= ms);
  return {
    deployment,
    sweepEveryMs,
    sweeps: async (since) => sweeps.map(({ at }) => at).filter((at) => Date.parse(at) > since),
    intake: async (from, to) => {
      const [before, after] = [upTo(from), upTo(to)];
      const counts = FIELDS.map((field) => [field, (after?.[field] ?? 0) - (before?.[field] ?? 0)]);
      return Object.fromEntries(counts) as unknown as IntakeTotals;
    },
    audit: async () => undefined,
    judgedBy: async () => file.judgedBy,
    totals: async (at) => {
      const last = upTo(at) ?? sweeps.at(-1);
      if (last === undefined) throw new NoSweepError('no sweep has run, so there is nothing to report on');
      return { population, releases, accounts: last.accounts };
    },
    current: async () => ({ at: sweeps.at(-1)?.at ?? '', transitions: current }),
  };
}

/** From the first exchange to the last sweep; undefined where none ran. */
export function spanOf({ from, sweeps }: Pick<WatchFile, 'from' | 'sweeps'>): { from: string; to: string } | undefined {
  const to = sweeps.at(-1)?.at;
  return to === undefined ? undefined : { from, to };
}

/** @throws InputError where the folder has none: it is of an earlier version, or no replay's */
export function readWatchFile(folder: string): WatchFile {
  try {
    return JSON.parse(readFileSync(join(folder, 'watch.json'), 'utf8')) as WatchFile;
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    throw new InputError(
      `--at ${folder}: watch.json ${code ? `cannot be read (${code})` : 'is damaged'}; replay writes it`,
    );
  }
}
