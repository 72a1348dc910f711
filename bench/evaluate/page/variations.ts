/** Where detection ends: small campaigns, missing evidence, careful operators. */
import { smallestFound } from '../../../core/messages/floor.ts';
import { FLOOR_ACCOUNTS, FLOOR_RATES } from '../trial/variations.ts';
import { type Evaluation, foundIn, inSection, meanRecall, scoresOf } from './data.ts';
import { floorRows } from './floor-table.ts';
import { listed, NOTHING, percent, table } from './words.ts';

export function floorSection(evaluation: Evaluation): string {
  const results = inSection(evaluation, 'floor');
  if (results.length === 0) return '';
  const seeds = Math.max(...results.map(({ trials }) => trials.length));
  const floors = smallestFound(floorRows(evaluation), FLOOR_ACCOUNTS, FLOOR_RATES).map(
    ({ perDay, accounts }) => `${accounts === undefined ? 'no size' : `${accounts} accounts`} at ${perDay} a day`,
  );
  return `## The smallest campaign that is found

A1 of few accounts among 3,000, eight days, ${seeds} ${seeds === 1 ? 'seed' : 'seeds'} a cell, at the same error as everywhere: at most 5 % of findings
false. Found in every seed, and so for all larger sizes: ${listed(floors)}.

![Share found by accounts and rate](figures/floor.svg)`;
}

export function measuresSection(evaluation: Evaluation): string {
  const results = inSection(evaluation, 'measures');
  if (results.length === 0) return '';
  return `## What careful operators gain

A1 of 120 accounts among 2,000, eight days. Each row adds one measure to those above it; A20, which also gives every
account a life of its own, is the end of this list.

![Share of accounts found by measures taken](figures/measures.svg)

${table(
  ['measures', 'added', 'found', 'accounts found'],
  results.map((result) => [
    String(result.one.varied?.taken),
    result.one.title,
    `${foundIn(result).length} of ${scoresOf(result).length}`,
    percent(meanRecall(result)),
  ]),
)}`;
}

export function ablationSection(evaluation: Evaluation): string {
  const results = inSection(evaluation, 'ablation');
  if (results.length === 0) return '';
  const seeds = Math.max(...results.map(({ trials }) => trials.length));
  const groups = [...new Set(results.map(({ one }) => String(one.varied?.group)))];
  const scenarios = [...new Set(results.map(({ one }) => String(one.varied?.scenario)))];
  const cell = (group: string, scenario: string) =>
    results.find(({ one }) => one.varied?.group === group && one.varied.scenario === scenario);
  return `## What each group of evidence is worth

The same small worlds with one group of evidence left out, ${seeds} ${seeds === 1 ? 'seed' : 'seeds'} a cell. The picture shows the share of the
campaign's accounts found, the table the seeds in which it was found.

![Share of accounts found without one group](figures/ablation.svg)

${table(
  ['evidence', ...scenarios],
  groups.map((group) => [
    group === 'none' ? 'all' : `without ${group}`,
    ...scenarios.map((scenario) => {
      const found = cell(group, scenario);
      return found === undefined ? NOTHING : `${foundIn(found).length} of ${scoresOf(found).length}`;
    }),
  ]),
)}`;
}
