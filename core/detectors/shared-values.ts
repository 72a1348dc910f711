/** How often members hold equal values, against comparable accounts: the measure behind links and families. */
import type { CodeTable } from '../population/code-table.ts';
import type { LinkTable } from '../population/population.ts';
import type { CandidateView, DetectorMeta, Measurement } from './detector.ts';
import { manifoldRate, natsOfP, resample, stratifiedDraw } from './resample.ts';

/** One row for the group of `links`: the mean e-value over kinds, shown by its strongest kind. */
export function measureSharing(
  view: CandidateView,
  meta: DetectorMeta,
  links: readonly LinkTable[],
  minWithField: number,
  minPairs: number,
): Measurement[] {
  const found = links
    .map((link) => measureKind(view, meta, link, minWithField, minPairs))
    .filter((result) => result !== undefined);
  const strongest = found.toSorted((a, b) => b.nats - a.nats)[0];
  if (strongest === undefined) return [];
  const { joins: _, ...row } = strongest;
  const tellingNats = meanNats(
    found.filter(({ joins }) => joins),
    meta.capNats,
  );
  return [{ ...row, nats: meanNats(found, meta.capNats), tellingNats }];
}

/** Log of the mean e-value; -Infinity of none. */
function meanNats(rows: readonly { nats: number }[], cap: number): number {
  return Math.log(rows.reduce((sum, { nats }) => sum + Math.exp(Math.min(nats, cap)), 0) / Math.max(1, rows.length));
}

function measureKind(
  view: CandidateView,
  meta: DetectorMeta,
  link: LinkTable,
  minWithField: number,
  minPairs: number,
): (Measurement & { joins: boolean }) | undefined {
  const { population, members } = view;
  const withField = members.filter((member) => link.table.has(member)).length;
  if (withField < minWithField) return undefined;
  const pairs = pairsSharing(link, population.size);
  const observed = pairs(members);
  const row = {
    group: link.group,
    detector: meta.slug,
    joins: link.joins,
    observed: observed * 1000,
    unit: `matches in 1,000 pairs on ${link.phrase}`,
  };
  const usual = platformRate(link);
  const possible = (withField * (withField - 1)) / 2;
  if (!worthDrawing(observed * possible, usual * possible, minPairs))
    return { ...row, nats: natsOfP(1), expected: usual * 1000 };
  const { p, median } = resample(pairs, members, stratifiedDraw(view, population.strata), manifoldRate);
  return { ...row, nats: natsOfP(manifoldRate(observed, median) ? p : 1), expected: median * 1000 };
}

/**
 * A set that shares little more than strangers do needs no draws: its excess would be neither manifold nor beyond
 * chance, which is at least that of a Poisson count.
 */
function worthDrawing(pairs: number, usual: number, least: number): boolean {
  return pairs >= Math.max(least, 1.5 * usual, usual + 2 * Math.sqrt(usual));
}

const platformRates = new WeakMap<CodeTable, number>();

/** The same share among all accounts. */
function platformRate({ table, hubCap }: LinkTable): number {
  let rate = platformRates.get(table);
  if (rate === undefined) {
    let pairs = 0;
    for (const held of table.frequency) if (hubCap === 0 || held <= hubCap) pairs += held * (held - 1);
    rate = table.holders < 2 ? 0 : pairs / (table.holders * (table.holders - 1));
    platformRates.set(table, rate);
  }
  return rate;
}

const scratch = new WeakMap<CodeTable, Int32Array>();

/** Zeros, one per value; whoever counts in them sets them back. */
function countsOf(table: CodeTable): Int32Array {
  let counts = scratch.get(table);
  if (counts === undefined) {
    counts = new Int32Array(table.keys.length);
    scratch.set(table, counts);
  }
  return counts;
}

/** sum over values of n(n - 1), over the ordered pairs of accounts that have the field; hub values left out. */
function pairsSharing({ table, hubCap }: LinkTable, size: number): (members: Int32Array) => number {
  const { offsets, codes, frequency } = table;
  const held = countsOf(table);
  const cap = hubCap > 0 ? hubCap : size;
  return (members) => {
    let withField = 0;
    let pairs = 0;
    for (const member of members) {
      const end = offsets[member + 1]!;
      if (end > offsets[member]!) withField++;
      for (let at = offsets[member]!; at < end; at++) {
        const code = codes[at]!;
        // A value that nobody else holds makes no pair: most exits, cards and prompts.
        if (frequency[code]! > cap || frequency[code] === 1) continue;
        pairs += held[code]!++;
      }
    }
    for (const member of members) for (let at = offsets[member]!; at < offsets[member + 1]!; at++) held[codes[at]!] = 0;
    return withField < 2 ? 0 : (2 * pairs) / (withField * (withField - 1));
  };
}
