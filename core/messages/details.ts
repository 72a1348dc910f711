/** What stands below the rule of an alert. A section appears only where there is something to say. */
import type { BenignCheck } from '../findings/transition.ts';
import type { Section, Told } from './content.ts';
import { minute, second } from './dates.ts';
import { messageId } from './envelope.ts';
import { evidencePhrase } from './evidence-phrases.ts';
import { compact, exact, measure, money, nats, span, times } from './numbers.ts';
import type { MessageSettings } from './settings.ts';
import { CAUSE_WORDS } from './words.ts';

export function details(told: Told, settings: MessageSettings): Section[] {
  return [since(told), change(told), because(told), evidence(told), leak(told, settings), ...benign(told), links(told)]
    .concat(about(told, settings))
    .filter((section) => section !== null);
}

function since({ finding, context }: Told): Section | null {
  const { since: before } = context;
  if (!before) return null;
  const accounts = finding.accounts.certain + finding.accounts.probable;
  const parts = [
    growth('accounts', before.accounts, accounts),
    growth('exchanges', before.exchanges, finding.exchanges),
    before.severity === finding.severity ? 'severity as before' : `severity ${before.severity} -> ${finding.severity}`,
    ...before.capabilitiesAdded.map((task) => `new capability ${task}`),
    ...before.groupsAdded.map((group) => `new evidence group ${group}`),
  ];
  return { label: 'SINCE', text: `${minute(before.at)}: ${parts.join(', ')}` };
}

function growth(noun: string, before: number, now: number): string {
  if (before === now) return `${noun} as before`;
  const factor = before > 0 ? ` (${times(now / before)})` : '';
  return `${noun} ${exact(before)} -> ${exact(now)}${factor}`;
}

/** What SINCE already says in figures. */
const TOLD = /^(accounts|exchanges|severity|new capability|new evidence group)\b/;

/** Changes beside those of SINCE. The reason of a cleared finding already opens the first screen. */
function change({ finding, context }: Told): Section | null {
  if (finding.state !== 'updated' || !finding.reason) return null;
  const parts = finding.reason.split('; ').filter((part) => !context.since || !TOLD.test(part));
  return parts.length > 0 ? { label: 'ALSO', text: parts.join('; ') } : null;
}

function because({ finding, context }: Told): Section | null {
  if (context.severityWhy.length === 0) return null;
  return { label: finding.severity, text: `because: ${context.severityWhy.join(', ')}` };
}

function evidence({ finding }: Told): Section | null {
  if (finding.evidence.length === 0) return null;
  const rows = finding.evidence
    .slice(0, 5)
    .map((each) => [
      each.group,
      evidencePhrase(each),
      measure(each.observed, each.unit),
      measure(each.expected, each.unit),
      nats(each.strength),
    ]);
  return {
    label: 'EVIDENCE',
    table: { head: ['group', 'counted', 'observed', 'expected', 'nats'], rows, figuresFrom: 2 },
  };
}

/** Only distillation leaks; low is what certain members received, high what all did. */
function leak({ finding, context }: Told, settings: MessageSettings): Section | null {
  const [low, high] = context.ranges.outputTokens;
  if (finding.classification !== 'distillation' || high <= 0) return null;
  const tokens = `${span(low, high, compact)} output tokens`;
  const price = settings.listPrice;
  if (!price) return { label: 'LEAK', text: tokens };
  const cost = (count: number) => (count / 1e6) * price.perMillionOutputTokens;
  const worth = `${money(cost(low), price.currency)} to ${exact(Number(cost(high).toPrecision(3)))}`;
  const rate = `${price.currency} ${price.perMillionOutputTokens} per million`;
  return { label: 'LEAK', text: `${tokens}, ${worth} at the list price of ${rate}` };
}

const RESULTS: [BenignCheck['result'], string][] = [
  ['explains', 'EXPLAINED IN PART BY'],
  ['partly', 'PARTLY EXPLAINED BY'],
  ['ruled_out', 'CHECKED, NOT THE CAUSE'],
  ['not_checked', 'NOT CHECKED'],
];

function benign({ context }: Told): Section[] {
  return RESULTS.flatMap(([result, label]) => {
    const rows = groupedChecks(context.benign.filter((check) => check.result === result));
    return rows.length === 0 ? [] : [{ label, table: { head: [], rows, figuresFrom: 2 } }];
  });
}

/** Causes with the same measurement share a line: `corporate NAT, carrier NAT`. */
export function groupedChecks(checks: readonly BenignCheck[]): [string, string][] {
  const lines = new Map<string, string[]>();
  for (const check of checks) {
    const measured = checkWords(check);
    lines.set(measured, [...(lines.get(measured) ?? []), CAUSE_WORDS[check.cause]]);
  }
  return [...lines].map(([measured, causes]) => [causes.join(', '), measured]);
}

/** `0.4% of exchanges (explains from 50%)` */
export function checkWords(check: BenignCheck): string {
  if (check.result === 'not_checked') return check.why ?? 'the fields it needs are missing';
  if (check.value === undefined) return check.why ?? 'does not fit';
  const unit = check.unit ?? '';
  const noun = unit.replace(/^share of /, 'of ');
  // A cause that is ruled out by a value above its limit is one of few, not of many: one organisation, say.
  const side =
    check.result === 'ruled_out' && check.limit !== undefined && check.value > check.limit ? 'up to' : 'from';
  const limit = check.limit === undefined ? '' : ` (explains ${side} ${measure(check.limit, unit)})`;
  return `${measure(check.value, unit)} ${noun}`.trimEnd() + limit;
}

const RELATIONS = { merged_into: 'merged into', split_from: 'split from', successor_of: 'successor of' } as const;

function links({ finding }: Told): Section | null {
  if (finding.links.length === 0) return null;
  const shown = finding.links.slice(0, 6).map((link) => `${RELATIONS[link.relation]} ${link.finding}`);
  const more = finding.links.length > 6 ? ` and ${finding.links.length - 6} more` : '';
  return { label: 'LINKS', text: shown.join(', ') + more };
}

function about(told: Told, settings: MessageSettings): Section {
  const { context } = told;
  const build = settings.build ? [`${settings.build.version} config ${settings.build.config}`] : [];
  const parts = [
    `message ${context.sequence}`,
    `data to ${second(context.data.to)}`,
    `${exact(context.candidates)} candidates examined`,
    settings.deployment,
    ...build,
    messageId(told, settings),
  ];
  return { label: 'ABOUT', text: parts.join(', ') };
}
