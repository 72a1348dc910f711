/** What, how sure, how bad, aimed at what, what to do now: at most 900 characters, in this order. */
import type { Classification, Finding } from '../findings/finding.ts';
import { type Block, type Clause, clause, type FirstScreen, type Step } from './content.ts';
import { dayMonth, lengthDays, minute } from './dates.ts';
import type { Envelope, FindingEnvelope } from './envelope.ts';
import { compact, coveragePercent, decimal, exact, percent, plural, shortPercent, times } from './numbers.ts';
import { watchBlocks } from './watch-text.ts';

/** A capability is what the members are after from this share of their exchanges and this lift on. */
const TARGET_SHARE = 0.05;
const TARGET_LIFT = 2;

const DOES: Record<Classification, string> = {
  distillation: 'act as one and collect answers',
  coordinated_abuse: 'act as one',
  key_sharing: 'used as if by many people at once',
  account_takeover: 'behaving as if in new hands',
  volume_anomaly: 'far above its own past and its peers',
};

export function firstScreen(told: Envelope): FirstScreen {
  const blocks = told.finding === null ? watchBlocks(told) : findingBlocks(told);
  return { title: told.title, blocks, runbook: told.links.runbook, steps: told.actions.map(step(told)) };
}

/** What a person did needs no more than its line and what it is about. */
function findingBlocks(told: FindingEnvelope): Block[] {
  if (told.line !== undefined) return [{ label: 'CASE', clauses: [clause(told.line)] }, what(told)];
  return [...unacked(told), what(told), sure(told), bad(told), aim(told)];
}

function unacked({ escalation }: FindingEnvelope): Block[] {
  if (escalation === undefined) return [];
  const { minutes, to } = escalation;
  const waited = minutes < 60 ? `${minutes} min` : `${minutes / 60} h`;
  return [{ label: 'CASE', clauses: [clause(`nobody acknowledged it for ${waited}: now to the ${to}`)] }];
}

/** What a command would reach, and above all what it does not. */
function step(told: Envelope): (command: string) => Step {
  return (text) => {
    const note = told.finding === null ? undefined : noteOn(text, told);
    return note === undefined ? { text } : { text, note };
  };
}

function noteOn(command: string, { throttle, finding }: FindingEnvelope): string | undefined {
  if (command.includes('--hold')) return 'keeps the records, touches no account';
  if (command.includes('--members') && finding.kind === 'consumer') return 'ask its owner: is this you?';
  if (!command.includes('--as throttle') || !throttle) return undefined;
  return `${plural(throttle.accounts, 'account')}, ${exact(throttle.verified)} verified`;
}

function what(told: FindingEnvelope): Block {
  const { finding } = told;
  const subject = finding.kind === 'campaign' ? pool(told) : single(told);
  const cleared = finding.state === 'cleared' ? [clause(`Cleared: ${finding.reason ?? 'no longer active'}`)] : [];
  return { label: 'WHAT', clauses: [...cleared, clause(subject)] };
}

/** `4,120 accounts (3,310 certain, 810 probable) of 3,877 orgs act as one and collect answers` */
function pool({ finding, profile }: FindingEnvelope): string {
  const { certain, probable } = finding.accounts;
  const count = `${plural(certain + probable, 'account')} (${exact(certain)} certain, ${exact(probable)} probable)`;
  const orgs = profile.orgs > 0 ? ` of ${plural(profile.orgs, 'org')}` : '';
  return finding.state === 'cleared' ? `It held ${count}${orgs}` : `${count}${orgs} ${DOES[finding.classification]}`;
}

/** `One account at 22x its own usual volume and 856x the median account's, far above its own past and its peers` */
function single({ finding, compare, account }: FindingEnvelope): string {
  const { multiple, medianAccountPerDay } = compare;
  const peers = medianAccountPerDay.members / medianAccountPerDay.all;
  const against = Number.isFinite(peers) && peers > 0 ? ` and ${times(peers)} the median account's` : '';
  const usual =
    multiple !== undefined && Number.isFinite(multiple) ? ` at ${times(multiple)} its own usual volume${against},` : '';
  const count = finding.accounts.certain + finding.accounts.probable;
  const who = count === 1 ? 'one account' : plural(count, 'account');
  const sentence = `${who}${account ? ` (${account})` : ''}${usual} ${DOES[finding.classification]}`;
  return finding.state === 'cleared' ? `It was ${sentence}` : sentence[0]!.toUpperCase() + sentence.slice(1);
}

function sure({ finding, data }: FindingEnvelope): Block {
  const { q, method, expectedFalse } = finding.error;
  const groups = new Set(finding.evidence.map((each) => each.group)).size;
  const expected = `${decimal(expectedFalse)} false findings expected in this sweep`;
  return {
    label: 'SURE',
    clauses: [
      clause(`q ${decimal(q)} (${method}), ${expected}, ${plural(groups, 'evidence group')}`),
      { ...clause(`Coverage ${coveragePercent(data.coverage)}${missing(data)}`), fresh: true },
    ],
  };
}

/** `: 80 min of records missing on 19 Jun from 02:05Z`; of several gaps the longest is named. */
function missing({ gaps, to }: FindingEnvelope['data']): string {
  const longest = gaps.toSorted((a, b) => b.minutes - a.minutes)[0];
  if (!longest) return `, data to ${minute(to)}`;
  const minutes = gaps.reduce((sum, gap) => sum + gap.minutes, 0);
  const where = `on ${dayMonth(longest.from)} from ${minute(longest.from).split(' ').at(-1)}`;
  return `: ${exact(minutes)} min of records missing${gaps.length > 1 ? ', most' : ''} ${where}`;
}

function bad(told: FindingEnvelope): Block {
  const { finding, compare } = told;
  const share = compare.shareOfOutput;
  const sum = `${plural(finding.exchanges, 'exchange')}, ${plural(finding.outputTokens, 'output token', compact)}`;
  const first = dayMonth(finding.window.from);
  const since =
    share > 0 ? `, ${shortPercent(share)} of all output since ${first}` : `, ${lengthDays(finding.window)} d`;
  return { label: 'BAD', clauses: [clause(`${sum}${since}`), ...rate(compare), ...median(told)] };
}

/** `last4d` and its mean, `prior3d` and its. */
function rates(compare: FindingEnvelope['compare']): { last: number; prior: number; priorDays: number } {
  const entries = Object.entries(compare.exchangesPerDay);
  const [, last = 0] = entries.find(([name]) => name.startsWith('last')) ?? [];
  const [name = '', prior = 0] = entries.find(([key]) => key.startsWith('prior')) ?? [];
  return { last, prior, priorDays: Number.parseInt(name.slice('prior'.length), 10) };
}

/** `117k exchanges a day, 1.5x the 3 days before` */
function rate(compare: FindingEnvelope['compare']): Clause[] {
  const { last, prior, priorDays } = rates(compare);
  if (last <= 0 && prior <= 0) return [];
  const days = `the ${priorDays === 1 ? 'day' : `${priorDays} days`} before`;
  // A multiple of next to nothing says less than the two figures.
  const leap = last >= 100 * prior ? `up from ${decimal(prior)} in ${days}` : `${times(last / prior)} ${days}`;
  const change = prior > 0 ? leap : `none in ${days}`;
  return [clause(`${compact(last)} exchanges a day${priorDays > 0 ? `, ${change}` : ''}`, 2)];
}

function median({ finding, compare }: FindingEnvelope): Clause[] {
  const { members, all } = compare.medianAccountPerDay;
  if (members <= 0) return [];
  const pool = finding.kind === 'campaign';
  const value = pool ? `Median account ${decimal(members)} a day` : `Median day ${decimal(members)}`;
  return [clause(`${value} (all accounts: ${decimal(all)})`, 3)];
}

/** What the finding is after, most exchanges first. */
export function targets(finding: Finding): Finding['capabilities'] {
  return finding.capabilities
    .filter((each) => each.share >= TARGET_SHARE && each.lift >= TARGET_LIFT)
    .toSorted((a, b) => b.share - a.share);
}

function aim({ finding, since }: FindingEnvelope): Block {
  const added = new Set(since?.capabilitiesAdded ?? []);
  const aimed = targets(finding);
  if (aimed.length === 0) return { label: 'AIM', clauses: [clause(spread(finding))] };
  const words = aimed.map(
    ({ task, share, lift }) => `${task} ${shortPercent(share)} (${times(lift)}${added.has(task) ? ', new' : ''})`,
  );
  const more = words.length > 3 ? ` and ${words.length - 3} more` : '';
  return { label: 'AIM', clauses: [clause(words.slice(0, 3).join(', ') + more)] };
}

function spread(finding: Finding): string {
  const most = finding.capabilities.toSorted((a, b) => b.share - a.share)[0];
  if (!most) return 'not known: the exchanges carry no task';
  return `no capability above ${TARGET_LIFT}x the population; most is ${most.task}, ${percent(most.share)} (${times(most.lift)})`;
}
