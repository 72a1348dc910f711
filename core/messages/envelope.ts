/** An alert as JSON, `stillwatch.alert/1`. Nothing in it depends on the wall clock: a replay writes the same bytes. */
import { createHash } from 'node:crypto';
import type { Finding } from '../findings/finding.ts';
import type { BenignCheck, SinceLast, Transition, TransitionContext } from '../findings/transition.ts';
import { actionsFor, type MessageSettings, runbookLink } from './settings.ts';
import { alertTitle } from './title.ts';
import { ATLAS } from './words.ts';

export const ALERT_SCHEMA = 'stillwatch.alert/1';

export interface Envelope {
  schema: typeof ALERT_SCHEMA;
  /** Sixteen hex digits; a receiver drops what it has seen. */
  messageId: string;
  message: TransitionContext['message'];
  sequence: number;
  deployment: string;
  /** One per finding for its whole life. */
  dedupKey: string;
  title: string;
  /** The transition as `findings.ndjson` has it. */
  finding: Finding;
  severityWhy: string[];
  ranges: TransitionContext['ranges'];
  compare: TransitionContext['compare'];
  since?: SinceLast;
  benign: BenignCheck[];
  data: TransitionContext['data'];
  profile: TransitionContext['profile'];
  candidates: number;
  actions: string[];
  links: { runbook: string };
  frameworks: { atlas: string[] };
  build?: { version: string; config: string };
}

/** First 16 hex digits of SHA-256 over `deployment|id|at|message`: a sweep makes one transition per finding at most. */
export function messageId({ finding, context }: Transition, settings: MessageSettings): string {
  const name = [settings.deployment, finding.id, finding.at, context.message].join('|');
  return createHash('sha256').update(name, 'utf8').digest('hex').slice(0, 16);
}

/** Built field by field, so that nothing else a transition may carry can leave with it. */
export function envelope(transition: Transition, settings: MessageSettings): Envelope {
  const { finding, context } = transition;
  return {
    schema: ALERT_SCHEMA,
    messageId: messageId(transition, settings),
    message: context.message,
    sequence: context.sequence,
    deployment: settings.deployment,
    dedupKey: `stillwatch/${settings.deployment}/${finding.id}`,
    title: alertTitle(transition),
    finding,
    severityWhy: context.severityWhy,
    ranges: context.ranges,
    compare: context.compare,
    ...(context.since ? { since: context.since } : {}),
    benign: context.benign,
    data: context.data,
    profile: { orgs: context.profile.orgs, verified: context.profile.verified },
    candidates: context.candidates,
    actions: actionsFor(settings, finding).map((action) => action.command),
    links: { runbook: runbookLink(settings, finding) },
    frameworks: { atlas: [ATLAS[finding.classification]] },
    ...(settings.build ? { build: settings.build } : {}),
  };
}

/** One line of JSON, at most 32 KiB for any finding with the contract's limits. */
export function envelopeJson(transition: Transition, settings: MessageSettings): string {
  return JSON.stringify(envelope(transition, settings));
}
