/** One world, replayed with daily sweeps and held against its truth. */
import { Replayer } from '../../../cli/replay/replayer.ts';
import { parseWorld, type World } from '../../../cli/simulate/spec.ts';
import type { WorldTruth } from '../../../cli/simulate/truth.ts';
import { Simulation } from '../../../cli/simulate/world.ts';
import type { TrackedFinding } from '../../../core/campaigns/tracked.ts';
import type { StillwatchRecord, UsageRecord } from '../../../core/records/schema.ts';
import { timeMs } from '../../../core/records/time.ts';
import { parseSettings } from '../../../core/settings.ts';
import type { SweepSummary } from '../../../core/sweep.ts';
import { accusedAt } from '../../baselines/baseline.ts';
import { BASELINES } from '../../baselines/index.ts';
import { Tally } from '../../baselines/tally.ts';
import { type RuleVerdict, verdictOf } from '../../baselines/verdict.ts';
import type { Case } from './case.ts';
import { type CampaignScore, scoreCampaign, type Tallied } from './score.ts';

const DAY_MS = 86_400_000;
/** Records between looks at the clock: sweeps wait for the watermark anyway. */
const BATCH = 500;
const DISORDER_MS = 3_600_000;

/** Thresholds of a rule: in common use, and with one innocent account in a thousand accused a week. */
export type Thresholds = Readonly<Record<string, { usual: number; set: number }>>;

export interface Trial {
  records: number;
  /** Accounts that exist, and those of them with any exchange. */
  registered: number;
  active: number;
  weeks: number;
  campaigns: CampaignScore[];
  /** Campaign findings without a member of any campaign, and how many of them were called distillation. */
  falseCampaigns: number;
  falseDistillations: number;
  /** Accounts of no campaign in any campaign finding. */
  innocent: number;
  certain: Tallied;
  probable: Tallied;
  consumers: number;
  sweeps: { accounts: number; seconds: number; candidates: number }[];
  /** Candidates examined by all sweeps, and the mean of their e-values. */
  eValues: { candidates: number; mean: number };
  rules: Record<string, { usual: RuleVerdict; set: RuleVerdict }>;
  /** Of one core. */
  seconds: number;
}

export function runTrial(one: Case, seed: string, now: number, thresholds: Thresholds): Trial {
  const started = cpuSeconds();
  const world = parseWorld(one.world(seed));
  const simulation = new Simulation(world);
  const watch = new Watch(one, world, now);
  for (const record of until(simulation.records(), stopMs(one, world))) watch.add(record);
  const { replayer, tally, firstSeen } = watch.finish();
  const truth = simulation.truth();
  const guilty = new Set(truth.campaigns.flatMap(({ accounts }) => accounts));
  const { tracked, transitions } = replayer;
  const outcome = { tracked, transitions, firstSeen, wholeOverRead: wholeOverRead(one, world) };
  return {
    records: watch.records,
    registered: registeredIn(world),
    active: firstSeen.size,
    weeks: (Math.min(stopMs(one, world), endMs(world)) - Date.parse(world.start)) / (7 * DAY_MS),
    campaigns: truth.campaigns.map((campaign) => scoreCampaign(campaign, outcome)),
    ...accusations(tracked, guilty),
    sweeps: watch.sweeps,
    eValues: watch.eValues(),
    rules: tally === undefined ? {} : verdicts(tally, truth, thresholds),
    seconds: cpuSeconds() - started,
  };
}

/** Feeds the pipeline and notes what the scores need of the records. */
class Watch {
  records = 0;
  readonly sweeps: Trial['sweeps'] = [];
  private readonly firstSeen = new Map<string, number>();
  private readonly replayer: Replayer;
  private readonly tally: Tally | undefined;
  private sumOfE = 0;
  private candidates = 0;

  constructor(one: Case, world: World, now: number) {
    const archived = new Map<number, Uint32Array>();
    this.tally = one.compared ? new Tally(Date.parse(world.start)) : undefined;
    this.replayer = new Replayer({
      settings: parseSettings(one.settings ?? {}),
      sweepMs: DAY_MS,
      now,
      archive: { save: (day, ids) => archived.set(day, ids), load: (day) => archived.get(day) },
      onSweep: (summary) => this.noteSweep(summary),
    });
  }

  add(record: StillwatchRecord): void {
    const ms = timeMs(record.time);
    this.replayer.add(record);
    if (record.type === 'usage') this.noteUsage(record, ms);
    if (++this.records % BATCH === 0) this.timed(() => this.replayer.advance(ms - DISORDER_MS));
  }

  finish() {
    this.timed(() => this.replayer.finish());
    return { replayer: this.replayer, tally: this.tally, firstSeen: this.firstSeen };
  }

  eValues(): Trial['eValues'] {
    const mean = this.candidates === 0 ? 0 : this.sumOfE / this.candidates;
    return { candidates: this.candidates, mean };
  }

  private noteUsage(record: UsageRecord, ms: number): void {
    if (!this.firstSeen.has(record.account)) this.firstSeen.set(record.account, ms);
    this.tally?.add(record, ms);
  }

  private noteSweep(summary: SweepSummary): void {
    this.sweeps.push({ accounts: summary.accounts, seconds: 0, candidates: summary.candidates });
    // Candidates that failed the gate have an e-value of 0 and are not listed.
    this.candidates += summary.candidates;
    for (const nats of summary.candidateNats) this.sumOfE += Math.exp(nats);
  }

  /** Puts the time down to the sweeps that fell into it: closing the day, folding it in, and the sweep itself. */
  private timed(run: () => void): void {
    const before = this.sweeps.length;
    const started = cpuSeconds();
    run();
    const seconds = cpuSeconds() - started;
    const made = this.sweeps.slice(before);
    for (const sweep of made) sweep.seconds = seconds / made.length;
  }
}

/** Time of this thread on a core: what else the machine does stays out of it. */
function cpuSeconds(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1e6;
}

function accusations(tracked: readonly TrackedFinding[], guilty: ReadonlySet<string>) {
  const campaigns = tracked.filter(({ finding }) => finding.kind === 'campaign');
  const foreign = campaigns.filter(({ members }) => !members.some(({ account }) => guilty.has(account)));
  const members = campaigns.flatMap((one) => one.members);
  const tallied = (confidence: 'certain' | 'probable'): Tallied => {
    const accounts = members.filter((member) => member.confidence === confidence).map(({ account }) => account);
    return { right: accounts.filter((account) => guilty.has(account)).length, held: accounts.length };
  };
  return {
    falseCampaigns: foreign.length,
    falseDistillations: foreign.filter(({ finding }) => finding.classification === 'distillation').length,
    innocent: new Set(members.map(({ account }) => account).filter((account) => !guilty.has(account))).size,
    certain: tallied('certain'),
    probable: tallied('probable'),
    consumers: tracked.length - campaigns.length,
  };
}

function verdicts(tally: Tally, truth: WorldTruth, thresholds: Thresholds): Trial['rules'] {
  const campaign = new Set(truth.campaigns[0]?.accounts);
  return Object.fromEntries(
    BASELINES.filter(({ id }) => thresholds[id] !== undefined).map((rule) => {
      const levels = rule.levels(tally);
      const { usual, set } = thresholds[rule.id]!;
      const at = (threshold: number) => verdictOf(accusedAt(levels, threshold, rule.joins), campaign);
      return [rule.id, { usual: at(usual), set: at(set) }];
    }),
  );
}

function* until(records: Iterable<StillwatchRecord>, end: number): Generator<StillwatchRecord> {
  for (const record of records) {
    if (timeMs(record.time) >= end) return;
    yield record;
  }
}

function endMs({ start, days }: World): number {
  return Date.parse(start) + days * DAY_MS;
}

function stopMs({ stopDay }: Case, world: World): number {
  return stopDay === undefined ? Number.POSITIVE_INFINITY : Date.parse(world.start) + stopDay * DAY_MS;
}

/** A trial that stops reads so many of the campaign's days; campaigns that are stopped have a constant load. */
function wholeOverRead({ stopDay }: Case, { campaigns }: World): number {
  const [campaign] = campaigns;
  if (stopDay === undefined || campaign?.days === undefined) return 1;
  return campaign.days / (stopDay - campaign.start);
}

function registeredIn({ benign, campaigns, lookalikes }: World): number {
  const groups = [...campaigns.map(({ accounts }) => accounts ?? 1), ...lookalikes.map(({ size }) => size ?? 1)];
  return groups.reduce((total, accounts) => total + accounts, benign.accounts);
}
