/** A voice that a product gives its users: one system prompt, its own templates, their questions. */

import type { Task } from '../../core/records/schema.ts';
import { range, type Weighted, weighted, zipf } from './choices.ts';
import { type FlagRates, LANGUAGES, type Library, type Template } from './library.ts';
import type { Random } from './random.ts';
import { type Params, paramsOf, type Subject, sizesFor, type Voice } from './voice.ts';

export interface ProductTraits {
  tasks: Partial<Record<Task, number>>;
  templates: number;
  /** Share of prompts that users write freely inside the product. */
  free: number;
  flags: FlagRates;
  /** Overrides what its templates ask for; undefined leaves it to them. */
  contract?: string;
}

export class ProductVoice implements Voice {
  private readonly traits: ProductTraits;
  private readonly system: string | undefined;
  private readonly templates: Weighted<Template>;
  private readonly tasks: Weighted<Task>;
  private readonly params: Params;

  constructor(traits: ProductTraits, system: string | undefined, key: number, library: Library, random: Random) {
    this.traits = traits;
    this.system = system;
    this.tasks = weighted<Task>(traits.tasks);
    this.templates = zipf(
      range(traits.templates).map((i) => library.template(key, i, this.tasks.pick(random))),
      0.8,
    );
    this.params = paramsOf(random, true);
  }

  open(random: Random): Subject {
    const { traits } = this;
    const template = random.chance(traits.free) ? undefined : this.templates.pick(random);
    const task = template?.task ?? this.tasks.pick(random);
    return {
      task,
      topic: random.chance(0.5) && template ? template.topic : random.int(64),
      language: LANGUAGES.pick(random),
      system: this.system,
      template,
      contract: traits.contract ?? template?.contract,
      flags: traits.flags,
      params: this.params,
      sizes: sizesFor(task, false),
      inputZ: 0,
      outputZ: 0,
    };
  }
}
