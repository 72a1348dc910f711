/** Client builds: SDK families with versions that their users take up over time, and the handshakes below them. */
import type { UsageRecord } from '../../core/records/schema.ts';
import { range, type Weighted, zipf } from './choices.ts';
import { DAY } from './clock.ts';
import { type Minter, minter } from './fingerprint.ts';
import type { Random } from './random.ts';

export type Client = NonNullable<UsageRecord['client']>;

/** Families that a platform sees: a few SDKs and browsers, then every home-made wrapper. */
const FAMILIES = 120;
/** Handshakes are fewer than agents: many SDKs sit on one TLS library. */
const HANDSHAKES = 35;
/** Days between releases of one family. */
const RELEASE_EVERY = 24;

export interface ClientHabit {
  family: number;
  /** Days after a release until this user takes it; beyond RELEASE_EVERY versions are skipped. */
  lagDays: number;
}

export class ClientMarket {
  private readonly families: Weighted<number> = zipf(range(FAMILIES), 1.3);
  private readonly agent: Minter;
  private readonly tls: Minter;
  private readonly known = new Map<number, Client>();

  constructor(seed: string) {
    this.agent = minter(seed, 'agent');
    this.tls = minter(seed, 'tls');
  }

  habit(random: Random): ClientHabit {
    return { family: this.families.pick(random), lagDays: random.exponential(14) };
  }

  /** One of the most popular families: what somebody picks who wants to look like everybody. */
  popular(rank: number): ClientHabit {
    return { family: rank, lagDays: 7 };
  }

  /** The build in use on that day: the newest release that the user has taken up. */
  build(habit: ClientHabit, instant: number): Client {
    const phase = (habit.family * 7) % RELEASE_EVERY;
    const version = Math.floor((instant / DAY - phase - habit.lagDays) / RELEASE_EVERY);
    const key = habit.family * 65536 + (version & 65535);
    const known = this.known.get(key);
    if (known) return known;
    const handshake = Math.floor((HANDSHAKES * habit.family) / FAMILIES);
    const client = { tls: this.tls(handshake, version >> 3), agent: this.agent(habit.family, version) };
    this.known.set(key, client);
    return client;
  }
}
