/** What stands below the rule of an alert. A section appears only where there is something to say. */
import { benignSections } from './benign-lines.ts';
import type { Section } from './content.ts';
import { dayMonth, minute, second } from './dates.ts';
import type { Envelope, FindingEnvelope } from './envelope.ts';
import { evidencePhrase } from './evidence-phrases.ts';
import { listPriceWords } from './list-price-words.ts';
import { compact, exact, listed, measure, nats, span, times } from './numbers.ts';

export function details(told: Envelope): Section[] {
  if (told.finding === null) return [about(told, told.at)];
  const parts = [since(told), change(told), because(told), evidence(told), leak(told), ...benignSections(told)];
  return [...parts, links(told), excepted(told), answers(told), about(told, told.data.to)].filter(
    (section) => section !== null,
  );
}

function since({ finding, since: before, case: people }: FindingEnvelope): Section | null {
  const acked = people.ackedBy && people.ackedAt ? `acked by ${people.ackedBy} on ${dayMonth(people.ackedAt)}` : null;
  if (!before) return acked ? { label: 'CASE', text: acked } : null;
  const accounts = finding.accounts.certain + finding.accounts.probable;
  const changes = [
    growth('accounts', before.accounts, accounts),
    growth('exchanges', before.exchanges, finding.exchanges),
    ...before.capabilitiesAdded.map((task) => `new capability ${task}`),
    ...before.groupsAdded.map((group) => `new evidence group ${group}`),
  ];
  const severity =
    before.severity === finding.severity ? 'severity as before' : `severity ${before.severity} -> ${finding.severity}`;
  const parts = [changes.join(', '), severity, ...(acked ? [acked] : [])];
  return { label: 'SINCE', text: `${minute(before.at)}  ${parts.join('; ')}` };
}

function growth(noun: string, before: number, now: number): string {
  if (before === now) return `${noun} as before`;
  const factor = before > 0 ? ` (${times(now / before)})` : '';
  return `${noun} ${exact(before)} -> ${exact(now)}${factor}`;
}

/** What SINCE already says in figures. */
const TOLD = /^(accounts|exchanges|severity|new capability|new evidence group)\b/;

/** Changes beside those of SINCE. The reason of a cleared finding already opens the first screen. */
function change({ finding, since: before }: FindingEnvelope): Section | null {
  if (finding.state !== 'updated' || !finding.reason) return null;
  const parts = finding.reason.split('; ').filter((part) => !before || !TOLD.test(part));
  return parts.length > 0 ? { label: 'ALSO', text: parts.join('; ') } : null;
}

function because({ finding, severityWhy }: FindingEnvelope): Section | null {
  return severityWhy.length === 0 ? null : { label: finding.severity, text: `because: ${severityWhy.join(', ')}` };
}

function evidence({ finding }: FindingEnvelope): Section | null {
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
  const head = ['group', 'counted', 'observed', 'expected', 'nats'];
  return { label: 'EVIDENCE', table: { head, rows, figuresFrom: 2, least: [7, 53] } };
}

/** Only distillation leaks; low is what certain members received, high what all did. */
function leak({ finding, ranges }: FindingEnvelope): Section | null {
  const [low, high] = ranges.outputTokens;
  if (finding.classification !== 'distillation' || high <= 0) return null;
  const worth = listPriceWords(ranges);
  return { label: 'LEAK', text: `${span(low, high, compact)} output tokens${worth ? `, ${worth}` : ''}` };
}

const RELATIONS = { merged_into: 'merged into', split_from: 'split from', successor_of: 'successor of' } as const;

function links({ finding }: FindingEnvelope): Section | null {
  if (finding.links.length === 0) return null;
  const words = finding.links.map((link) => `${RELATIONS[link.relation]} ${link.finding}`);
  return { label: 'LINKS', text: listed(words, 6) };
}

function excepted({ finding, case: people }: FindingEnvelope): Section | null {
  if (people.exceptions.length === 0) return null;
  const certain = exact(finding.accounts.certain);
  const words = people.exceptions.map(
    ({ id, accounts, until }) =>
      `${exact(accounts)} of ${certain} certain accounts, ${id}, until ${until.slice(0, 10)}`,
  );
  return { label: 'EXCEPTED', text: listed(words, 3, '; ') };
}

function answers({ finding }: FindingEnvelope): Section | null {
  if (finding.state === 'cleared') return null;
  const snooze = `stillwatch snooze ${finding.id} --for 4h --reason "..."`;
  return { label: 'ACK', text: `stillwatch ack ${finding.id}     SNOOZE  ${snooze}`, wide: true };
}

function about(told: Envelope, dataTo: string): Section {
  const build = told.build ? [`${told.build.version} config ${told.build.config}`] : [];
  const parts = [
    `message ${told.sequence}`,
    `data to ${second(dataTo)}`,
    `stack:${told.deployment}`,
    ...build,
    told.messageId,
  ];
  return { label: 'ABOUT', text: parts.join(', '), wide: true };
}
