/** Accounts whose exchanges are made one by one: what they ask, in which words, for which form of answer. */
import { seededRandom } from '../../../core/population/random.ts';
import { TASKS } from '../../../core/records/format.ts';
import type { UsageRecord } from '../../../core/records/schema.ts';
import { type AccountSpec, dayMs } from '../../support/population.ts';

export type Usage = NonNullable<AccountSpec['usage']>;

export interface CrowdSpec {
  name?: string;
  /** Mean exchanges a day; each account's own is log-normal around it with deviation `spread`. */
  rate?: number;
  spread?: number;
  days?: number;
  /** What of an account's usage a test makes otherwise. */
  change?: (usage: Partial<UsageRecord>, index: number, account: number) => Partial<UsageRecord>;
}

/**
 * Strangers: each works on two or three topics of its own (some topics are far more common than others), in one
 * language, with a dozen prompts that come again, its own parameters, sizes and output contract.
 */
export function strangers(count: number, { name = 's', rate = 8, spread = 0.8, days = 6, change }: CrowdSpec = {}) {
  return Array.from({ length: count }, (_, i): AccountSpec => {
    const account = `${name}_${String(i).padStart(5, '0')}`;
    const random = seededRandom(account);
    const draw = () => Math.exp(spread * (random.next() + random.next() + random.next() - 1.5) * 2);
    const own = ownWays(account);
    const usage: Usage = (index, day) => {
      const made = own(index, day);
      return change ? { ...made, ...change(made, index + 1000 * day, i) } : made;
    };
    const volume = rate * draw();
    const daily = Array.from({ length: days }, () => Math.round(volume * (0.5 + random.next())));
    if (!daily.some((exchanges) => exchanges > 0)) daily[0] = 1;
    const createdAt = dayMs(0) - Math.floor(random.next() * 100) * 86_400_000;
    return { account, daily, createdAt, facts: { plan: 'payg' }, usage };
  });
}

function ownWays(account: string): Usage {
  const random = seededRandom(`ways of ${account}`);
  const topics = Array.from({ length: 2 + random.below(2) }, () => Math.floor(64 * random.next() ** 2.2));
  const task = TASKS[random.below(TASKS.length)]!;
  const language = `l${random.below(5)}`;
  const params = { maxTokens: 2 ** (8 + random.below(6)), temperature: random.below(11) / 10, tools: random.below(2) };
  const input = 64 * 4 ** (4 * random.next());
  const output = 16 * 4 ** (4 * random.next());
  const says = random.next() < 0.06;
  return () => ({
    params,
    tokens: {
      input: Math.round(input * Math.exp(random.next() - 0.5)),
      output: Math.round(output * Math.exp(2 * random.next() - 1)),
    },
    prompt: {
      topic: topics[random.below(topics.length)]!,
      task: random.next() < 0.6 ? task : 'conversation',
      language,
      template: `${account} ${random.below(12)}`,
      contract: `form of ${account}`,
      flags: says && random.next() < 0.6 ? ['cot_elicitation'] : [],
    },
  });
}

/** Accounts of one operator, whose exchanges all come from `usage`; equal load. */
export function hired(count: number, usage: (account: number) => Usage, { rate = 8, days = 6, name = 'h' } = {}) {
  return Array.from({ length: count }, (_, i): AccountSpec => {
    const createdAt = dayMs(0) - 86_400_000 * (i % 60);
    const daily = new Array<number>(days).fill(rate);
    return {
      account: `${name}_${String(i).padStart(5, '0')}`,
      daily,
      createdAt,
      facts: { plan: 'payg' },
      usage: usage(i),
    };
  });
}

/** Takes a part of the prompts from three accounts in ten. */
export function withoutPrompt(
  specs: readonly AccountSpec[],
  part: keyof NonNullable<UsageRecord['prompt']>,
): AccountSpec[] {
  return specs.map((spec) => {
    const lacks = seededRandom(`without ${part} ${spec.account}`).next() < 0.3;
    const { usage } = spec;
    if (!lacks || usage === undefined) return spec;
    return {
      ...spec,
      usage: (index, day) => {
        const made = usage(index, day);
        const { [part]: _, ...prompt } = made.prompt ?? {};
        return { ...made, prompt };
      },
    };
  });
}
