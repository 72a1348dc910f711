/** Grids of shares: sizes by rates, evidence by adversaries, rules by adversaries. */
import { FLOOR_ACCOUNTS, FLOOR_RATES } from '../trial/variations.ts';
import { type Evaluation, foundShare, hostile, inSection, meanRecall } from './data.ts';
import { type Figure, heatMap } from './draw.ts';
import { comparedRules, ruleFound } from './rules.ts';

export function floorFigure(evaluation: Evaluation): Figure {
  const cells = new Map(
    inSection(evaluation, 'floor').map((result) => [
      `${result.one.varied?.accounts} ${result.one.varied?.ratePerDay}`,
      result,
    ]),
  );
  const share = (row: number, column: number) => {
    const cell = cells.get(`${FLOOR_ACCOUNTS[row]} ${FLOOR_RATES[column]}`);
    return cell === undefined ? Number.NaN : foundShare(cell);
  };
  return heatMap({
    name: 'floor',
    alt: 'Share of campaigns found by number of accounts and exchanges per account and day.',
    rows: FLOOR_ACCOUNTS.map(String),
    columns: FLOOR_RATES.map(String),
    rowTitle: 'accounts',
    columnTitle: 'exchanges per account and day',
    share,
    left: 80,
  });
}

export function ablationFigure(evaluation: Evaluation): Figure {
  const results = inSection(evaluation, 'ablation');
  const distinct = (name: string) => [...new Set(results.map(({ one }) => String(one.varied?.[name])))];
  const [scenarios, groups] = [distinct('scenario'), distinct('group')];
  const cell = (row: number, column: number) =>
    results.find(({ one }) => one.varied?.group === groups[row] && one.varied?.scenario === scenarios[column]);
  return heatMap({
    name: 'ablation',
    alt: `Share of a campaign's accounts found without one group of evidence, for ${scenarios.join(', ')}.`,
    rows: groups.map((group) => (group === 'none' ? 'with all' : `without ${group}`)),
    columns: scenarios,
    rowTitle: '',
    columnTitle: 'adversary',
    share: (row, column) => {
      const found = cell(row, column);
      return found === undefined ? Number.NaN : meanRecall(found);
    },
    left: 130,
  });
}

export function rulesFigure(evaluation: Evaluation): Figure {
  const results = hostile(evaluation).filter(({ one }) => one.compared);
  const rules = comparedRules(evaluation);
  return heatMap({
    name: 'rules',
    alt: 'Share of campaigns found by Stillwatch and by six simple rules, per adversary.',
    rows: ['Stillwatch', ...rules.map(({ title }) => title)],
    columns: results.map(({ one }) => one.id),
    rowTitle: '',
    columnTitle: 'adversary',
    share: (row, column) =>
      row === 0 ? foundShare(results[column]!) : ruleFound(results[column]!, rules[row - 1]!.id, 'set'),
    left: 240,
  });
}
