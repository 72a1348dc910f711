/** One conversation: exchanges with a common subject whose context grows from turn to turn. */
import type { Status, UsageRecord } from '../../core/records/schema.ts';
import { iso } from './clock.ts';
import { hex16 } from './fingerprint.ts';
import type { Exit } from './networks.ts';
import type { Holder } from './person.ts';
import type { Platform } from './platform.ts';
import type { Random } from './random.ts';
import { freshSketch, sketch } from './sketch.ts';
import type { Emitter } from './timeline.ts';
import type { Ledger } from './truth.ts';
import type { Subject, Voice } from './voice.ts';

/** Earlier outputs that the next turn carries in; the format allows eight. */
const PRESENTED = 3;
/** Share of follow-up turns whose earlier context is still cached. */
const CACHED = 0.6;
const NOTHING: readonly string[] = [];

interface Begun {
  subject: Subject;
  session: string;
  /** Tokens turn by turn; ascending, so that turns grow and the whole keeps its distribution. */
  inputs: readonly number[];
}

/** Until it is spoken, a conversation is little more than a promise: a day's plan holds millions of them. */
export class Conversation implements Emitter {
  private readonly platform: Platform;
  private holder: Holder;
  private readonly voice: Voice;
  private readonly turns: number;
  private readonly random: Random;
  private readonly ledger: Ledger | undefined;
  private begun: Begun | undefined;
  private exit: Exit | undefined;
  private turn = 0;
  private carried: readonly string[] = NOTHING;

  /** `random` belongs to the group: its conversations draw from it in time order. */
  constructor(platform: Platform, holder: Holder, voice: Voice, turns: number, random: Random, ledger?: Ledger) {
    this.platform = platform;
    this.holder = holder;
    this.voice = voice;
    this.turns = turns;
    this.random = random;
    this.ledger = ledger;
  }

  /** Continues under another account, with or without the state that the first one gained. */
  moveTo(holder: Holder, keepState: boolean): void {
    this.holder = holder;
    this.exit = undefined;
    if (!keepState) this.carried = NOTHING;
  }

  /** Brings outputs of elsewhere into the next turn. */
  present(values: readonly string[]): void {
    this.carried = [...this.carried, ...values].slice(-PRESENTED);
  }

  emit(instant: number): UsageRecord {
    return this.exchange(instant, this.status(instant));
  }

  exchange(instant: number, status: Status): UsageRecord {
    this.begun ??= this.begin(instant);
    const { holder, random, carried } = this;
    const { subject, session, inputs } = this.begun;
    const tokens = this.tokens(status, subject, inputs);
    this.exit ??= this.platform.networks.exit(holder.place(random, instant), holder.number, instant, random.bits());
    const minted = status === 'ok' ? [hex16(random.bits(), random.bits())] : [];
    const record: UsageRecord = {
      type: 'usage',
      id: `req_${hex16(random.bits(), random.bits())}`,
      time: iso(instant),
      account: holder.account.account,
      model: this.platform.models.current(holder.tiers.pick(random), instant, holder.lagDays),
      tokens,
      status,
      finish: status === 'ok' ? (random.chance(0.04) ? 'length' : 'stop') : status,
      latencyMs: Math.round((250 + tokens.output * 11) * (0.6 + 0.8 * random.next())),
      params: subject.params,
      network: this.exit,
      client: this.platform.clients.build(holder.client, instant),
      session,
      prompt: this.prompt(subject),
      custody: { minted, presented: [...carried] },
    };
    if (this.turn + 1 < this.turns) this.carried = [...carried, ...minted].slice(-PRESENTED);
    if (status !== 'throttled') this.turn++;
    this.ledger?.note(record.account, instant, subject.task, tokens.output, subject.cover === true);
    return record;
  }

  private begin(instant: number): Begun {
    const { random, turns } = this;
    const subject = this.voice.open(random, instant);
    const inputs: number[] = [];
    for (let i = 0; i < turns; i++) inputs.push(subject.sizes.input(random, subject.inputZ));
    if (turns > 1) inputs.sort((a, b) => a - b);
    return { subject, session: hex16(random.bits(), random.bits()), inputs };
  }

  private status(instant: number): Status {
    const u = this.random.next();
    if (this.platform.failing(instant)) return u < 0.85 ? 'error' : 'ok';
    if (u < this.holder.throttled) return 'throttled';
    if (u > 0.991) return 'error';
    if (u > 0.98) return 'refused';
    return u > 0.977 ? 'blocked' : 'ok';
  }

  private tokens(status: Status, subject: Subject, inputs: readonly number[]): UsageRecord['tokens'] {
    const { random, turn } = this;
    const input = inputs[Math.min(turn, inputs.length - 1)] as number;
    if (status !== 'ok') return { input, output: status === 'refused' ? 12 + random.int(60) : 0 };
    const output = subject.sizes.output(random, subject.outputZ);
    const before = turn > 0 && random.chance(CACHED) ? (inputs[turn - 1] ?? 0) : 0;
    return { input, output, reasoning: Math.floor(output * 0.6 * random.next()), cacheRead: before };
  }

  private prompt(subject: Subject): NonNullable<UsageRecord['prompt']> {
    const { random } = this;
    const template = subject.template;
    const prompt: NonNullable<UsageRecord['prompt']> = {
      template: template ? template.fingerprint : hex16(random.bits(), random.bits()),
      sketch: template ? sketch(template.base, template.similarity, random) : freshSketch(random),
      topic: subject.topic,
      task: subject.task,
      language: subject.language,
    };
    if (subject.system) prompt.system = subject.system;
    if (subject.contract) prompt.contract = subject.contract;
    for (const [flag, rate] of subject.flags) if (random.next() < rate) prompt.flags = [...(prompt.flags ?? []), flag];
    return prompt;
  }
}
