/** Runs a world day by day: the same description gives the same records, byte for byte. */
import type { AccountRecord, StillwatchRecord } from '../../core/records/schema.ts';
import { openCampaign } from './adversaries/index.ts';
import { DAY, iso } from './clock.ts';
import { Crowd, type Source } from './crowd.ts';
import { openLookalike } from './lookalikes/index.ts';
import { releaseRecord } from './models.ts';
import { disturb } from './noise.ts';
import { Platform } from './platform.ts';
import { Population } from './population.ts';
import { parseWorld, type World, type WorldSpec } from './spec.ts';
import { Timeline } from './timeline.ts';
import type { Ledger, WorldTruth } from './truth.ts';

export class Simulation {
  readonly world: World;
  private readonly platform: Platform;
  private readonly sources: Source[] = [];
  private readonly campaigns: Ledger[] = [];
  private readonly lookalikes: Ledger[] = [];
  private started = false;

  /** @throws WorldSpecError where the description is wrong or names an unknown scenario or setting. */
  constructor(spec: WorldSpec) {
    this.world = parseWorld(spec);
    this.platform = new Platform(this.world);
    const population = new Population(this.world, this.platform);
    this.sources.push(new Crowd(population, this.platform, population.people.seed, this.world.benign.maxPerDay));
    this.world.lookalikes.forEach((group, i) => {
      const { source, ledger } = openLookalike(group, i, this.platform, this.world.benign.maxPerDay);
      this.sources.push(source);
      this.lookalikes.push(ledger);
    });
    this.world.campaigns.forEach((group, i) => {
      const { source, ledger } = openCampaign(group, i, this.platform);
      this.sources.push(source);
      this.campaigns.push(ledger);
    });
  }

  /** All records in time order, but for what `noise.late` and `noise.duplicates` move. May be taken once. */
  records(): Generator<StillwatchRecord> {
    if (this.started) throw new Error('A simulation runs once; open another for the same records.');
    this.started = true;
    return disturb(this.undisturbed(), this.world);
  }

  /** Complete once all records have been taken. */
  truth(): WorldTruth {
    return {
      seed: this.world.seed,
      campaigns: this.campaigns.map((ledger) => ledger.campaign()),
      lookalikes: this.lookalikes.map((ledger) => ledger.lookalike()),
    };
  }

  private *undisturbed(): Generator<StillwatchRecord> {
    const { platform, sources } = this;
    const timeline = new Timeline();
    for (const release of platform.releases) timeline.add(release.at, { emit: () => releaseRecord(release) });
    for (const source of sources) for (const account of source.known()) yield this.snapshot(account);
    for (let day = platform.start; day < platform.end; day += DAY) {
      for (const source of sources) source.plan(day, timeline);
      yield* timeline.drain(day, day + DAY);
    }
  }

  /** Accounts of before the window are told of when it opens. */
  private snapshot(account: AccountRecord): AccountRecord {
    return { ...account, time: iso(this.platform.start) };
  }
}

/** The records of a world in time order, one day in memory at a time. */
export function simulateWorld(spec: WorldSpec): Generator<StillwatchRecord> {
  return new Simulation(spec).records();
}

/** What really happened in that world. Runs it through; with the records wanted too, use one `Simulation`. */
export function truthOf(spec: WorldSpec): WorldTruth {
  const simulation = new Simulation(spec);
  for (const _ of simulation.records());
  return simulation.truth();
}
