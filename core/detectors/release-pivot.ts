import type { Pivot } from '../population/pivots.ts';
import { meanOfE, strataAmong } from './comparable.ts';
import type { CampaignDetector, CandidateView, DetectorMeta, Measurement } from './detector.ts';
import { parameter, viewOf } from './detector.ts';
import { manifoldShare, natsOfP, resample, stratifiedDraw } from './resample.ts';

const meta: DetectorMeta = {
  slug: 'release-pivot',
  title: 'Release pivot',
  groups: ['intent'],
  threat: 'Traffic is turned to a new model as soon as it is out.',
  inputs: ['release', 'model'],
  statistic:
    'Share of the members active on the first two days of a release that put at least 25 % of a day’s exchanges on the new model. One e-value per release of the last 28 days; their mean counts.',
  nullModel:
    'Sets of the same size from the same strata, of accounts active on those two days: a release moves everybody, and only the difference counts.',
  parameters: [
    { name: 'minActive', value: 20, unit: 'members', source: 'start value' },
    { name: 'recent', value: 28, unit: 'days', source: 'four weeks' },
  ],
  blindSpot: 'No release in the window.',
  lookAlike:
    'Evaluation suites and clients that switch by default: it only supports, and never makes intent by itself.',
  weight: 0.05,
  capNats: 2,
};

function measure(view: CandidateView): Measurement[] {
  const since = view.population.lastDay - parameter(meta, 'recent');
  const rows = view.population.pivots
    .filter(({ day }) => day >= since)
    .map((pivot) => measureRelease(view, pivot))
    .filter((row) => row !== undefined);
  const strongest = rows.toSorted((a, b) => b.nats - a.nats)[0];
  if (strongest === undefined) return [];
  const nats = meanOfE(
    rows.map(({ nats }) => ({ nats, weight: 1 })),
    meta.capNats,
  );
  return [{ ...strongest, nats }];
}

function measureRelease(view: CandidateView, { state }: Pivot): Measurement | undefined {
  const { population, random } = view;
  const active = view.members.filter((member) => state[member]! > 0);
  if (active.length < parameter(meta, 'minActive')) return undefined;
  const strata = strataAmong(population.strata, active, (account) => state[account]! > 0);
  if (strata === undefined) return undefined;
  const moved = (set: Int32Array) => {
    let count = 0;
    for (const account of set) if (state[account] === 2) count++;
    return set.length === 0 ? 0 : count / set.length;
  };
  const { p, median } = resample(
    moved,
    active,
    stratifiedDraw(viewOf(population, active, random), strata),
    manifoldShare,
  );
  const observed = moved(active);
  return {
    group: 'intent',
    detector: meta.slug,
    nats: natsOfP(manifoldShare(observed, median) ? p : 1),
    observed,
    expected: median,
    unit: 'share of accounts that moved to a new model within two days',
  };
}

export const releasePivot: CampaignDetector = { meta, measure };
