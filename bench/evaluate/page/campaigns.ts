/** Campaigns found, in which time, at what loss, and whose accounts. */
import { average, median, wilson } from '../statistics.ts';
import type { CampaignScore, Tallied } from '../trial/score.ts';
import {
  byId,
  type CaseResult,
  type Evaluation,
  foundIn,
  hostile,
  inSection,
  pooled,
  recallOf,
  scoresOf,
} from './data.ts';
import { figure, fixed, NOTHING, percent, range, table, whole } from './words.ts';

export function campaignsSection(evaluation: Evaluation): string {
  const results = [...hostile(evaluation), ...byId(evaluation, 'A1-whole')].sort(byNumber);
  if (results.length === 0) return '';
  return `## Campaigns

Found: at least half of the accounts in one finding that is at least 90 % theirs. Days run to the sweep that opened the
finding; sweeps are daily. Leaked: exchanges before that sweep, of all that the campaign makes. Days and leak are medians;
leak counts a miss as everything. Findings: how many hold a member, median.

![Share of campaigns found, per adversary](figures/found.svg)

${table(
  [
    'world',
    'found',
    '95 % interval',
    'as distillation',
    'days',
    'days from 100th account',
    'leaked',
    'exchanges leaked',
    'findings',
  ],
  results.map(campaignRow),
)}

![Days to detection, per seed](figures/days.svg)
${secondPools(evaluation)}
## Whose accounts

Recall: of the campaign's accounts, mean over all seeds, misses included. Precision: of the accounts in its findings,
over all seeds together.

${table(['world', 'recall, certain', 'recall, all', 'precision, certain', 'precision, all'], results.map(memberRow))}

${reliability(evaluation)}`;
}

/** A9 before A11, as people count. */
function byNumber(a: CaseResult, b: CaseResult): number {
  return a.one.id.localeCompare(b.one.id, 'en', { numeric: true });
}

function campaignRow(result: CaseResult): string[] {
  const [scores, found] = [scoresOf(result), foundIn(result)];
  const middle = (of: readonly CampaignScore[], read: (score: CampaignScore) => number | undefined) =>
    median(of.map(read).filter((value) => value !== undefined));
  return [
    nameOf(result),
    `${found.length} of ${scores.length}`,
    range(wilson(found.length, scores.length)),
    String(scores.filter(({ distillation }) => distillation).length),
    fixed(
      middle(found, (score) => score.daysFromFirst),
      1,
    ),
    fromHundredth(middle(found, (score) => score.daysFromHundredth)),
    percent(middle(scores, (score) => score.leaked)),
    whole(middle(scores, (score) => score.leakedExchanges)),
    fixed(
      middle(found, (score) => score.fragments),
      0,
    ),
  ];
}

/** Found before it had a hundred accounts, it has no such delay. */
function fromHundredth(days: number): string {
  return days < 0 ? 'before' : fixed(days, 1);
}

function memberRow(result: CaseResult): string[] {
  const scores = scoresOf(result);
  const recall = (read: (score: CampaignScore) => Tallied) =>
    average(scores.map((score) => recallOf(score, read(score))));
  const precision = (read: (score: CampaignScore) => Tallied) => precisionOf(pooled(scores.map(read)));
  return [
    nameOf(result),
    fixed(
      recall(({ certain }) => certain),
      3,
    ),
    fixed(
      recall(({ all }) => all),
      3,
    ),
    precision(({ certain }) => certain),
    precision(({ all }) => all),
  ];
}

function precisionOf({ right, held }: Tallied): string {
  return held === 0 ? NOTHING : (right / held).toFixed(3);
}

export function nameOf({ one }: CaseResult): string {
  return `**${one.id}** ${one.title}`;
}

function secondPools(evaluation: Evaluation): string {
  const pools = inSection(evaluation, 'adversary')
    .flatMap(scoresOf)
    .flatMap(({ secondPool }) => secondPool ?? []);
  if (pools.length === 0) return '';
  const hours = pools.flatMap((pool) => pool.hours ?? []);
  return `
A3 loses its first pool to a ban and goes on with a second. In ${hours.length} of ${pools.length} seeds half of the second
pool's accounts came into the finding that held the first, ${figure(median(hours))} hours after the second pool's first exchange (median;
${figure(Math.max(...hours))} at most).
`;
}

function reliability(evaluation: Evaluation): string {
  const trials = hostile(evaluation).flatMap((result) => result.trials);
  const classes = [
    ['certain', 0.99, pooled(trials.map(({ certain }) => certain))],
    ['probable', 0.9, pooled(trials.map(({ probable }) => probable))],
  ] as const;
  return `What the two words are worth, over every campaign finding in these worlds, false ones included. "Certain" promises a
probability of 0.99 or more, "probable" of 0.90 or more.

${table(
  ['called', 'promised', 'right', '95 % interval', 'accounts'],
  classes.map(([name, promised, { right, held }]) => [
    name,
    percent(promised),
    percent(held === 0 ? Number.NaN : right / held),
    held === 0 ? NOTHING : range(wilson(right, held)),
    whole(held),
  ]),
)}`;
}
