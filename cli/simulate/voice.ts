/** What one person or program asks about, conversation by conversation. */
import type { Task, UsageRecord } from '../../core/records/schema.ts';
import { Weighted, zipf } from './choices.ts';
import { type FlagRates, LANGUAGES, type Library, type Template, topicOf, workOf } from './library.ts';
import { traceOf } from './marginals.ts';
import type { Random } from './random.ts';
import { fromTrace, type Sizes } from './sizes.ts';

export type Params = NonNullable<UsageRecord['params']>;

/** What all exchanges of one conversation have in common. */
export interface Subject {
  task: Task;
  topic: number;
  language: string;
  system: string | undefined;
  /** None: written by hand, every prompt a new one. */
  template: Template | undefined;
  /** Replaces the template's. */
  contract: string | undefined;
  flags: FlagRates;
  params: Params;
  sizes: Sizes;
  inputZ: number;
  outputZ: number;
  /** Traffic of somebody else's that a campaign mixes in. */
  cover?: boolean;
  /** A gateway on the way has removed the conversation's name. */
  stripped?: boolean;
}

export interface Voice {
  open(random: Random, instant: number): Subject;
}

/** People differ from each other less than from themselves; programs send much the same all day. */
const LIKENESS = { person: 0.5, program: 0.85 } as const;
const sizesCache = new Map<string, Sizes>();

export function sizesFor(task: Task, program: boolean): Sizes {
  const key = `${task}${program}`;
  const known = sizesCache.get(key);
  if (known) return known;
  const made = fromTrace(traceOf(task), program ? LIKENESS.program : LIKENESS.person);
  sizesCache.set(key, made);
  return made;
}

const MAX_TOKENS = new Weighted([undefined, 1024, 2048, 4096, 8192, 512, 16384], [30, 15, 12, 22, 11, 5, 5]);
const TEMPERATURES = new Weighted([undefined, 0, 0.2, 0.7, 1, 0.5, 0.3], [40, 18, 8, 14, 12, 4, 4]);

export function paramsOf(random: Random, program: boolean): Params {
  const params: Params = {
    tools: random.chance(0.3) ? 1 + random.int(12) : 0,
    stream: random.chance(program ? 0.2 : 0.8),
  };
  const maxTokens = MAX_TOKENS.pick(random);
  const temperature = TEMPERATURES.pick(random);
  if (maxTokens !== undefined) params.maxTokens = maxTokens;
  if (temperature !== undefined) params.temperature = temperature;
  return params;
}

/** Most accounts use a flagged technique hardly ever, a few use one as a habit. */
export function flagsOf(random: Random, program: boolean): FlagRates {
  const habit = (everybody: number, few: number, much: number) =>
    random.chance(few) ? random.next() * much : everybody;
  return [
    ['cot_elicitation', habit(0.015, 0.03, 0.6)],
    ['format_forced', habit(0.03, program ? 0.3 : 0.05, 0.9)],
    ['rubric', habit(0.004, 0.01, 0.6)],
    ['reasoning_translation', habit(0.001, 0.001, 0.2)],
    ['refusal_probe', habit(0.003, 0.003, 0.3)],
    ['logprobs', habit(0.002, program ? 0.04 : 0.005, 0.9)],
  ];
}

/** Somebody with a few favourite kinds of work, partly by hand and partly by templates. */
export class PersonalVoice implements Voice {
  private readonly work;
  private readonly language: string;
  private readonly params: Params;
  private readonly flags: FlagRates;
  private readonly z: readonly [number, number];
  /** Share of conversations written by hand, then of those from public templates among the rest. */
  private readonly handwritten: number;
  private readonly borrowed: number;

  private readonly library: Library;
  private readonly system: string | undefined;
  private readonly own: Weighted<Template> | undefined;
  private readonly program: boolean;

  constructor(
    random: Random,
    library: Library,
    system: string | undefined,
    own: Weighted<Template> | undefined,
    program: boolean,
  ) {
    this.library = library;
    this.system = system;
    this.own = own;
    this.program = program;
    this.work = workOf(random, program ? 0.6 : 1.5);
    this.language = LANGUAGES.pick(random);
    this.params = paramsOf(random, program);
    this.flags = flagsOf(random, program);
    this.z = [random.normal(), random.normal()];
    this.handwritten = program ? 0.05 : random.between(0.4, 1);
    this.borrowed = own ? 0.1 : 1;
  }

  open(random: Random): Subject {
    const template = random.chance(this.handwritten) ? undefined : this.template(random);
    const task = template?.task ?? this.work.pick(random);
    return {
      task,
      topic: template?.topic ?? topicOf(task, random),
      language: this.language === 'en' || random.chance(0.7) ? this.language : 'en',
      system: this.system,
      template,
      contract: template?.contract,
      flags: this.flags,
      params: this.params,
      sizes: sizesFor(task, this.program),
      inputZ: this.z[0],
      outputZ: this.z[1],
    };
  }

  private template(random: Random): Template {
    return this.own && !random.chance(this.borrowed) ? this.own.pick(random) : this.library.templates.pick(random);
  }
}

/** The templates that one key's owner has written, a few of them in most of the traffic. */
export function ownTemplates(library: Library, key: number, count: number, random: Random): Weighted<Template> {
  const work = workOf(random, 0.5);
  return zipf(
    Array.from({ length: count }, (_, i) => library.template(key, i, work.pick(random))),
    1,
  );
}
