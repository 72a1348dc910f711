/** What was asked for, what was measured, and whether that is enough. */
import { average, median } from '../statistics.ts';
import {
  byId,
  type CaseResult,
  type Evaluation,
  foundIn,
  foundShare,
  hostile,
  meanRecall,
  pooled,
  recallOf,
  scoresOf,
} from './data.ts';
import { type Target, worst } from './target.ts';
import { consumerTargets, lookalikeTargets, nullTargets } from './targets-innocent.ts';
import { fixed, percent, table } from './words.ts';

const OPEN = ['A2', 'A3', 'A4', 'A5', 'A6', 'A12', 'A13', 'A14', 'A19', 'A19b'];
const CAREFUL = ['A7', 'A8', 'A9', 'A11-10', 'A11-25'];

export function targetsOf(evaluation: Evaluation): Target[] {
  return [
    ...headlineTargets(evaluation),
    ...foundTarget(byId(evaluation, ...OPEN), 'A2-A6, A12-A14, A19: found', 0.95),
    ...foundTarget(byId(evaluation, ...CAREFUL), 'A7-A9, A11 from 10 %: found', 0.8),
    ...recallTarget(byId(evaluation, ...CAREFUL), 'the same: accounts found', 0.45),
    ...foundTarget(byId(evaluation, 'A11-5'), 'A11 at 5 %: found', 0.5),
    ...secondPoolTarget(evaluation),
    ...precisionTargets(evaluation),
    ...nullTargets(evaluation),
    ...lookalikeTargets(evaluation),
    ...consumerTargets(evaluation),
    ...byId(evaluation, 'A20').map((result) => ({
      item: 'A20, everything hidden',
      target: 'none: to be reported',
      measured: `found in ${foundIn(result).length} of ${result.trials.length} seeds`,
    })),
  ];
}

const MET = { true: 'yes', false: '**no**', open: 'not shown' } as const;

export function targetsSection(evaluation: Evaluation): string {
  const rows = targetsOf(evaluation).map(({ item, target, measured, met }) => [
    item,
    target,
    measured,
    met === undefined ? '' : MET[String(met) as keyof typeof MET],
  ]);
  return `## At a glance\n\n${table(['what', 'target', 'measured', 'met'], rows)}`;
}

function headlineTargets(evaluation: Evaluation): Target[] {
  return byId(evaluation, 'A1').flatMap((result) => {
    const [scores, found] = [scoresOf(result), foundIn(result)];
    const share = found.length / scores.length;
    const days = median(found.map(({ daysFromFirst }) => daysFromFirst ?? Number.NaN));
    const leaked = median(scores.map((score) => score.leaked));
    const certain = average(scores.map((score) => recallOf(score, score.certain)));
    const all = average(scores.map((score) => recallOf(score, score.all)));
    return [
      {
        item: 'A1, the headline case: found',
        target: 'at least 95 %',
        measured: ofSeeds(found.length, scores.length),
        met: share >= 0.95,
      },
      { item: 'A1: days to detection, median', target: 'at most 3', measured: fixed(days, 1), met: days <= 3 },
      { item: 'A1: leaked before, median', target: 'at most 7 %', measured: percent(leaked), met: leaked <= 0.07 },
      {
        item: 'A1: accounts found, certain',
        target: 'at least 75 %',
        measured: percent(certain),
        met: certain >= 0.75,
      },
      { item: 'A1: accounts found, all', target: 'at least 90 %', measured: percent(all), met: all >= 0.9 },
    ];
  });
}

function ofSeeds(found: number, seeds: number): string {
  return `${percent(found / seeds)} (${found} of ${seeds} seeds)`;
}

/** The worst of the cases decides. */
function foundTarget(results: readonly CaseResult[], item: string, least: number): Target[] {
  const shares = results.map((result) => ({ id: result.one.id, share: foundShare(result) }));
  return worst(shares, item, least);
}

function recallTarget(results: readonly CaseResult[], item: string, least: number): Target[] {
  const shares = results.map((result) => ({ id: result.one.id, share: meanRecall(result) }));
  return worst(shares, item, least);
}

function secondPoolTarget(evaluation: Evaluation): Target[] {
  return byId(evaluation, 'A3').map((result) => {
    const pools = scoresOf(result).flatMap(({ secondPool }) => secondPool ?? []);
    const soon = pools.filter(({ hours }) => hours !== undefined && hours <= 24).length;
    return {
      item: 'A3: second pool in the same finding within 24 h',
      target: 'always',
      measured: ofSeeds(soon, pools.length),
      met: pools.length > 0 && soon === pools.length,
    };
  });
}

function precisionTargets(evaluation: Evaluation): Target[] {
  const trials = hostile(evaluation).flatMap((result) => result.trials);
  if (trials.length === 0) return [];
  const certain = pooled(trials.map((trial) => trial.certain));
  const all = pooled(trials.flatMap((trial) => [trial.certain, trial.probable]));
  const row = (item: string, { right, held }: typeof all, least: number): Target => ({
    item,
    target: `at least ${percent(least)}`,
    measured: `${percent(right / held)} (${held - right} wrong of ${held})`,
    met: right >= least * held,
  });
  return [
    row('accounts called certain: right', certain, 0.99),
    row('accounts called certain or probable: right', all, 0.97),
  ];
}
