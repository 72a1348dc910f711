/** What an operator has its accounts ask: families of templates per kind of work, one hand behind them all. */
import type { Flag, Task } from '../../../core/records/schema.ts';
import { range, type Weighted, weighted, zipf } from '../choices.ts';
import { hex16 } from '../fingerprint.ts';
import { type FlagRates, LANGUAGES, type Template, TOPICS, topicOf } from '../library.ts';
import type { Platform } from '../platform.ts';
import type { Random } from '../random.ts';
import { typical } from '../sizes.ts';
import { freshBase, variant } from '../sketch.ts';
import { type Params, PersonalVoice, type Subject, type Voice } from '../voice.ts';
import type { OperatorSettings } from './settings.ts';

/** Buyers of resold access that take turns; published cases give no number. */
const CUSTOMERS = 300;
/** How much of the wrapper around the questions is common to all kinds of work. */
const WRAPPER_SIMILARITY = 0.5;

interface Stream {
  templates: Weighted<Template>;
  topics: number[];
}

export class OperatorVoice implements Voice {
  private readonly settings: OperatorSettings;
  private readonly tasks: Weighted<Task>;
  private readonly streams = new Map<Task, Stream>();
  private readonly system: string | undefined;
  private readonly contracts: string[];
  private readonly languages: string[];
  private readonly flags: FlagRates;
  private readonly customers: Weighted<Voice> | undefined;
  private readonly params: Params;

  constructor(settings: OperatorSettings, platform: Platform, random: Random) {
    this.settings = settings;
    this.tasks = weighted<Task>(settings.tasks);
    this.system = settings.ownSystem ? hex16(random.bits(), random.bits()) : platform.library.systems.pick(random);
    this.contracts = range(settings.contracts).map(() => hex16(random.bits(), random.bits()));
    this.languages = languagesOf(settings);
    this.params = { maxTokens: settings.maxTokens, temperature: settings.temperature, tools: 0, stream: false };
    this.flags = Object.entries(settings.flags) as [Flag, number][];
    const wrapper = freshBase(random);
    for (const task of this.tasks.items) this.streams.set(task, this.stream(task, wrapper, random));
    if (settings.cover > 0) this.customers = customers(platform, random);
  }

  open(random: Random, instant: number): Subject {
    if (this.customers && random.chance(this.settings.cover)) {
      return { ...this.customers.pick(random).open(random, instant), cover: true };
    }
    const { settings } = this;
    const task = this.tasks.pick(random);
    const stream = this.streams.get(task) as Stream;
    const template = random.chance(settings.paraphrased) ? undefined : stream.templates.pick(random);
    return {
      task,
      topic: random.choice(stream.topics),
      language: random.choice(this.languages),
      system: this.system,
      template,
      contract: this.contracts.length > 0 ? random.choice(this.contracts) : undefined,
      flags: this.flags,
      params: this.params,
      sizes: typical(settings),
      inputZ: 0,
      outputZ: 0,
    };
  }

  private stream(task: Task, wrapper: Uint8Array, random: Random): Stream {
    const { templates, variantSimilarity, promptSimilarity, topics } = this.settings;
    const family = variant(wrapper, WRAPPER_SIMILARITY, random);
    const made = range(templates).map(() => ({
      fingerprint: hex16(random.bits(), random.bits()),
      base: variant(family, variantSimilarity, random),
      similarity: promptSimilarity,
      task,
      topic: 0,
      contract: undefined,
    }));
    return { templates: zipf(made, 0.7), topics: range(topics).map(() => topicOf(task, random)) };
  }
}

function languagesOf(settings: OperatorSettings): string[] {
  return LANGUAGES.items.slice(0, settings.languages) as string[];
}

/** The part of a sweep that the account of this number has: a few neighbouring topics in one language. */
export function sliceFor(account: number, subject: Subject, settings: OperatorSettings, random: Random): Subject {
  const { topicsPerAccount } = settings;
  if (topicsPerAccount === 0 || subject.cover) return subject;
  const languages = languagesOf(settings);
  const first = account * topicsPerAccount;
  const topic = (first + random.int(topicsPerAccount)) % TOPICS;
  // With every round through the topics the languages move on, so that in the end each topic is asked in each.
  const language = languages[(Math.floor(first / TOPICS) + account) % languages.length] as string;
  return { ...subject, topic, language };
}

/** Ordinary people and programs behind somebody else's accounts, some of them much busier than others. */
function customers(platform: Platform, random: Random): Weighted<Voice> {
  const one = () => {
    const program = random.chance(0.3);
    const system = random.chance(0.7) ? platform.library.systems.pick(random) : undefined;
    return new PersonalVoice(random, platform.library, system, undefined, program);
  };
  return zipf(range(CUSTOMERS).map(one), 0.9);
}
