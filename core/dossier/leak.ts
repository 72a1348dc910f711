/** What left the platform: output by capability and model, priced as an ordinary customer would have paid for it. */
import type { ListPrices } from '../findings/list-price.ts';
import type { Counts } from './exchange-tally.ts';

export interface LeakLine {
  task: string;
  exchanges: number;
  outputTokens: number;
  /** Of the models that have a price; null where none has. */
  usd: number | null;
}

export interface LeakEstimate {
  byCapability: LeakLine[];
  /** Certain and probable, everything: the finding's output tokens. */
  high: LeakLine;
  /** Certain only. */
  certain: LeakLine;
  /** Certain only, near-identical requests counted once. */
  low: LeakLine;
  /** Share of the certain accounts' output that asked nearly the same again, 0 to 1. */
  nearIdenticalShare: number;
  /** Certain accounts' exchanges that carry no template or no sketch: they cannot be compared, and all count. */
  notCompared: number;
  /** Models without a price and their output, which no sum of money here holds. Never guessed. */
  unpriced: { model: string; exchanges: number; outputTokens: number }[];
  prices: { model: string; usdPerMillion: number }[];
}

/** Output of certain accounts that asked nearly the same again, by model. */
export interface Repeats {
  exchanges: number;
  byModel: ReadonlyMap<string, number>;
  notCompared: number;
}

interface Cell {
  task: string;
  model: string;
  exchanges: number;
  outputTokens: number;
}

export function leakEstimate(all: Counts, certain: Counts, repeats: Repeats, prices: ListPrices): LeakEstimate {
  const cells = [...all.output.values()];
  const tasks = Map.groupBy(cells, ({ task }) => task);
  const repeated = [...repeats.byModel.values()].reduce((sum, tokens) => sum + tokens, 0);
  const models = [...Map.groupBy(cells, ({ model }) => model)].sort(([a], [b]) => (a < b ? -1 : 1));
  const high = line('all (high)', cells, prices);
  const lines = [...tasks].map(([task, of]) => line(task, of, prices));
  return {
    byCapability: addingUp(lines, high.usd).sort(
      (a, b) => b.outputTokens - a.outputTokens || (a.task < b.task ? -1 : 1),
    ),
    high: inCents(high),
    certain: inCents(line('certain only', [...certain.output.values()], prices)),
    low: inCents(lowEnd([...certain.output.values()], repeats, prices)),
    nearIdenticalShare: certain.outputTokens === 0 ? 0 : repeated / certain.outputTokens,
    notCompared: repeats.notCompared,
    unpriced: models
      .filter(([model]) => priceOf(model, prices) === undefined)
      .map(([model, of]) => ({ model, exchanges: sum(of, 'exchanges'), outputTokens: sum(of, 'outputTokens') })),
    prices: models.flatMap(([model]) => {
      const usdPerMillion = priceOf(model, prices);
      return usdPerMillion === undefined ? [] : [{ model, usdPerMillion }];
    }),
  };
}

function line(task: string, cells: readonly Cell[], prices: ListPrices): LeakLine {
  return {
    task,
    exchanges: sum(cells, 'exchanges'),
    outputTokens: sum(cells, 'outputTokens'),
    usd: money(cells, prices),
  };
}

function lowEnd(certain: readonly Cell[], repeats: Repeats, prices: ListPrices): LeakLine {
  const left = [...Map.groupBy(certain, ({ model }) => model)].map(([model, of]) => ({
    task: '',
    model,
    exchanges: sum(of, 'exchanges'),
    outputTokens: sum(of, 'outputTokens') - (repeats.byModel.get(model) ?? 0),
  }));
  return {
    task: 'less near-identical (low)',
    exchanges: sum(certain, 'exchanges') - repeats.exchanges,
    outputTokens: sum(left, 'outputTokens'),
    usd: money(left, prices),
  };
}

/** To the cent, as money is written. */
function inCents(one: LeakLine): LeakLine {
  return one.usd === null ? one : { ...one, usd: Math.round(one.usd * 100) / 100 };
}

/** Rows to the cent whose sum is the total to the cent: the cents that rounding loses go to the largest remainders. */
function addingUp(lines: LeakLine[], total: number | null): LeakLine[] {
  if (total === null) return lines;
  const down = lines.map(({ usd }) => Math.floor((usd ?? 0) * 100 + 1e-6));
  let missing = Math.round(total * 100) - down.reduce((sum, cents) => sum + cents, 0);
  const byRemainder = lines
    .map(({ usd, task }, at) => ({ at, task, rest: (usd ?? 0) * 100 - down[at]!, priced: usd !== null }))
    .filter(({ priced }) => priced)
    .sort((a, b) => b.rest - a.rest || (a.task < b.task ? -1 : 1));
  for (const { at } of byRemainder) if (missing-- > 0) down[at]!++;
  return lines.map((one, at) => (one.usd === null ? one : { ...one, usd: down[at]! / 100 }));
}

/** USD, not yet rounded; null where no model of the cells has a price. */
function money(cells: readonly Cell[], prices: ListPrices): number | null {
  const priced = cells.filter(({ model }) => priceOf(model, prices) !== undefined);
  if (priced.length === 0 && cells.length > 0) return null;
  return priced.reduce((total, { model, outputTokens }) => total + outputTokens * priceOf(model, prices)!, 0) / 1e6;
}

function priceOf(model: string, prices: ListPrices): number | undefined {
  if (Object.hasOwn(prices, model)) return prices[model];
  return undefined;
}

function sum(cells: readonly Cell[], field: 'exchanges' | 'outputTokens'): number {
  return cells.reduce((total, cell) => total + cell[field], 0);
}
