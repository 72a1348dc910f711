/** What an operator buys for its accounts: cards, addresses, numbers, exits and clients, and how far it spreads them. */
import type { AccountRecord } from '../../../core/records/schema.ts';
import { range, Weighted, weighted } from '../choices.ts';
import type { ClientHabit } from '../clients.ts';
import type { Tier } from '../models.ts';
import type { Place } from '../networks.ts';
import type { Payment } from '../payments.ts';
import { type Holder, signUp } from '../person.ts';
import type { Platform } from '../platform.ts';
import type { Random } from '../random.ts';
import type { OperatorSettings } from './settings.ts';

/** Client families that no other group has. */
const OWN_FAMILIES = 1000;
const PLANS = weighted({ pay_as_you_go: 60, pro: 40 });

export class Infrastructure {
  private readonly platform: Platform;
  private readonly settings: OperatorSettings;
  private readonly random: Random;
  private readonly issuers: string[];
  private readonly shapes: string[];
  private readonly prefixes: string[];
  private readonly clients: ClientHabit[];
  private card: { payment: Payment; left: number } | undefined;
  private exits: Place[] = [];

  constructor(platform: Platform, settings: OperatorSettings, random: Random) {
    this.platform = platform;
    this.settings = settings;
    this.random = random;
    this.issuers = platform.registry.virtualIssuers(settings.issuers, random);
    this.shapes = range(settings.emailShapes).map(() => 'a'.repeat(6 + random.int(6)) + '9'.repeat(2 + random.int(4)));
    this.prefixes = range(settings.phonePrefixes).map(() => platform.registry.phonePrefix(random));
    this.clients = this.builds(settings.clientBuilds);
  }

  /** Sizes the exits for a pool that is about to be registered. */
  rentExits(accounts: number): void {
    const { accountsPerSubnet, exits } = this.settings;
    if (accountsPerSubnet === 0) return;
    const { networks } = this.platform;
    this.exits = range(Math.max(1, Math.round(accounts / accountsPerSubnet))).map(() =>
      exits === 'datacenter' ? networks.cloud(this.random, true) : { ...networks.home(this.random), leaseDays: 5 },
    );
  }

  holder(id: string, bornAt: number): Holder {
    const { random, settings } = this;
    const place = this.exits.length > 0 ? random.choice(this.exits) : this.platform.networks.home(random);
    return {
      number: random.bits(),
      account: this.account(id, bornAt),
      client: random.choice(this.clients),
      place: () => place,
      tiers: new Weighted<Tier>([settings.tier], [1]),
      lagDays: random.chance(settings.releaseShare) ? settings.releaseLagDays * random.next() : 1000,
      throttled: 0,
    };
  }

  private account(id: string, bornAt: number): AccountRecord {
    const { random, settings } = this;
    const { registry } = this.platform;
    const programme = random.chance(settings.programmeShare)
      ? random.choice(['education', 'startup_credits'])
      : undefined;
    return signUp(id, bornAt, {
      plan: PLANS.pick(random),
      ...(programme ? { programme } : {}),
      payment: this.payment(),
      email: this.email(),
      ...this.phone(random.chance(0.8)),
      verified: false,
      status: 'active',
      ...(random.chance(0.05) ? { referral: registry.referral(random) } : {}),
    });
  }

  private payment(): Payment {
    const { random, settings } = this;
    if (!this.card || this.card.left <= 0) {
      const own = this.platform.registry.card(random.bits(), random);
      const payment: Payment = random.chance(settings.virtualShare)
        ? { ...own, issuer: random.choice(this.issuers), kind: 'virtual' }
        : own;
      this.card = { payment, left: 1 + random.poisson(settings.accountsPerCard - 1) };
    }
    this.card.left--;
    return this.card.payment;
  }

  private email(): NonNullable<AccountRecord['email']> {
    const { random, settings } = this;
    const natural = this.platform.registry.address(random);
    if (random.chance(settings.disposableShare)) natural.domain = this.platform.registry.disposable(random);
    if (this.shapes.length > 0 && random.chance(0.9)) natural.pattern = random.choice(this.shapes);
    return natural;
  }

  private phone(given: boolean): Pick<AccountRecord, 'phone'> {
    if (!given) return {};
    const prefix = this.prefixes.length > 0 ? this.random.choice(this.prefixes) : undefined;
    return { phone: { prefix: prefix ?? this.platform.registry.phonePrefix(this.random) } };
  }

  /** Own builds share one handshake library with many others; common ones are simply the most popular families. */
  private builds(count: number): ClientHabit[] {
    if (count === 0) return range(5).map((rank) => this.platform.clients.popular(rank));
    return range(count).map(() => ({ family: OWN_FAMILIES + this.random.int(1_000_000), lagDays: 3 }));
  }
}
