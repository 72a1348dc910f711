/** `docs/evaluation.md` from the trials. */
import type { Score, Trial } from './trial.ts';
import type { Case } from './worlds.ts';

export interface CaseTrials {
  one: Case;
  trials: Trial[];
}

export function evaluationPage(all: readonly CaseTrials[], seeds: number): string {
  const of = (kind: Case['kind']) => all.filter(({ one }) => one.kind === kind);
  return `# Evaluation

How often campaigns are found, how much leaks before, and how often the innocent are accused, in simulated worlds:
${seeds} seeds a world, none of which was used to build anything. A world has 3,000 benign accounts (about half of
them active), 14 days, one sweep a day. Made by \`npm run evaluate\`.

Simulated worlds measure consistency with stated assumptions, not accuracy in the field. Nobody publishes traffic of
LLM accounts with labels of coordination.

## Campaigns

Found: at least half of the accounts in one finding that is at least 90 % theirs. Intervals are 95 % (Wilson). Days run
from the first exchange to the sweep that opened the finding; sweeps are daily, so one day is the least. Medians over
the seeds where it was found, account figures over all seeds.

| world | found | interval | as distillation | days | leaked | certain precision | certain recall | all precision | all recall | findings |
| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |
${of('adversary').map(adversaryRow).join('\n')}

A20 is the honest miss: nothing links its accounts, so nothing can.

## The innocent

| world | campaigns opened | as distillation | seeds with any | upper bound on that rate | consumers opened |
| --- | --- | --- | --- | --- | --- |
${[...of('look-alike'), ...of('null')].map(innocentRow).join('\n')}

The bound is the upper end of the 95 % interval (Clopper-Pearson one-sided: none in n seeds allows 1 - 0.05^(1/n)).
Across all worlds with a campaign in them, findings of somebody else: ${sum(of('adversary'), (trial) => trial.falseCampaigns)}.

## What is weak

${weaknesses(all)}
`;
}

function adversaryRow({ one, trials }: CaseTrials): string {
  const scores = trials.flatMap((trial) => trial.scores);
  const found = scores.filter((score) => score.found);
  const [low, high] = wilson(found.length, scores.length);
  const mid = (read: (score: Score) => number) => median(found.map(read));
  const mean = (read: (score: Score) => number) => average(scores.map(read).filter((value) => !Number.isNaN(value)));
  return row([
    `**${one.id}** ${one.title}`,
    `${found.length} of ${scores.length}`,
    `${percent(low)}-${percent(high)}`,
    String(scores.filter((score) => score.distillation).length),
    found.length === 0 ? '-' : mid((score) => score.daysToDetection ?? 0).toFixed(1),
    found.length === 0 ? '100 %' : percent(mid((score) => score.leaked)),
    share(mean((score) => score.precision.certain)),
    share(mean((score) => score.recall.certain)),
    share(mean((score) => score.precision.all)),
    share(mean((score) => score.recall.all)),
    found.length === 0 ? '-' : mid((score) => score.fragments).toFixed(0),
  ]);
}

function innocentRow({ one, trials }: CaseTrials): string {
  const accused = trials.filter((trial) => trial.falseCampaigns > 0).length;
  return row([
    `**${one.id}** ${one.title}`,
    String(trials.reduce((total, trial) => total + trial.falseCampaigns, 0)),
    String(trials.reduce((total, trial) => total + trial.falseDistillations, 0)),
    `${accused} of ${trials.length}`,
    percent(upperBound(accused, trials.length)),
    String(trials.reduce((total, trial) => total + trial.consumers, 0)),
  ]);
}

function weaknesses(all: readonly CaseTrials[]): string {
  const lines = all.flatMap(({ one, trials }) => {
    const scores = trials.flatMap((trial) => trial.scores);
    const missed = scores.filter((score) => !score.found).length;
    const accused = trials.filter((trial) => trial.falseCampaigns > 0).length;
    return [
      ...(missed > 0 ? [`- ${one.id} (${one.title}): missed in ${missed} of ${scores.length} seeds.`] : []),
      ...(accused > 0
        ? [`- ${one.id} (${one.title}): an innocent group accused in ${accused} of ${trials.length} seeds.`]
        : []),
    ];
  });
  return lines.length === 0 ? 'Every campaign was found and nobody innocent accused.' : lines.join('\n');
}

/** Wilson score interval at 95 %. */
function wilson(hits: number, n: number): [number, number] {
  const z = 1.96;
  const p = hits / n;
  const centre = (p + (z * z) / (2 * n)) / (1 + (z * z) / n);
  const half = (z * Math.sqrt((p * (1 - p)) / n + (z * z) / (4 * n * n))) / (1 + (z * z) / n);
  return [Math.max(0, centre - half), Math.min(1, centre + half)];
}

/** One-sided 95 % upper limit of a binomial rate, by bisection on P(X <= hits). */
function upperBound(hits: number, n: number): number {
  let low = 0;
  let high = 1;
  for (let i = 0; i < 50; i++) {
    const p = (low + high) / 2;
    if (cumulative(hits, n, p) > 0.05) low = p;
    else high = p;
  }
  return high;
}

function cumulative(hits: number, n: number, p: number): number {
  let total = 0;
  let term = (1 - p) ** n;
  for (let k = 0; k <= hits; k++) {
    total += term;
    term *= ((n - k) / (k + 1)) * (p / (1 - p));
  }
  return total;
}

function sum(cases: readonly CaseTrials[], read: (trial: Trial) => number): number {
  return cases.flatMap(({ trials }) => trials).reduce((total, trial) => total + read(trial), 0);
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}

function average(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0) / values.length;
}

const row = (cells: string[]) => `| ${cells.join(' | ')} |`;
const percent = (value: number) => `${(100 * value).toFixed(value < 0.1 ? 1 : 0)} %`;
const share = (value: number) => (Number.isNaN(value) ? '-' : value.toFixed(3));
