/** A transition as an OCSF 1.8.0 Detection Finding (class 2004). What has no place there goes under `unmapped`, unchanged. */
import type { Classification, Evidence, Finding, Severity } from '../findings/finding.ts';
import type { Transition } from '../findings/transition.ts';
import type { CaseView } from '../messages/case-view.ts';
import { evidencePhrase } from '../messages/evidence-phrases.ts';
import { alertTitle } from '../messages/title.ts';
import { ATLAS_VERSION, technique } from './atlas.ts';

const OCSF_VERSION = '1.8.0';
const CLASS = 2004;

const ACTIVITY: Record<Finding['state'], number> = { opened: 1, updated: 2, cleared: 3 };
const SEVERITY: Record<Severity, { id: number; word: string }> = {
  SEV1: { id: 5, word: 'Critical' },
  SEV2: { id: 4, word: 'High' },
  SEV3: { id: 3, word: 'Medium' },
  INFO: { id: 1, word: 'Informational' },
};
/** New, in progress, suppressed, resolved, archived. */
const STATUS: Record<CaseView['state'], number> = {
  new: 1,
  acked: 2,
  snoozed: 2,
  covered: 3,
  judged: 3,
  cleared: 4,
  archived: 5,
};
const VERDICT: Record<string, number> = { confirmed: 2, duplicate: 10, unknown: 7 };
/** Every other verdict is a benign cause. */
const BENIGN = 5;

export interface OcsfContext {
  deployment: string;
  version: string;
  /** The case as it stands; `new` where nobody has looked. */
  case: Pick<CaseView, 'state' | 'verdict'>;
}

export function ocsf(transition: Transition, context: OcsfContext): Record<string, unknown> {
  const { finding } = transition;
  const activity = ACTIVITY[finding.state];
  const { id: severity, word } = SEVERITY[finding.severity];
  return {
    activity_id: activity,
    category_uid: 2,
    class_uid: CLASS,
    type_uid: CLASS * 100 + activity,
    time: Date.parse(finding.at),
    start_time: Date.parse(finding.window.from),
    end_time: Date.parse(finding.window.to),
    count: finding.exchanges,
    severity_id: severity,
    severity: word,
    status_id: STATUS[finding.state === 'cleared' ? 'cleared' : context.case.state],
    confidence_id: confidence(finding.error.q),
    is_alert: finding.severity !== 'INFO',
    message: alertTitle(transition),
    metadata: {
      version: OCSF_VERSION,
      uid: `${finding.id}:${finding.at}`,
      correlation_uid: finding.id,
      product: { name: 'Stillwatch', vendor_name: 'Stillwatch', version: context.version },
      log_provider: context.deployment,
    },
    finding_info: findingInfo(transition, context.version),
    evidences: finding.evidence.map((row) => evidence(row, context.case.verdict)),
    unmapped: { finding },
  };
}

/** High up to q 0.01, medium up to 0.05, low above. */
function confidence(q: number): number {
  return q <= 0.01 ? 3 : q <= 0.05 ? 2 : 1;
}

const ANALYTICS: Record<Finding['kind'], string> = {
  campaign: 'Linked accounts tested against chance',
  consumer: 'One account against its own past and its peers',
};

function findingInfo(transition: Transition, version: string): Record<string, unknown> {
  const { id, kind, classification, window, links } = transition.finding;
  return {
    uid: id,
    title: alertTitle(transition),
    types: [classification],
    first_seen_time: Date.parse(window.from),
    last_seen_time: Date.parse(window.to),
    analytic: { uid: kind, name: ANALYTICS[kind], type_id: 3, type: 'Statistical', version },
    attacks: [attack(classification)],
    ...(links.length === 0
      ? {}
      : { related_events: links.map(({ finding, relation }) => ({ uid: finding, type: relation })) }),
  };
}

function attack(classification: Classification): Record<string, unknown> {
  const { tactic, technique: parent, sub } = technique(classification);
  return { version: ATLAS_VERSION, tactic, technique: parent, ...(sub ? { sub_technique: sub } : {}) };
}

function evidence(row: Evidence, verdict: string | null): Record<string, unknown> {
  const { group, detector, observed, expected, unit, strength } = row;
  return {
    name: group,
    data: { detector, counted: evidencePhrase(row), observed, expected, unit, strength },
    ...(verdict === null ? {} : { verdict, verdict_id: VERDICT[verdict] ?? BENIGN }),
  };
}
