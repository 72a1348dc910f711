/** Worlds without a campaign: who is accused in them. */
import { binomialUpper, meanBounds, poissonUpper, sum } from '../statistics.ts';
import { nameOf } from './campaigns.ts';
import { accountWeeks, type CaseResult, type Evaluation, hostile, inSection, scoresOf } from './data.ts';
import { CONSUMER_HOURS, eValueMeans, withinHours, withinQueue } from './targets-innocent.ts';
import { figure, fixed, NOTHING, percent, table } from './words.ts';

export function innocentSection(evaluation: Evaluation): string {
  const nulls = inSection(evaluation, 'null', 'large-null');
  const lookalikes = inSection(evaluation, 'look-alike');
  const parts = [
    nulls.length > 0 ? nullPart(nulls) : '',
    lookalikes.length > 0 ? lookalikePart(lookalikes) : '',
    besides(evaluation),
  ];
  return `## The innocent\n\n${parts.filter((part) => part !== '').join('\n\n')}`;
}

function nullPart(results: readonly CaseResult[]): string {
  const trials = results.flatMap((result) => result.trials);
  const active = sum(trials.map((trial) => trial.active)) / sum(trials.map(({ registered }) => registered));
  return `Null worlds hold nobody hostile. Accounts are those registered; ${percent(active)} of them have any traffic. The bound
is Poisson's, one-sided at 95 %: what a count of that size still allows.

${table(
  [
    'world',
    'seeds',
    'million account-weeks',
    'false campaigns',
    'a week per million',
    '95 % bound',
    'innocent accounts',
    'consumers told',
    'mean e-value',
  ],
  [
    ...results.map((result) => nullRow(nameOf(result), [result])),
    ...(results.length > 1 ? [nullRow('together', results)] : []),
  ],
)}

The e-values of candidates must have a mean of at most 1 where nobody is hostile: then the stated error holds. Given is
the mean over trials with its 90 % interval.`;
}

function nullRow(name: string, results: readonly CaseResult[]): string[] {
  const trials = results.flatMap((result) => result.trials);
  const exposure = accountWeeks(results) / 1e6;
  const campaigns = sum(trials.map(({ falseCampaigns }) => falseCampaigns));
  return [
    name,
    String(trials.length),
    figure(exposure),
    String(campaigns),
    figure(campaigns / exposure),
    figure(poissonUpper(campaigns) / exposure),
    String(sum(trials.map(({ innocent }) => innocent))),
    String(sum(trials.map(({ consumers }) => consumers))),
    eValueCell(results),
  ];
}

function eValueCell(results: readonly CaseResult[]): string {
  const means = eValueMeans(results);
  if (means.length < 2) return NOTHING;
  const { mean, lower, upper } = meanBounds(means);
  return `${figure(mean)} (${figure(Math.max(0, lower))} to ${figure(upper)})`;
}

function lookalikePart(results: readonly CaseResult[]): string {
  return `Look-alikes share what campaigns share, for an innocent reason. The bound is the upper end of the one-sided 95 %
interval of the share of seeds in which anybody is accused (Clopper and Pearson).

${table(
  [
    'world',
    'accused in',
    '95 % bound',
    'campaigns opened',
    'called distillation',
    'innocent accounts',
    'consumers told',
    'mean e-value',
  ],
  results.map((result) => {
    const { trials } = result;
    const accused = trials.filter(({ falseCampaigns }) => falseCampaigns > 0).length;
    return [
      nameOf(result),
      `${accused} of ${trials.length} seeds`,
      percent(binomialUpper(accused, trials.length)),
      String(sum(trials.map(({ falseCampaigns }) => falseCampaigns))),
      String(sum(trials.map(({ falseDistillations }) => falseDistillations))),
      String(sum(trials.map(({ innocent }) => innocent))),
      String(sum(trials.map(({ consumers }) => consumers))),
      eValueCell([result]),
    ];
  }),
)}`;
}

function besides(evaluation: Evaluation): string {
  const results = hostile(evaluation);
  if (results.length === 0) return '';
  const trials = results.flatMap((result) => result.trials);
  return `In the ${trials.length} worlds with a campaign, ${sum(trials.map(({ falseCampaigns }) => falseCampaigns))} findings held nobody of it, and ${sum(trials.map(({ innocent }) => innocent))} innocent accounts
were in any campaign finding, its own included.`;
}

export function consumersSection(evaluation: Evaluation): string {
  const results = withinQueue(evaluation);
  if (results.length === 0) return '';
  const large = inSection(evaluation, 'large-null');
  return `## Single heavy consumers

One account that is abnormal by itself goes to a queue, never to a page. The queue is bounded at 20 a week per million
accounts and at least one a week; so a world of 3,000 accounts may be told of one a week, however quiet it is. A
campaign that holds the account counts too: A2 is both.

${table(
  ['world', `told within ${CONSUMER_HOURS} h`, 'ever', 'others told a week'],
  results.map((result) => {
    const scores = scoresOf(result);
    const ever = scores.filter(({ hoursToAny }) => hoursToAny !== undefined).length;
    const others = sum(result.trials.map(({ consumers }) => consumers)) - ever;
    return [
      nameOf(result),
      `${withinHours(result)} of ${scores.length}`,
      `${ever} of ${scores.length}`,
      fixed(Math.max(0, others) / sum(result.trials.map(({ weeks }) => weeks)), 2),
    ];
  }),
)}
${large.length === 0 ? '' : `\nIn the large null worlds ${figure(sum(large.flatMap(({ trials }) => trials.map(({ consumers }) => consumers))) / (accountWeeks(large) / 1e6))} a week per million accounts were told.\n`}`;
}
