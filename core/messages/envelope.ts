/**
 * An alert as JSON, `stillwatch.alert/1`: the one thing that text, mail, chat, pager and webhook are made from. Nothing
 * in it depends on the wall clock: a replay writes the same bytes.
 */
import { createHash } from 'node:crypto';
import type { Finding } from '../findings/finding.ts';
import type {
  BenignCheck,
  DataGap,
  QueryProfile,
  SinceLast,
  Transition,
  TransitionContext,
} from '../findings/transition.ts';
import type { Build } from '../judged-by.ts';
import { allChecks } from './benign-lines.ts';
import { type CaseView, UNTOUCHED } from './case-view.ts';
import { actionsFor, type MessageSettings, runbookLink } from './settings.ts';
import { alertTitle } from './title.ts';
import type { WatchEnvelope } from './watch-envelope.ts';
import { ATLAS, type MessageWord, OWASP } from './words.ts';

export const ALERT_SCHEMA = 'stillwatch.alert/1';
export const ENVELOPE_LIMIT = 32 * 1024;

/** What every envelope has, whether it tells of a finding or of the watch itself. */
export interface EnvelopeHead {
  schema: typeof ALERT_SCHEMA;
  /** Sixteen hex digits; a receiver drops what it has seen. */
  messageId: string;
  sequence: number;
  deployment: string;
  /** One per finding, or cause of a watch alarm, for its whole life. */
  dedupKey: string;
  /** At most 78 ASCII characters. */
  title: string;
  actions: string[];
  links: { runbook: string };
  build?: Build;
}

export interface FindingEnvelope extends EnvelopeHead {
  message: MessageWord;
  /** When it is sent, where that is not the sweep. RFC 3339. */
  at?: string;
  /** The transition as `findings.ndjson` has it. */
  finding: Finding;
  /** Of a consumer finding, and only where the deployment asks for it. */
  account?: string;
  severityWhy: string[];
  ranges: TransitionContext['ranges'];
  compare: Omit<TransitionContext['compare'], 'exchangesPerDay'> & {
    /** `last4d` and `prior3d`, say: the mean of so many days, and of so many before them. */
    exchangesPerDay: Record<string, number>;
  };
  since?: SinceLast;
  benign: BenignCheck[];
  data: { to: string; coverage: number; gaps: DataGap[] };
  profile: { orgs: number } & Partial<QueryProfile>;
  throttle?: { accounts: number; verified: number };
  case: CaseView;
  /** What a person did, where that is the message: `acked by trust-oncall`. */
  line?: string;
  /** Of a reminder: who hears of it now, and how long nobody acknowledged. */
  escalation?: { to: string; minutes: number };
  frameworks: { atlas: string[]; aisvs: string[]; owasp: string[] };
}

/** `finding` tells the two apart: null in an alarm of the watch itself. */
export type Envelope = FindingEnvelope | WatchEnvelope;

/** A transition as it is told. The account is read of a consumer finding, and only where the deployment asks for it. */
export interface Told extends Transition {
  readonly case?: CaseView;
  readonly account?: string;
  /** For a message that is not the transition itself. */
  readonly message?: MessageWord;
  /** When it is sent, where that is not the sweep: a reminder has a time of its own. RFC 3339. */
  readonly at?: string;
  readonly line?: string;
  readonly escalation?: { to: string; minutes: number };
}

/** First 16 hex digits of SHA-256 over `deployment|id|at|message`: a sweep makes one transition per finding at most. */
export function digestId(deployment: string, id: string, at: string, message: string): string {
  const name = [deployment, id, at, message].join('|');
  return createHash('sha256').update(name, 'utf8').digest('hex').slice(0, 16);
}

/** Built field by field, so that nothing else a transition may carry can leave with it. */
export function envelope(told: Told, settings: MessageSettings): FindingEnvelope {
  const { finding, context } = told;
  const message = told.message ?? context.message;
  const { profile, data } = context;
  return {
    schema: ALERT_SCHEMA,
    messageId: digestId(settings.deployment, finding.id, told.at ?? finding.at, message),
    message,
    ...(told.at === undefined || told.at === finding.at ? {} : { at: told.at }),
    sequence: context.sequence,
    deployment: settings.deployment,
    dedupKey: `stillwatch/${settings.deployment}/${finding.id}`,
    title: alertTitle(told, message),
    finding,
    ...(settings.showAccount && finding.kind === 'consumer' && told.account ? { account: told.account } : {}),
    severityWhy: context.severityWhy,
    ranges: rangesOf(context),
    compare: comparison(context),
    ...(context.since ? { since: context.since } : {}),
    benign: allChecks(context.benign),
    data: { to: data.to, coverage: data.coverage, gaps: (data.gaps ?? []).slice(0, 20) },
    profile: { orgs: profile.orgs, ...queryProfile(profile) },
    ...(context.throttle ? { throttle: context.throttle } : {}),
    case: told.case ?? UNTOUCHED,
    ...(told.line === undefined ? {} : { line: told.line }),
    ...(told.escalation === undefined ? {} : { escalation: told.escalation }),
    actions: actionsFor(settings, finding),
    links: { runbook: runbookLink(settings, finding) },
    frameworks: { atlas: [ATLAS[finding.classification]], ...OWASP[finding.classification] },
    ...(settings.build ? { build: settings.build } : {}),
  };
}

export function rangesOf({ ranges }: TransitionContext): TransitionContext['ranges'] {
  const { accounts, exchanges, outputTokens, replacementUsd, unpricedTokens } = ranges;
  return {
    accounts,
    exchanges,
    outputTokens,
    ...(replacementUsd ? { replacementUsd } : {}),
    ...(unpricedTokens === undefined ? {} : { unpricedTokens }),
  };
}

function queryProfile({ inputTokens, topics, templates }: TransitionContext['profile']): Partial<QueryProfile> {
  return {
    ...(inputTokens ? { inputTokens: { p50: inputTokens.p50, p95: inputTokens.p95 } } : {}),
    ...(topics === undefined ? {} : { topics }),
    ...(templates === undefined ? {} : { templates }),
  };
}

function comparison({ compare }: TransitionContext): FindingEnvelope['compare'] {
  const { last, prior, days, priorDays } = compare.exchangesPerDay;
  const { members, all } = compare.medianAccountPerDay;
  return {
    shareOfOutput: compare.shareOfOutput,
    exchangesPerDay: { [`last${days}d`]: last, [`prior${priorDays ?? days}d`]: prior },
    medianAccountPerDay: { members, all },
    ...(compare.multiple === undefined ? {} : { multiple: compare.multiple }),
  };
}
