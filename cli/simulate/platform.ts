/** The platform that all groups of a world share: its markets, models, calendar and troubles. */
import { ClientMarket } from './clients.ts';
import { DAY, isWeekend, MINUTE } from './clock.ts';
import { type Minter, minter } from './fingerprint.ts';
import { Library } from './library.ts';
import { ModelShelf, type Release } from './models.ts';
import { NetworkMarket } from './networks.ts';
import { Registry } from './payments.ts';
import type { World } from './spec.ts';

export class Platform {
  readonly seed: string;
  readonly start: number;
  readonly end: number;
  readonly clients: ClientMarket;
  readonly networks: NetworkMarket;
  readonly registry: Registry;
  readonly library: Library;
  readonly models: ModelShelf;
  readonly releases: readonly Release[];
  /** Whether plans have daily limits. */
  readonly limited: boolean;
  private readonly holidays: ReadonlySet<number>;
  private readonly outages: readonly (readonly [number, number])[];

  constructor(world: World) {
    this.seed = world.seed;
    this.limited = world.benign.planLimits;
    this.start = Date.parse(world.start);
    this.end = this.start + world.days * DAY;
    this.clients = new ClientMarket(world.seed);
    this.networks = new NetworkMarket(world.seed, Math.max(500, world.benign.accounts));
    this.registry = new Registry(world.seed);
    this.library = new Library(world.seed);
    this.releases = world.releases.map(({ model, tier, day }) => ({ model, tier, at: this.start + day * DAY }));
    this.models = new ModelShelf(this.releases);
    this.holidays = new Set(world.holidays);
    this.outages = world.outages.map(({ day, minutes }) => {
      const from = this.start + day * DAY;
      return [from, from + minutes * MINUTE];
    });
  }

  minter(group: string, kind: string): Minter {
    return minter(`${this.seed}/${group}`, kind);
  }

  /** Offices are closed. */
  restDay(instant: number): boolean {
    return isWeekend(instant) || this.holidays.has(Math.floor((instant - this.start) / DAY));
  }

  failing(instant: number): boolean {
    for (const [from, to] of this.outages) if (instant >= from && instant < to) return true;
    return false;
  }
}
