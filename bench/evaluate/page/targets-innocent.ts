/** Targets on whom nobody should accuse, and on the queue of single consumers. */
import { binomialUpper, meanBounds, poissonUpper, sum } from '../statistics.ts';
import { accountWeeks, byId, type CaseResult, type Evaluation, inSection, scoresOf } from './data.ts';
import { type Target, worst } from './target.ts';
import { figure, percent } from './words.ts';

const MILLION = 1e6;

export function nullTargets(evaluation: Evaluation): Target[] {
  const results = inSection(evaluation, 'null', 'large-null');
  const trials = results.flatMap((result) => result.trials);
  if (trials.length === 0) return [];
  const exposure = accountWeeks(results) / MILLION;
  const campaigns = sum(trials.map(({ falseCampaigns }) => falseCampaigns));
  const innocent = sum(trials.map((trial) => trial.innocent));
  return [
    {
      item: 'false campaigns in null worlds, a week per million accounts',
      target: 'at most 1',
      measured: `${figure(campaigns / exposure)} (${campaigns} in ${figure(exposure)} million account-weeks; 95 % bound ${figure(poissonUpper(campaigns) / exposure)})`,
      // Met when the bound is; a rate below it alone may be luck.
      met: poissonUpper(campaigns) <= exposure || (campaigns <= exposure ? 'open' : false),
    },
    {
      item: 'innocent accounts in campaigns there, a week per million',
      target: 'at most 20',
      measured: figure(innocent / exposure),
      met: innocent <= 20 * exposure,
    },
    ...eValueTarget(inSection(evaluation, 'null', 'large-null')),
  ];
}

function eValueTarget(results: readonly CaseResult[]): Target[] {
  const means = eValueMeans(results);
  if (means.length < 2) return [];
  const { mean, lower, upper } = meanBounds(means);
  return [
    {
      item: 'mean e-value of null candidates',
      target: 'at most 1 (lower 95 % bound)',
      measured: `${figure(mean)} (${figure(lower)} to ${figure(upper)})`,
      met: lower <= 1,
    },
  ];
}

/** One mean per trial with candidates: those of one world are not independent. */
export function eValueMeans(results: readonly CaseResult[]): number[] {
  return results.flatMap(({ trials }) =>
    trials.flatMap(({ eValues }) => (eValues.candidates > 0 ? [eValues.mean] : [])),
  );
}

export function lookalikeTargets(evaluation: Evaluation): Target[] {
  const results = inSection(evaluation, 'look-alike');
  if (results.length === 0) return [];
  const accused = results.filter(({ trials }) => trials.some(({ falseDistillations }) => falseDistillations > 0));
  const seeds = Math.min(...results.map(({ trials }) => trials.length));
  return [
    {
      item: 'look-alikes called distillation',
      target: 'none',
      measured:
        accused.length === 0
          ? `none in ${seeds} seeds each (95 % bound ${percent(binomialUpper(0, seeds))} each)`
          : accused.map(({ one }) => one.id).join(', '),
      met: accused.length === 0,
    },
    ...lookalikeEValues(results),
  ];
}

function lookalikeEValues(results: readonly CaseResult[]): Target[] {
  const bounds = results
    .map((result) => ({ id: result.one.id, means: eValueMeans([result]) }))
    .filter(({ means }) => means.length > 1)
    .map(({ id, means }) => ({ id, ...meanBounds(means) }));
  const [highest] = bounds.toSorted((a, b) => b.mean - a.mean);
  if (highest === undefined) return [];
  const above = bounds.filter(({ lower }) => lower > 1).map(({ id, mean }) => `${id} ${figure(mean)}`);
  return [
    {
      item: 'mean e-value of candidates, each look-alike',
      target: 'at most 1 (lower 95 % bound)',
      measured: above.length > 0 ? `above: ${above.join(', ')}` : `${figure(highest.mean)} at most (${highest.id})`,
      met: above.length === 0,
    },
  ];
}

/** Hours within which a consumer should be in the queue. */
export const CONSUMER_HOURS = 48;

/** Those that are a matter of one account, and the few busy ones of A2. */
export function withinQueue(evaluation: Evaluation): CaseResult[] {
  return [...byId(evaluation, 'A2'), ...inSection(evaluation, 'consumer')];
}

export function withinHours(result: CaseResult): number {
  return scoresOf(result).filter(({ hoursToAny }) => hoursToAny !== undefined && hoursToAny <= CONSUMER_HOURS).length;
}

export function consumerTargets(evaluation: Evaluation): Target[] {
  const results = withinQueue(evaluation);
  const shares = results.map((result) => ({ id: result.one.id, share: withinHours(result) / scoresOf(result).length }));
  const rates = nullRatesOfLarge(evaluation);
  return [
    ...worst(
      shares,
      `heavy consumers (${results.map(({ one }) => one.id).join(', ')}): told within ${CONSUMER_HOURS} h`,
      0.9,
    ),
    ...(rates === undefined
      ? []
      : [
          {
            item: 'consumers told in large null worlds, a week per million accounts',
            target: 'at most 20',
            measured: figure(rates),
            met: rates <= 20,
          },
        ]),
  ];
}

/** Small worlds have a budget of one a week, whatever their size: only the large ones say something of a million. */
function nullRatesOfLarge(evaluation: Evaluation): number | undefined {
  const results = inSection(evaluation, 'large-null');
  if (results.length === 0) return undefined;
  const opened = sum(results.flatMap(({ trials }) => trials.map(({ consumers }) => consumers)));
  return opened / (accountWeeks(results) / MILLION);
}
