/** What accounts ask for: tasks, topics, sizes, parameters, marks, as counts per account. */
import { COUNTER, DISTINCT, type DistinctKind, distinct, eachValue, HISTOGRAM } from '../aggregates/account-day.ts';
import type { AccountProfile } from '../aggregates/account-profile.ts';
import { FLAGS, TASKS } from '../records/format.ts';
import { type SparseRows, SparseRowsBuilder } from './columns.ts';

/** Bins of `shape`, side by side: where each part begins and how many bins it has. */
export const SHAPE = {
  topics: { at: 0, bins: 64 },
  tasks: { at: 64, bins: TASKS.length },
  grid: { at: 64 + TASKS.length, bins: 64 },
  params: { at: 128 + TASKS.length, bins: 32 },
  flags: { at: 160 + TASKS.length, bins: FLAGS.length },
  /** Output contracts, folded. */
  contracts: { at: 160 + TASKS.length + FLAGS.length, bins: 64 },
} as const;
export const SHAPE_BINS = 224 + TASKS.length + FLAGS.length;

/** Places in an account-day's counters and bins. */
const flagAt = (name: (typeof FLAGS)[number]) => COUNTER.flags + FLAGS.indexOf(name);
const ELICITING = (['cot_elicitation', 'reasoning_translation', 'format_forced', 'refusal_probe'] as const).map(flagAt);
const RUBRIC_FLAG = flagAt('rubric');
const TASK_AT = HISTOGRAM.tasks.at;
const REASONING_TASK = TASKS.indexOf('reasoning_trace');
const RUBRIC_TASK = TASKS.indexOf('rubric_grading');
const HISTOGRAM_PARTS = ['topics', 'tasks', 'grid', 'params'] as const;
const DISTINCT_KINDS = Object.keys(DISTINCT) as DistinctKind[];

export class Work {
  /** Exchanges that ask for written-out reasoning, at most all. */
  readonly elicited: Uint32Array;
  /** Exchanges marked as grading by a rubric. */
  readonly rubric: Uint32Array;
  /** Exchanges of at least 1,024 input and under 64 output tokens. */
  readonly longInShortOut: Uint32Array;
  /** Refused or blocked. */
  readonly declined: Uint32Array;
  readonly throttled: Uint32Array;
  /** Exchanges with a topic. */
  readonly withTopic: Uint32Array;
  /** Exchanges with a task. */
  readonly labelled: Uint32Array;
  /** Languages of prompts, at most six are counted. */
  readonly languages: Uint8Array;
  /** Distinct values by HyperLogLog. */
  readonly distinct: Readonly<Record<DistinctKind, Float32Array>>;
  /** Share of each task in all labelled exchanges. */
  taskMix: number[] = [];
  /** Whether anybody's prompts are marked at all: where nobody's are, the platform does not mark them. */
  marksElicitation = false;
  marksRubrics = false;
  private builder: SparseRowsBuilder | undefined;
  private rows: SparseRows | undefined;

  constructor(size: number) {
    const column = () => new Uint32Array(size);
    this.elicited = column();
    this.rubric = column();
    this.longInShortOut = column();
    this.declined = column();
    this.throttled = column();
    this.withTopic = column();
    this.labelled = column();
    this.languages = new Uint8Array(size);
    const counts = DISTINCT_KINDS.map((kind) => [kind, new Float32Array(size)]);
    this.distinct = Object.fromEntries(counts) as Record<DistinctKind, Float32Array>;
    this.builder = new SparseRowsBuilder(size, SHAPE_BINS);
  }

  /** Counts per bin of `SHAPE`, a row per account. */
  get shape(): SparseRows {
    return this.rows!;
  }

  /** The tasks that accounts [from, to) asked for, account by account, ascending by their place in `TASKS`. */
  eachTask(from: number, to: number, call: (task: number, count: number) => void): void {
    const { bins } = this.shape;
    const { starts, lengths } = this.shape.part(SHAPE.tasks);
    for (let account = from; account < to; account++) {
      const start = starts[account]!;
      const end = start + lengths[account]!;
      for (let at = start; at < end; at++) call(bins[at]! - SHAPE.tasks.at, this.shape.count(at));
    }
  }

  /** Profiles come in the order of their numbers. */
  read(i: number, profile: AccountProfile): void {
    const { total } = profile;
    const { counters, bins } = total;
    let elicited = bins[TASK_AT + REASONING_TASK]!;
    for (const at of ELICITING) elicited = Math.max(elicited, counters[at]!);
    this.elicited[i] = elicited;
    this.rubric[i] = Math.max(counters[RUBRIC_FLAG]!, bins[TASK_AT + RUBRIC_TASK]!);
    this.longInShortOut[i] = longInShortOut(bins, HISTOGRAM.grid.at);
    this.declined[i] = counters[COUNTER.refused]! + counters[COUNTER.blocked]!;
    this.throttled[i] = counters[COUNTER.throttled]!;
    this.withTopic[i] = sumOf(bins, HISTOGRAM.topics.at, HISTOGRAM.topics.bins);
    this.labelled[i] = sumOf(bins, TASK_AT, TASKS.length);
    let languages = 0;
    eachValue(total, 'language', () => languages++);
    this.languages[i] = languages;
    for (const kind of DISTINCT_KINDS) this.distinct[kind][i] = distinct(total, kind);
    this.readShape(profile);
  }

  finish(): void {
    this.rows = this.builder!.take();
    this.builder = undefined;
    const mix = new Array<number>(TASKS.length).fill(0);
    this.eachTask(0, this.labelled.length, (task, count) => {
      mix[task]! += count;
    });
    const all = mix.reduce((sum, count) => sum + count, 0);
    this.taskMix = all === 0 ? mix : mix.map((count) => count / all);
    this.marksElicitation = this.elicited.some((marked) => marked > 0);
    this.marksRubrics = this.rubric.some((marked) => marked > 0);
  }

  private readShape({ total }: AccountProfile): void {
    const builder = this.builder!;
    for (const part of HISTOGRAM_PARTS) {
      const { at, bins } = HISTOGRAM[part];
      builder.addAll(total.bins, at, bins, SHAPE[part].at);
    }
    for (let flag = 0; flag < FLAGS.length; flag++) {
      const count = total.counters[COUNTER.flags + flag]!;
      if (count > 0) builder.add(SHAPE.flags.at + flag, count);
    }
    eachValue(total, 'contract', (key, count) => {
      builder.add(SHAPE.contracts.at + (key % SHAPE.contracts.bins), count);
    });
    builder.endRow();
  }
}

/** The grid has 8 columns of output per row of input; input from 1,024 on are rows 3 to 7, output under 64 columns 0 and 1. */
function longInShortOut(bins: Uint32Array, at: number): number {
  let count = 0;
  for (let row = 3; row < 8; row++) count += bins[at + 8 * row]! + bins[at + 8 * row + 1]!;
  return count;
}

function sumOf(counts: Uint32Array, from: number, length: number): number {
  let sum = 0;
  for (let i = from; i < from + length; i++) sum += counts[i]!;
  return sum;
}
