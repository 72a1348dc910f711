/** The words of the contract's names, the same in titles, texts, mails and pages. */
import type { Classification, ErrorControl, EvidenceGroup } from '../findings/finding.ts';
import type { BenignCause, TransitionContext } from '../findings/transition.ts';

/** Why a message goes out: a transition, what a person decided, nobody deciding, or figures told wrong before. */
export type MessageWord = TransitionContext['message'] | LineWord | 'reminder' | 'corrected';

/** What a person did: a line in the finding's thread. */
export const LINE_WORDS = ['acked', 'assigned', 'snoozed', 'resumed', 'judged', 'covered'] as const;
export type LineWord = (typeof LINE_WORDS)[number];

export const CLASS_WORDS: Record<Classification, string> = {
  distillation: 'Distillation',
  coordinated_abuse: 'Coordinated abuse',
  key_sharing: 'Key sharing',
  account_takeover: 'Account takeover',
  volume_anomaly: 'Volume anomaly',
};

/** What a title says between severity and class; an opened finding says nothing. */
export const TITLE_WORDS: Record<MessageWord, string> = {
  opened: '',
  updated: 'UPDATE',
  reopened: 'REOPENED',
  cleared: 'CLEARED',
  acked: '',
  assigned: '',
  snoozed: '',
  resumed: '',
  judged: '',
  covered: '',
  reminder: 'UNACKED',
  corrected: 'CORRECTED',
};

/** One line on each evidence group, for readers who meet it the first time. */
export const GROUP_WORDS: Record<EvidenceGroup, string> = {
  custody: 'What one account was given, another one hands in',
  identity: 'Shared cards, sign-up patterns and referrals',
  network: 'Shared exits and client builds',
  cohort: 'Accounts that begin together',
  schedule: 'Work shared out and paused together',
  content: 'The same prompt or the same form of answer',
  intent: 'What is asked for',
  consumer: 'One account against its own past and its peers',
};

export const CAUSE_WORDS: Record<BenignCause, string> = {
  corporate_nat: 'corporate NAT',
  carrier_nat: 'carrier NAT',
  vpn: 'VPN',
  reseller: 'reseller',
  load_test: 'load test',
  retry_storm: 'retry storm',
  class: 'class or hackathon',
  product_launch: 'product launch',
  sdk_upgrade: 'SDK upgrade',
  new_model_rush: 'new-model rush',
  org_move: 'move to a new org',
};

/** The same in an alert's lines, where several share a line. */
export const SHORT_CAUSES: Record<BenignCause, string> = {
  ...CAUSE_WORDS,
  class: 'class',
  product_launch: 'launch',
  new_model_rush: 'new model',
  org_move: 'org move',
};

/** MITRE ATLAS techniques, version 5.6. */
export const ATLAS: Record<Classification, string> = {
  distillation: 'AML.T0024.002',
  coordinated_abuse: 'AML.T0008.005',
  key_sharing: 'AML.T0008.005',
  account_takeover: 'AML.T0012',
  volume_anomaly: 'AML.T0034',
};

/** OWASP AISVS requirements that ask for the alert, and risks of the OWASP Top 10 for LLM applications. */
export const OWASP: Record<Classification, { aisvs: string[]; owasp: string[] }> = {
  distillation: { aisvs: ['11.5.2', '11.5.3'], owasp: ['LLM10:2025'] },
  coordinated_abuse: { aisvs: [], owasp: ['LLM10:2025'] },
  key_sharing: { aisvs: [], owasp: [] },
  account_takeover: { aisvs: [], owasp: [] },
  volume_anomaly: { aisvs: [], owasp: ['LLM10:2025'] },
};

const METHODS: Record<string, string> = {
  'e-BH':
    'e-BH, the Benjamini-Hochberg procedure on e-values, which holds whatever the dependence between candidates (Wang and Ramdas, 2022)',
  BH: 'the Benjamini-Hochberg procedure on p-values of single accounts (1995)',
};

export function methodWords(error: ErrorControl): string {
  return METHODS[error.method] ?? error.method;
}
