/** The comparison with the rules that people use today. */

import type { Baseline } from '../../baselines/baseline.ts';
import { BASELINES } from '../../baselines/index.ts';
import { average, median, sum } from '../statistics.ts';
import {
  accountWeeks,
  type CaseResult,
  type Evaluation,
  foundIn,
  hostile,
  inSection,
  pooled,
  recallOf,
  scoresOf,
} from './data.ts';
import { figure, fixed, NOTHING, percent, table } from './words.ts';

type At = 'usual' | 'set';

export function comparedRules({ thresholds }: Evaluation): Baseline[] {
  return BASELINES.filter(({ id }) => thresholds[id] !== undefined);
}

const verdictsOf = ({ trials }: CaseResult, id: string, at: At) => trials.flatMap(({ rules }) => rules[id]?.[at] ?? []);

/** Share of seeds in which the rule finds the campaign. */
export function ruleFound(result: CaseResult, id: string, at: At): number {
  return average(verdictsOf(result, id, at).map(({ found }) => Number(found)));
}

export function rulesSection(evaluation: Evaluation): string {
  const worlds = hostile(evaluation).filter(({ one }) => one.compared);
  const quiet = inSection(evaluation, 'null');
  if (worlds.length === 0) return '';
  const rows = comparedRules(evaluation).flatMap((rule) =>
    (['set', 'usual'] as const).map((at) => ruleRow(evaluation, rule, at, worlds, quiet)),
  );
  return `## Against what people use today

The same worlds and the same truth. A rule finds a campaign where one group that it accuses holds at least half of the
campaign's accounts and is at least 90 % theirs; for rules about single accounts, all accused are one group. Each rule is
shown at the threshold at which it accused one innocent account in a thousand a week in worlds kept apart for that, and
at one in common use. Days: until half of the campaign was accused.

![Share of campaigns found by each rule](figures/rules.svg)

${table(
  [
    'rule',
    'threshold',
    'campaigns found',
    "campaigns' accounts accused",
    'precision',
    'days',
    'innocent accused per 1,000 and week, null worlds',
  ],
  [ourRow(worlds, quiet), ...rows],
)}`;
}

function ourRow(worlds: readonly CaseResult[], quiet: readonly CaseResult[]): string[] {
  const scores = worlds.flatMap(scoresOf);
  const members = worlds.flatMap(({ trials }) => trials.flatMap(({ certain, probable }) => [certain, probable]));
  const { right, held } = pooled(members);
  const innocent = sum(quiet.flatMap(({ trials }) => trials.map((trial) => trial.innocent)));
  return [
    '**Stillwatch**',
    'e-BH at 0.05',
    percent(worlds.flatMap(foundIn).length / scores.length),
    percent(average(scores.map((score) => recallOf(score, score.all)))),
    percent(held === 0 ? Number.NaN : right / held),
    fixed(median(worlds.flatMap(foundIn).map(({ daysFromFirst }) => daysFromFirst ?? Number.NaN)), 1),
    quiet.length === 0 ? NOTHING : figure((1000 * innocent) / accountWeeks(quiet)),
  ];
}

function ruleRow(
  { thresholds }: Evaluation,
  rule: Baseline,
  at: At,
  worlds: readonly CaseResult[],
  quiet: readonly CaseResult[],
): string[] {
  const verdicts = worlds.flatMap((result) => verdictsOf(result, rule.id, at));
  const [right, accused] = [sum(verdicts.map((one) => one.right)), sum(verdicts.map((one) => one.accused))];
  const innocent = sum(quiet.flatMap((result) => verdictsOf(result, rule.id, at)).map((one) => one.accused));
  const days = worlds.flatMap((result) =>
    verdictsOf(result, rule.id, at).flatMap(({ halfDay }) =>
      halfDay === undefined ? [] : [halfDay + 1 - startDay(result)],
    ),
  );
  return [
    rule.title,
    `${figure(thresholds[rule.id]![at])} ${rule.unit}, ${at === 'set' ? 'set' : rule.usualFrom}`,
    percent(average(verdicts.map(({ found }) => Number(found)))),
    percent(average(verdicts.map((one) => one.right / Math.max(1, one.size)))),
    percent(accused === 0 ? Number.NaN : right / accused),
    fixed(median(days), 1),
    quiet.length === 0 ? NOTHING : figure((1000 * innocent) / accountWeeks(quiet)),
  ];
}

function startDay({ one }: CaseResult): number {
  return one.world('').campaigns?.[0]?.start ?? 0;
}
