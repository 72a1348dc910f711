/** The four figures of a finding as they were recorded, beside the same counted again from the records. */
import type { Finding } from '../findings/finding.ts';
import { type Counts, type ExchangeTally, labelled } from './exchange-tally.ts';

export const FIGURES = ['accounts', 'exchanges', 'window', 'capabilities'] as const;
export type FigureName = (typeof FIGURES)[number];

/** Exchanges and tasks of the whole platform over the days that the sweep remembered, for the lift. */
export interface PopulationTasks {
  exchanges: number;
  tasks: ReadonlyMap<string, number>;
}

export interface RecountRow {
  figure: FigureName;
  recorded: string;
  recounted: string;
  /** Low end of the range: certain members only. */
  certainOnly: string;
  /** `not_stated`: the finding says nothing of this figure, so there is nothing to hold a count against. */
  result: 'equal' | 'differs' | 'not_stated';
}

const exact = (value: number) => value.toLocaleString('en-US');

export function recountRows(
  finding: Finding,
  tally: Pick<ExchangeTally, 'all' | 'onlyCertain'>,
  population?: PopulationTasks,
): RecountRow[] {
  const { all, onlyCertain } = tally;
  return [
    accounts(finding, all, onlyCertain),
    exchanges(finding, all, onlyCertain),
    windows(finding, all, onlyCertain),
    capabilities(finding, all, onlyCertain, population),
  ];
}

/** Certain and probable are held against their counts apart; the row names both where they differ. */
function accounts({ accounts: { certain, probable } }: Finding, all: Counts, low: Counts): RecountRow {
  const equal = certain + probable === all.accounts && certain === low.accounts;
  return {
    figure: 'accounts',
    recorded: equal ? exact(certain + probable) : `${exact(certain + probable)} (${exact(certain)} certain)`,
    recounted: equal ? exact(all.accounts) : `${exact(all.accounts)} (${exact(low.accounts)} certain)`,
    certainOnly: exact(low.accounts),
    result: equal ? 'equal' : 'differs',
  };
}

function exchanges(finding: Finding, all: Counts, low: Counts): RecountRow {
  const sameOutput = finding.outputTokens === all.outputTokens;
  const equal = finding.exchanges === all.exchanges && sameOutput;
  const write = (count: number, tokens: number) =>
    sameOutput ? exact(count) : `${exact(count)} (${exact(tokens)} output tokens)`;
  return {
    figure: 'exchanges',
    recorded: write(finding.exchanges, finding.outputTokens),
    recounted: write(all.exchanges, all.outputTokens),
    certainOnly: exact(low.exchanges),
    result: equal ? 'equal' : 'differs',
  };
}

function windows(finding: Finding, all: Counts, low: Counts): RecountRow {
  const equal = finding.window.from === all.window.from && finding.window.to === all.window.to;
  return {
    figure: 'window',
    recorded: writeWindow(finding.window),
    recounted: writeWindow(all.window),
    certainOnly: writeWindow(low.window),
    result: equal ? 'equal' : 'differs',
  };
}

function writeWindow({ from, to }: { from: string; to: string }): string {
  return from === '' ? 'none' : `${from} to ${to}`;
}

function capabilities(finding: Finding, all: Counts, low: Counts, population?: PopulationTasks): RecountRow {
  const recorded = finding.capabilities.map(({ task, exchanges: count, share, lift }) => ({
    task,
    count,
    share,
    lift,
  }));
  const recounted = labelled(all.tasks).map(([task, count]) => ({
    task,
    count,
    ...measured(task, count, all, population),
  }));
  const key = ({ task, count, share, lift }: Task) => [task, count, share, population ? lift : ''].join(' ');
  const set = (tasks: readonly Task[]) => tasks.map(key).sort().join('\n');
  const equal = set(recorded) === set(recounted);
  return {
    figure: 'capabilities',
    recorded: writeTasks(recorded, population !== undefined),
    recounted: writeTasks(recounted, population !== undefined),
    certainOnly: writeTasks(
      labelled(low.tasks).map(([task, count]) => ({ task, count, ...measured(task, count, low, population) })),
      population !== undefined,
    ),
    // A sweep that cannot tell which days a task belongs to states no capability, and says so by an empty list.
    result: recorded.length === 0 && recounted.length > 0 ? 'not_stated' : equal ? 'equal' : 'differs',
  };
}

interface Task {
  task: string;
  count: number;
  share: number;
  lift: number;
}

/** Share of all exchanges, those without a task among them; lift over the platform's share. Four significant figures. */
function measured(task: string, count: number, { exchanges: all }: Counts, population?: PopulationTasks) {
  const share = all === 0 ? 0 : count / all;
  const usual = population ? (population.tasks.get(task) ?? 0) / Math.max(1, population.exchanges) : 0;
  return { share: four(share), lift: usual === 0 ? 0 : four(share / usual) };
}

export function four(value: number): number {
  return value === 0 ? 0 : Number(value.toPrecision(4));
}

function writeTasks(tasks: readonly Task[], withLift: boolean): string {
  if (tasks.length === 0) return 'none';
  return tasks.map(({ task, count, lift }) => `${task} ${exact(count)}${withLift ? ` (${lift}x)` : ''}`).join(', ');
}
