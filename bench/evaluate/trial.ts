/** One world, replayed with daily sweeps and held against its truth. */

import { Replayer } from '../../cli/replay/replayer.ts';
import { parseWorld, type WorldSpec } from '../../cli/simulate/spec.ts';
import type { CampaignTruth } from '../../cli/simulate/truth.ts';
import { Simulation } from '../../cli/simulate/world.ts';
import type { Transition } from '../../core/findings/transition.ts';
import { timeMs } from '../../core/records/time.ts';
import { parseSettings } from '../../core/settings.ts';

const DAY_MS = 86_400_000;
/** Records between looks at the clock: sweeps wait for the watermark anyway. */
const BATCH = 500;
const DISORDER_MS = 3_600_000;

export interface Score {
  /** At least half of the accounts in one finding that is at least 90 % theirs. */
  found: boolean;
  distillation: boolean;
  /** From the first exchange to the sweep that opened the first finding of it; undefined where none did. */
  daysToDetection: number | undefined;
  /** Share of its exchanges before that sweep; 1 where it was never found. */
  leaked: number;
  /** Findings that hold a member. */
  fragments: number;
  precision: { certain: number; all: number };
  recall: { certain: number; all: number };
}

export interface Trial {
  scores: Score[];
  /** Campaign findings that hold no member of any campaign. */
  falseCampaigns: number;
  falseDistillations: number;
  consumers: number;
  /** Accounts in campaign findings that belong to no campaign. */
  innocent: number;
  accounts: number;
  seconds: number;
}

export function runTrial(spec: WorldSpec, now: number): Trial {
  const started = performance.now();
  const simulation = new Simulation(parseWorld(spec));
  const archived = new Map<number, Uint32Array>();
  const replayer = new Replayer({
    settings: parseSettings({}),
    sweepMs: DAY_MS,
    now,
    archive: { save: (day, ids) => archived.set(day, ids), load: (day) => archived.get(day) },
  });
  let records = 0;
  for (const record of simulation.records()) {
    replayer.add(record);
    if (++records % BATCH === 0) replayer.advance(timeMs(record.time) - DISORDER_MS);
  }
  replayer.finish();
  const truth = simulation.truth();
  const guilty = new Set(truth.campaigns.flatMap(({ accounts }) => accounts));
  const campaigns = replayer.tracked.filter(({ finding }) => finding.kind === 'campaign');
  const foreign = campaigns.filter(({ members }) => !members.some(({ account }) => guilty.has(account)));
  const innocent = new Set(campaigns.flatMap(({ members }) => members.map(({ account }) => account)));
  for (const account of guilty) innocent.delete(account);
  return {
    scores: truth.campaigns.map((campaign) => score(campaign, replayer)),
    falseCampaigns: foreign.length,
    falseDistillations: foreign.filter(({ finding }) => finding.classification === 'distillation').length,
    consumers: replayer.tracked.length - campaigns.length,
    innocent: innocent.size,
    accounts: replayer.counts.accounts,
    seconds: (performance.now() - started) / 1000,
  };
}

function score(truth: CampaignTruth, { tracked, transitions }: Replayer): Score {
  const own = new Set(truth.accounts);
  const holding = tracked.filter(
    ({ finding, members }) => finding.kind === 'campaign' && members.some(({ account }) => own.has(account)),
  );
  const members = new Map(
    holding.flatMap((one) => one.members).map(({ account, confidence }) => [account, confidence]),
  );
  const certain = [...members].filter(([, confidence]) => confidence === 'certain').map(([account]) => account);
  const right = (accounts: Iterable<string>) => [...accounts].filter((account) => own.has(account)).length;
  const best = holding.map((one) => {
    const inside = right(one.members.map(({ account }) => account));
    return { share: inside / own.size, purity: inside / one.members.length };
  });
  const openedAt = firstOpened(transitions, new Set(holding.map(({ finding }) => finding.id)));
  return {
    found: best.some(({ share, purity }) => share >= 0.5 && purity >= 0.9),
    distillation: holding.some(({ finding }) => finding.classification === 'distillation'),
    daysToDetection: openedAt === undefined ? undefined : (openedAt - Date.parse(truth.from ?? '')) / DAY_MS,
    leaked: openedAt === undefined ? 1 : leakedBefore(truth, openedAt),
    fragments: holding.length,
    precision: { certain: ratio(right(certain), certain.length), all: ratio(right(members.keys()), members.size) },
    recall: { certain: right(certain) / own.size, all: right(members.keys()) / own.size },
  };
}

function firstOpened(transitions: readonly Transition[], ids: ReadonlySet<string>): number | undefined {
  const opened = transitions.find(({ finding, context }) => context.message === 'opened' && ids.has(finding.id));
  return opened && Date.parse(opened.finding.at);
}

/** Sweeps fall on midnights, so whole days are before them. */
function leakedBefore({ perDay, exchanges }: CampaignTruth, at: number): number {
  const before = Object.entries(perDay).filter(([day]) => Date.parse(day) < at);
  return Math.min(1, before.reduce((sum, [, count]) => sum + count, 0) / exchanges);
}

function ratio(part: number, whole: number): number {
  return whole === 0 ? Number.NaN : part / whole;
}
