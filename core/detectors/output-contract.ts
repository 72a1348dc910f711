import type { CodeTable } from '../population/code-table.ts';
import type { Part } from '../population/columns.ts';
import type { LinkTable, Population } from '../population/population.ts';
import { SHAPE } from '../population/work.ts';
import { meanOfE } from './comparable.ts';
import type { CampaignDetector, CandidateView, DetectorMeta, Measurement } from './detector.ts';
import { parameter } from './detector.ts';
import { betweenAccounts, countWith, platformAlike, rareP, UNREACHED } from './pooled.ts';
import { manifoldRate, manifoldShare, natsOfP, resample, type Statistic, stratifiedDraw } from './resample.ts';

const meta: DetectorMeta = {
  slug: 'output-contract',
  title: 'Output contract',
  groups: ['content'],
  threat:
    'Paraphrased prompts: training data must be uniform and parsable, so the form of the output stays while words vary.',
  inputs: ['prompt.contract', 'prompt.template', 'params', 'tokens'],
  statistic:
    'Share of member pairs with an equal output contract, hubs left out, among members who vary their prompts; chance that one exchange each of two members has equal request parameters; the same for the grid of input and output sizes. The e-values of the three are averaged.',
  nullModel:
    'Sets of the same size from the same strata; an excess counts from twice the median of contracts, and from three times its odds of parameters and sizes.',
  parameters: [
    { name: 'minWithField', value: 10, unit: 'members', source: 'start value' },
    { name: 'minPairs', value: 2, unit: 'member pairs', source: 'one shared value is an accident' },
    { name: 'varied', value: 0.5, unit: 'distinct templates per exchange', source: 'start value' },
    { name: 'hubCap', value: 2000, unit: 'accounts', source: 'start value' },
  ],
  blindSpot: 'Campaigns that ask for free prose with the parameters and sizes of everybody.',
  lookAlike: 'Batch evaluation and synthetic data of one organisation; a popular agent’s schema, which is a hub.',
  weight: 0.5,
  capNats: 6,
};

interface Test {
  p: number;
  observed: number;
  expected: number;
  unit: string;
}

function measure(view: CandidateView): Measurement[] {
  const asked = [
    contractTest(view),
    alikeTest(view, SHAPE.params, 'chance that exchanges of two accounts have equal request parameters'),
  ].filter((test) => test !== undefined);
  // Sizes are known of every exchange; alone they say nothing of what was asked for.
  if (asked.length === 0) return [];
  const sizes = alikeTest(view, SHAPE.grid, 'chance that exchanges of two accounts are of equal size');
  const tests = sizes === undefined ? asked : [...asked, sizes];
  const { observed, expected, unit } = tests.reduce((best, test) => (test.p < best.p ? test : best));
  const nats = meanOfE(
    tests.map(({ p }) => ({ nats: natsOfP(p), weight: 1 })),
    meta.capNats,
  );
  return [{ group: 'content', detector: meta.slug, nats, observed, expected, unit }];
}

function contractTest(view: CandidateView): Test | undefined {
  const { population, members } = view;
  const link = population.links.find(({ kind }) => kind === 'contract');
  if (link === undefined) return undefined;
  const varies = variesPrompts(population);
  let withField = 0;
  for (const member of members) if (link.table.has(member) && varies(member)) withField++;
  if (withField < parameter(meta, 'minWithField')) return undefined;
  const pairs = pairsSharing(link, varies);
  const observed = pairs(members);
  const row = { observed: observed * 1000, unit: 'matches in 1,000 pairs on an output contract' };
  if ((observed * withField * (withField - 1)) / 2 < parameter(meta, 'minPairs'))
    return { ...row, p: 1, expected: row.observed };
  const { p, median } = resample(pairs, members, stratifiedDraw(view, population.strata), manifoldRate);
  const rare = median === 0 && p < UNREACHED ? ownFormP(view, link, varies) : 1;
  const least = Math.min(p, rare);
  return { ...row, p: manifoldRate(observed, median) ? least : 1, expected: median * 1000 };
}

/** Of the form that most members ask for, where hardly anybody else does. Any of the members could have named it. */
function ownFormP(view: CandidateView, { table }: LinkTable, varies: (account: number) => boolean): number {
  const holders = new Map<number, number>();
  for (const member of view.members) {
    if (varies(member)) for (const code of table.row(member)) holders.set(code, (holders.get(code) ?? 0) + 1);
  }
  let form = -1;
  for (const [code, count] of holders) {
    const known = table.frequency[code]! <= parameter(meta, 'hubCap');
    if (known && count > (holders.get(form) ?? 0)) form = code;
  }
  const asksFor = (account: number) => varies(account) && table.row(account).includes(form);
  return rareP(view, asksFor, (holders.get(form) ?? 0) - 1, view.members.length);
}

/** Without templates there is no telling, and no reason to leave the account out. */
function variesPrompts({ work, exchanges }: Population): (account: number) => boolean {
  const least = parameter(meta, 'varied');
  const templates = work.distinct.template;
  return (account) => templates[account] === 0 || templates[account]! >= least * exchanges[account]!;
}

/** sum over contracts of n(n - 1), over the ordered pairs of accounts that vary their prompts and have the field. */
function pairsSharing({ table }: LinkTable, varies: (account: number) => boolean): Statistic {
  const { offsets, codes, frequency } = table;
  const cap = parameter(meta, 'hubCap');
  const held = new Int32Array(frequency.length);
  return (members) => {
    let withField = 0;
    let pairs = 0;
    for (const member of members) {
      const end = offsets[member + 1]!;
      if (end === offsets[member]! || !varies(member)) continue;
      withField++;
      for (let at = offsets[member]!; at < end; at++) {
        const code = codes[at]!;
        if (frequency[code]! <= cap) pairs += held[code]!++;
      }
    }
    for (const member of members) release(table, held, member);
    return withField < 2 ? 0 : (2 * pairs) / (withField * (withField - 1));
  };
}

function release({ offsets, codes }: CodeTable, held: Int32Array, account: number): void {
  for (let at = offsets[account]!; at < offsets[account + 1]!; at++) held[codes[at]!] = 0;
}

const LEAST_ODDS = 1.5;

function alikeTest(view: CandidateView, part: Part, unit: string): Test | undefined {
  const { population, members } = view;
  const { shape } = population.work;
  if (countWith(shape, part, members) < parameter(meta, 'minWithField')) return undefined;
  const alike = betweenAccounts(shape, part);
  const observed = alike(members);
  const usual = platformAlike(population, part);
  // Hardly more alike than everybody is: not manifold over any stratum's draws.
  if (!manifoldShare(observed, usual, LEAST_ODDS)) return { observed, expected: usual, unit, p: 1 };
  const { p, median } = resample(alike, members, stratifiedDraw(view, population.strata), manifoldShare);
  return { observed, expected: median, unit, p: manifoldShare(observed, median) ? p : 1 };
}

export const outputContract: CampaignDetector = { meta, measure };
