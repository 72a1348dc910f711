/** An alert for PagerDuty, Events API version 2: one incident per finding, by its key. */
import type { Severity } from '../findings/finding.ts';
import { fitted } from './alert-text.ts';
import { paragraph } from './content.ts';
import type { Envelope } from './envelope.ts';
import { firstScreen } from './first-screen.ts';

/** Where every event goes (PagerDuty's service for Europe has its own). */
export const PAGERDUTY_URL = 'https://events.pagerduty.com/v2/enqueue';

export interface PagerDutyEvent {
  /** Put in by the sender only: it is a secret, and belongs in no file. */
  routing_key?: string;
  event_action: 'trigger' | 'acknowledge' | 'resolve';
  dedup_key: string;
  payload?: {
    summary: string;
    source: string;
    severity: 'critical' | 'error' | 'warning' | 'info';
    timestamp: string;
    component: string;
    group: string;
    class: string;
    custom_details: Record<string, string>;
  };
  links?: { href: string; text: string }[];
}

const SEVERITY: Record<Severity, NonNullable<PagerDutyEvent['payload']>['severity']> = {
  SEV1: 'critical',
  SEV2: 'error',
  SEV3: 'warning',
  INFO: 'info',
};

const ENDS: readonly Envelope['message'][] = ['cleared', 'judged', 'covered'];

/** A message of a judged or covered finding pages nobody either. */
function action({ message, ...told }: Envelope): PagerDutyEvent['event_action'] {
  const state = told.finding === null ? undefined : told.case.state;
  if (ENDS.includes(message) || state === 'judged' || state === 'covered') return 'resolve';
  return message === 'acked' ? 'acknowledge' : 'trigger';
}

export function pagerDutyEvent(told: Envelope): PagerDutyEvent {
  const { finding, deployment, dedupKey } = told;
  const event_action = action(told);
  if (event_action !== 'trigger') return { event_action, dedup_key: dedupKey };
  const { title, blocks, runbook } = fitted(firstScreen(told));
  const details = blocks.map((block) => [block.label.toLowerCase(), paragraph(block)]);
  return {
    event_action,
    dedup_key: dedupKey,
    payload: {
      summary: title,
      source: `stillwatch/${deployment}`,
      severity: SEVERITY[finding?.severity ?? 'SEV2'],
      timestamp: finding === null ? told.at : finding.at,
      component: finding?.kind ?? 'watch',
      group: deployment,
      class: finding === null ? told.watch.cause : finding.classification,
      custom_details: Object.fromEntries(details),
    },
    // PagerDuty refuses an event with a link that is no address.
    ...(/^https?:/.test(runbook) ? { links: [{ href: runbook, text: 'Runbook' }] } : {}),
  };
}
