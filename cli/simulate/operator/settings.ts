/** Everything an operator of many accounts decides. Scenarios set some of it, a world may override any of it. */
import * as z from 'zod';
import type { Flag, Task } from '../../../core/records/schema.ts';
import { TIERS } from '../models.ts';

const share = z.number().min(0).max(1);
const count = z.number().int().min(0);
const positive = z.number().positive();

export const operatorSchema = z.strictObject({
  /** Days from the first to the last sign-up of a pool, and how long before the traffic they begin. */
  signupDays: positive,
  leadDays: z.number().min(0),
  /** Accounts per run of the registration tool. */
  batch: count.min(1),
  /** Hours from sign-up to first use, at least. */
  warmHours: z.number().min(0),

  /** Accounts per payment card, mean; 1 gives each its own. */
  accountsPerCard: z.number().min(1),
  /** Share of virtual cards; the rest are like everybody's. */
  virtualShare: share,
  /** Issuers that the virtual cards come from. */
  issuers: count.min(1),
  /** Shapes that the registration tool gives addresses; 0 looks like people's. */
  emailShapes: count,
  disposableShare: share,
  /** Phone prefixes of the numbers bought; 0 is like everybody's. */
  phonePrefixes: count,
  /** Share of accounts inside an education or start-up programme. */
  programmeShare: share,

  /** Accounts per exit subnet, mean; 0 gives each a residential exit of its own. */
  accountsPerSubnet: z.number().min(0),
  exits: z.enum(['residential', 'datacenter']),
  /** Builds of the operator's own client; 0 uses the common ones. */
  clientBuilds: count,

  /** Who gets the next job: the account unused for longest, or one drawn by a fixed weight. */
  dispatch: z.enum(['least_recent', 'weighted']),
  /** Standard deviation of the logarithm of those weights. */
  allocationSigma: z.number().min(0),
  /** Each job waits up to so long. */
  jitterHours: z.number().min(0),
  /** Load at night over load by day. */
  nightLoad: share,
  /** Standstills of half an hour to three hours: restarts, full queues, exhausted lists. */
  pausesPerWeek: z.number().min(0).max(7),
  /** Share of exchanges that meet a rate limit and fail over to the next account. */
  throttled: share,
  /** Whether a conversation that fails over brings its state along. */
  failoverState: z.boolean(),
  /** Share of conversations that replay outputs of an earlier one, whichever account that was on. */
  replay: share,
  /** Whether the relay gives an account ids of its own for those that other accounts were given. */
  rewriteIds: z.boolean(),

  /** Exchanges per conversation, mean, and seconds between them. */
  turns: z.number().min(1),
  pauseSeconds: positive,
  /** Equal jobs sent at once, say one per candidate to be graded. */
  copies: count.min(1),
  tasks: z.record(z.string(), positive),
  /** Topics per kind of work. */
  topics: count.min(1).max(64),
  /** Splits all topics in all languages over the accounts, so many topics in one language each; 0 splits nothing. */
  topicsPerAccount: count.max(64),
  languages: count.min(1).max(12),
  /** Templates per kind of work, and the Jaccard similarity between them and of two prompts made from one. */
  templates: count.min(1),
  variantSimilarity: share,
  promptSimilarity: share,
  /** Share of prompts rewritten so that nothing of a template is left. */
  paraphrased: share,
  /** An own system prompt; otherwise a common one. */
  ownSystem: z.boolean(),
  /** Skeletons that answers must fill; 0 asks for none. */
  contracts: count,
  /** Probability per exchange. */
  flags: z.record(z.string(), share),
  inputMedian: positive,
  inputSigma: z.number().min(0),
  outputMedian: positive,
  outputSigma: z.number().min(0),
  /** Parameters of every request. */
  maxTokens: count.min(1),
  temperature: z.number().min(0).max(2),

  tier: z.enum(TIERS),
  /** Days until a release is used, and by what share of the accounts; the others stay. */
  releaseLagDays: z.number().min(0),
  releaseShare: share,

  /** Share of conversations that are unrelated customers' of a resale business. */
  cover: share,

  /** Days of traffic after which the platform bans a pool; 0 never does. */
  banAfterDays: z.number().min(0),
  banShare: share,
  /** Hours until the next pool takes over. */
  replaceHours: z.number().min(0),
  /** Share of accounts lost per day otherwise, each replaced. */
  attrition: share,
  /** Whether the replacements of a day are signed up together on the next, rather than one by one. */
  refillRuns: z.boolean(),
});

export type OperatorSettings = Omit<z.output<typeof operatorSchema>, 'tasks' | 'flags'> & {
  tasks: Partial<Record<Task, number>>;
  flags: Partial<Record<Flag, number>>;
};

/** A large, quick and rather careless operation, as published cases describe them. Scenarios start from it. */
export const USUAL: OperatorSettings = {
  signupDays: 7,
  leadDays: 6,
  batch: 30,
  warmHours: 8,
  accountsPerCard: 4,
  virtualShare: 0.85,
  issuers: 2,
  emailShapes: 2,
  disposableShare: 0.15,
  phonePrefixes: 3,
  programmeShare: 0.06,
  accountsPerSubnet: 10,
  exits: 'residential',
  clientBuilds: 2,
  dispatch: 'least_recent',
  allocationSigma: 0,
  jitterHours: 0,
  nightLoad: 0.6,
  pausesPerWeek: 2.5,
  throttled: 0.008,
  failoverState: false,
  replay: 0,
  rewriteIds: false,
  turns: 1.25,
  pauseSeconds: 25,
  copies: 1,
  tasks: { agentic_reasoning: 45, software_engineering: 35, long_horizon: 20 },
  topics: 10,
  topicsPerAccount: 0,
  languages: 2,
  templates: 8,
  variantSimilarity: 0.6,
  promptSimilarity: 0.6,
  paraphrased: 0.04,
  ownSystem: true,
  contracts: 1,
  flags: { cot_elicitation: 0.75, format_forced: 0.65 },
  inputMedian: 900,
  inputSigma: 0.6,
  outputMedian: 1700,
  outputSigma: 0.5,
  maxTokens: 8192,
  temperature: 1,
  tier: 'large',
  releaseLagDays: 1,
  releaseShare: 0.5,
  cover: 0,
  banAfterDays: 0,
  banShare: 1,
  replaceHours: 4,
  attrition: 0.002,
  refillRuns: false,
};
