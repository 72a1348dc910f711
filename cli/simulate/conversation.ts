/** One conversation: exchanges with a common subject whose context grows from turn to turn. */
import type { Flag, Status, UsageRecord } from '../../core/records/schema.ts';
import type { Allowance } from './allowance.ts';
import { iso } from './clock.ts';
import { hex16 } from './fingerprint.ts';
import type { FlagRates } from './library.ts';
import type { Exit } from './networks.ts';
import type { Holder } from './person.ts';
import type { Random } from './random.ts';
import { freshSketch, sketch } from './sketch.ts';
import type { Speaker, Stage } from './speaker.ts';
import type { Emitter } from './timeline.ts';
import type { Subject } from './voice.ts';

/** Earlier outputs that the next turn carries in; the format allows eight. */
const PRESENTED = 3;
/** Share of follow-up turns whose earlier context is still cached. */
const CACHED = 0.6;
const NOTHING: readonly string[] = [];

interface Begun {
  subject: Subject;
  allowance: Allowance | undefined;
  session: string;
  /** Tokens turn by turn; ascending, so that turns grow and the whole keeps its distribution. */
  inputs: readonly number[];
}

/** Until it is spoken, a conversation is little more than a promise: a day's plan holds millions of them. */
export class Conversation implements Emitter {
  private readonly stage: Stage;
  private readonly speaker: Speaker;
  private readonly turns: number;
  private holder: Holder | undefined;
  private begun: Begun | undefined;
  private exit: Exit | undefined;
  private turn = 0;
  private carried: readonly string[] = NOTHING;

  constructor(stage: Stage, speaker: Speaker, turns: number) {
    this.stage = stage;
    this.speaker = speaker;
    this.turns = turns;
  }

  /** Continues under another account, with or without the state that the first one gained. */
  moveTo(holder: Holder, keepState: boolean): void {
    this.holder = holder;
    this.exit = undefined;
    if (!keepState) this.carried = NOTHING;
  }

  /** Puts other values in the place of the ids that the next turn would carry in; outputs cannot be replaced so. */
  rewriteIds(): void {
    const { random } = this.stage;
    this.carried = this.carried.map((value) => (isId(value) ? hex16(random.bits(), random.bits()) : value));
  }

  /** Brings outputs of elsewhere into the next turn. */
  present(values: readonly string[]): void {
    this.carried = [...this.carried, ...values].slice(-PRESENTED);
  }

  emit(instant: number): UsageRecord | undefined {
    const u = this.stage.random.next();
    this.begun ??= this.begin(instant);
    const grant = this.begun.allowance?.spend() ?? 'granted';
    if (grant === 'given up') return undefined;
    return this.exchange(instant, grant === 'throttled' ? grant : this.status(u, instant));
  }

  exchange(instant: number, status: Status): UsageRecord {
    this.begun ??= this.begin(instant);
    const { carried } = this;
    const { platform, random, ledger, keepsakes } = this.stage;
    const holder = this.holder as Holder;
    const { subject, session, inputs } = this.begun;
    const tokens = this.tokens(status, subject, inputs);
    this.exit ??= platform.networks.exit(holder.place(random, instant), holder.number, instant, random.bits());
    const minted = status === 'ok' ? [hex16(random.bits(), random.bits())] : [];
    const record: UsageRecord = {
      type: 'usage',
      id: `req_${hex16(random.bits(), random.bits())}`,
      time: iso(instant),
      account: holder.account.account,
      model: platform.models.current(holder.tiers.pick(random), instant, holder.lagDays),
      tokens,
      status,
      finish: status === 'ok' ? (random.chance(0.04) ? 'length' : 'stop') : status,
      latencyMs: Math.round((250 + tokens.output * 11) * (0.6 + 0.8 * random.next())),
      params: subject.params,
      network: this.exit,
      client: platform.clients.build(holder.client, instant),
      session,
      prompt: this.prompt(subject),
      custody: { minted, presented: carried.slice() },
    };
    if (this.turn + 1 < this.turns && status === 'ok') this.carried = [...carried, ...minted].slice(-PRESENTED);
    if (status !== 'throttled') this.turn++;
    if (subject.stripped) delete record.session;
    keepsakes?.keep(minted);
    ledger?.note(record.account, instant, subject.task, tokens.output, subject.cover === true);
    return record;
  }

  private begin(instant: number): Begun {
    const { random } = this.stage;
    const { holder, subject, brings, allowance } = this.speaker.open(random, instant);
    this.holder ??= holder;
    if (brings) this.present(brings);
    const inputs: number[] = [];
    for (let i = 0; i < this.turns; i++) inputs.push(subject.sizes.input(random, subject.inputZ));
    if (this.turns > 1) inputs.sort((a, b) => a - b);
    return { subject, allowance, session: hex16(random.bits(), random.bits()), inputs };
  }

  private status(u: number, instant: number): Status {
    if (this.stage.platform.failing(instant)) return u < 0.85 ? 'error' : 'ok';
    if (u < (this.holder as Holder).throttled) return 'throttled';
    if (u > 0.991) return 'error';
    if (u > 0.98) return 'refused';
    return u > 0.977 ? 'blocked' : 'ok';
  }

  private tokens(status: Status, subject: Subject, inputs: readonly number[]): UsageRecord['tokens'] {
    const { turn } = this;
    const { random } = this.stage;
    const input = inputs[Math.min(turn, inputs.length - 1)] as number;
    if (status !== 'ok') return { input, output: status === 'refused' ? 12 + random.int(60) : 0 };
    const output = subject.sizes.output(random, subject.outputZ);
    const before = turn > 0 && random.chance(CACHED) ? (inputs[turn - 1] ?? 0) : 0;
    return { input, output, reasoning: Math.floor(output * 0.6 * random.next()), cacheRead: before };
  }

  private prompt(subject: Subject): NonNullable<UsageRecord['prompt']> {
    const { random } = this.stage;
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
    const flags = raised(subject.flags, random);
    if (flags) prompt.flags = flags;
    return prompt;
  }
}

/** Undefined where no flag comes up, as in most prompts. */
function raised(rates: FlagRates, random: Random): Flag[] | undefined {
  let flags: Flag[] | undefined;
  for (let i = 0; i < rates.length; i++) {
    const [flag, rate] = rates[i] as FlagRates[number];
    if (random.next() >= rate) continue;
    if (flags) flags.push(flag);
    else flags = [flag];
  }
  return flags;
}

/** Half of what exchanges give out are ids, the rest are fingerprints of outputs; a fingerprint does not say which. */
function isId(value: string): boolean {
  return value < '8';
}
