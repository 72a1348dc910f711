/** What people ask: system prompts, templates and output contracts that circulate, and how popular each of them is. */
import type { Flag, Task } from '../../core/records/schema.ts';
import { range, Weighted, weighted, zipf } from './choices.ts';
import { hex16, minter } from './fingerprint.ts';
import { mix, Random, type Seed, seedOf } from './random.ts';
import { freshBase } from './sketch.ts';

export interface Template {
  fingerprint: string;
  /** MinHash slots of its fixed words. */
  base: Uint8Array;
  /** Jaccard similarity of two prompts made from it, variable parts masked. */
  similarity: number;
  task: Task;
  topic: number;
  contract: string | undefined;
}

/** Kinds of work on a general platform, in relative shares. */
export const WORK: Readonly<Record<Task, number>> = {
  software_engineering: 24,
  conversation: 19,
  writing: 14,
  analysis: 12,
  tool_use: 8,
  agentic_reasoning: 6,
  translation: 5,
  vision: 4,
  data_generation: 2.5,
  long_horizon: 2,
  rubric_grading: 0.8,
  reasoning_trace: 0.7,
  other: 2,
};
const TASKS = Object.keys(WORK) as Task[];
const POPULAR_TASK = weighted<Task>(WORK);

/** Probability per exchange that a prompt carries the flag, by habit; most prompts carry none. */
export type FlagRates = readonly (readonly [Flag, number])[];

export const LANGUAGES = weighted({
  en: 62,
  es: 6,
  de: 5,
  fr: 5,
  pt: 4,
  ja: 4,
  zh: 4,
  hi: 3,
  ko: 2,
  it: 2,
  ru: 2,
  ar: 1,
});

export const TOPICS = 64;
const TOPIC_RANK = zipf(range(TOPICS), 0.8);
/** Templates that circulate in public: SDK examples, prompt collections, framework defaults. */
const PUBLIC_TEMPLATES = 1500;
const DEFAULT_SYSTEMS = 80;
const COMMON_CONTRACTS = 150;

export class Library {
  readonly systems: Weighted<string>;
  readonly templates: Weighted<Template>;
  private readonly contracts: Weighted<string>;
  private readonly seed: Seed;

  constructor(seed: string) {
    this.seed = seedOf(`${seed}/library`);
    const system = minter(seed, 'system');
    const contract = minter(seed, 'contract');
    this.systems = zipf(
      range(DEFAULT_SYSTEMS).map((i) => system(i)),
      1.3,
    );
    this.contracts = zipf(
      range(COMMON_CONTRACTS).map((i) => contract(i)),
      1.1,
    );
    this.templates = zipf(
      range(PUBLIC_TEMPLATES).map((i) => this.template(i, 1, POPULAR_TASK.pick(this.random(i, 2)))),
      0.9,
    );
  }

  /** The template that `key` and `index` name; asked twice, it is the same. Contract: common, own or none. */
  template(key: number, index: number, task: Task): Template {
    const random = this.random(key, index + 16);
    const fingerprint = hex16(random.bits(), random.bits());
    const base = freshBase(random);
    const similarity = random.between(0.35, 0.92);
    return { fingerprint, base, similarity, task, topic: topicOf(task, random), contract: this.contract(random) };
  }

  private contract(random: Random): string | undefined {
    const u = random.next();
    if (u < 0.35) return undefined;
    return u < 0.7 ? this.contracts.pick(random) : hex16(random.bits(), random.bits());
  }

  private random(key: number, sub: number): Random {
    return new Random(this.seed, key, sub);
  }
}

/** Subjects differ by the kind of work: each has its own order of popularity. */
export function topicOf(task: Task, random: Random): number {
  return (TOPIC_RANK.pick(random) * 37 + mix(TASKS.indexOf(task) + 1)) % TOPICS;
}

/** One account's kinds of work: a Dirichlet draw around `shares`; the smaller `spread`, the more one-sided. */
export function workOf(random: Random, spread: number, shares: Partial<Record<Task, number>> = WORK): Weighted<Task> {
  const tasks = shares === WORK ? TASKS : TASKS.filter((task) => (shares[task] ?? 0) > 0);
  return new Weighted(
    tasks,
    tasks.map((task) => random.gamma(((shares[task] as number) * spread) / 10, 1) + 1e-9),
  );
}
