/** What, how sure, how bad, aimed at what, what to do now: at most 900 characters, in this order. */
import type { Classification, Finding } from '../findings/finding.ts';
import type { TransitionContext } from '../findings/transition.ts';
import { type Block, type Clause, clause, type FirstScreen, type Told } from './content.ts';
import { dayRange, lengthDays, minute } from './dates.ts';
import { compact, coveragePercent, decimal, exact, percent, plural, times } from './numbers.ts';
import { actionsFor, type MessageSettings, runbookLink } from './settings.ts';
import { alertTitle } from './title.ts';

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

export function firstScreen(told: Told, settings: MessageSettings): FirstScreen {
  const { finding } = told;
  return {
    title: alertTitle(told),
    blocks: [what(told, settings), sure(told), bad(told), aim(told)],
    runbook: runbookLink(settings, finding),
    steps: actionsFor(settings, finding).map(({ command, note }) => ({ text: command, ...(note ? { note } : {}) })),
  };
}

function what(told: Told, settings: MessageSettings): Block {
  const { finding } = told;
  const subject = finding.kind === 'campaign' ? pool(told) : single(told, settings);
  const cleared = finding.state === 'cleared' ? [clause(`Cleared: ${finding.reason ?? 'no longer active'}`)] : [];
  return { label: 'WHAT', clauses: [...cleared, clause(subject)] };
}

/** `4,120 accounts (3,310 certain, 810 probable) of 3,877 orgs act as one and collect answers` */
function pool({ finding, context }: Told): string {
  const { certain, probable } = finding.accounts;
  const count = `${plural(certain + probable, 'account')} (${exact(certain)} certain, ${exact(probable)} probable)`;
  const orgs = context.profile.orgs > 0 ? ` of ${plural(context.profile.orgs, 'org')}` : '';
  return finding.state === 'cleared' ? `It held ${count}${orgs}` : `${count}${orgs} ${DOES[finding.classification]}`;
}

/** `One account at 22x its own usual volume, far above its own past and its peers` */
function single(told: Told, settings: MessageSettings): string {
  const { finding, context, members } = told;
  const account = settings.showAccount ? members?.[0]?.account : undefined;
  const usual = context.compare.multiple;
  const multiple = usual !== undefined && Number.isFinite(usual) ? ` at ${times(usual)} its own usual volume,` : '';
  const count = finding.accounts.certain + finding.accounts.probable;
  const who = count === 1 ? 'one account' : plural(count, 'account');
  const sentence = `${who}${account ? ` (${account})` : ''}${multiple} ${DOES[finding.classification]}`;
  return finding.state === 'cleared' ? `It was ${sentence}` : sentence[0]!.toUpperCase() + sentence.slice(1);
}

function sure({ finding, context }: Told): Block {
  const { q, method, expectedFalse } = finding.error;
  const groups = new Set(finding.evidence.map((each) => each.group)).size;
  return {
    label: 'SURE',
    clauses: [
      clause(
        `q ${decimal(q)} (${method}), ${decimal(expectedFalse)} false findings expected in this sweep, ` +
          plural(groups, 'evidence group'),
      ),
      clause(`Coverage ${coveragePercent(context.data.coverage)}, data to ${minute(context.data.to)}`),
    ],
  };
}

function bad({ finding, context }: Told): Block {
  const share = context.compare.shareOfOutput;
  const sum = `${plural(finding.exchanges, 'exchange')}, ${plural(finding.outputTokens, 'output token', compact)}`;
  const week = share > 0 ? `, ${percent(share)} of all output of the last 7 days` : '';
  return {
    label: 'BAD',
    clauses: [
      clause(`${sum}${week}`),
      clause(`${dayRange(finding.window)}, ${plural(lengthDays(finding.window), 'day')}`, 1),
      ...rate(context),
      ...median(finding, context),
    ],
  };
}

/** `117k exchanges a day, 1.5x the 3 days before` */
function rate({ compare }: TransitionContext): Clause[] {
  const { last, prior, days } = compare.exchangesPerDay;
  if (last <= 0 && prior <= 0) return [];
  const before = `the ${days === 1 ? 'day' : `${days} days`} before`;
  // A multiple of next to nothing says less than the two figures.
  const leap = last >= 100 * prior ? `up from ${decimal(prior)} in ${before}` : `${times(last / prior)} ${before}`;
  const change = prior > 0 ? leap : `none in ${before}`;
  return [clause(`${compact(last)} exchanges a day, ${change}`, 2)];
}

function median(finding: Finding, { compare }: TransitionContext): Clause[] {
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

function aim({ finding, context }: Told): Block {
  const added = new Set(context.since?.capabilitiesAdded ?? []);
  const aimed = targets(finding);
  if (aimed.length === 0) return { label: 'AIM', clauses: [clause(spread(finding))] };
  const words = aimed.map(
    ({ task, share, lift }) => `${task} ${percent(share)} (${times(lift)}${added.has(task) ? ', new' : ''})`,
  );
  const more = words.length > 3 ? ` and ${words.length - 3} more` : '';
  return { label: 'AIM', clauses: [clause(words.slice(0, 3).join(', ') + more)] };
}

function spread(finding: Finding): string {
  const most = finding.capabilities.toSorted((a, b) => b.share - a.share)[0];
  if (!most) return 'not known: the exchanges carry no task';
  return `no capability above ${TARGET_LIFT}x the population; most is ${most.task}, ${percent(most.share)} (${times(most.lift)})`;
}
