/** How accounts pay and which addresses they sign up with. Shapes and popularity only, no real provider. */
import type { AccountRecord } from '../../core/records/schema.ts';
import { range, Weighted, zipf } from './choices.ts';
import { type Minter, minter } from './fingerprint.ts';
import type { Random } from './random.ts';

export type Payment = NonNullable<AccountRecord['payment']>;
export type Email = NonNullable<AccountRecord['email']>;

const KINDS = new Weighted(['credit', 'debit', 'virtual', 'prepaid'] as const, [55, 33, 8, 4]);

/** Address shapes: F a given name, L a family name, W a word, I an initial, 9 a digit. */
const FORMS = new Weighted(
  [
    'F.L',
    'FL',
    'F.L99',
    'FL99',
    'IL',
    'F99',
    'W99',
    'W',
    'FL9',
    'F_L',
    'IL99',
    'F9999',
    'F.L9',
    'W9',
    'FI',
    'W_W',
    'W999',
    'L.F',
    'F-L',
  ],
  [17, 11, 7, 10, 6, 6, 7, 5, 4, 4, 4, 5, 4, 3, 2, 2, 3, 2, 1],
);
const LENGTH = { F: [3, 9], L: [4, 10], W: [4, 12], I: [1, 1] } as const;

export class Registry {
  private readonly instrument: Minter;
  private readonly issuers: Weighted<string>;
  private readonly giants: Weighted<string>;
  private readonly small: Weighted<string>;
  private readonly disposables: Weighted<string>;
  private readonly domain: Minter;
  private readonly phones: Weighted<string>;
  private readonly referrals: Weighted<string>;

  constructor(seed: string) {
    const names = (kind: string, count: number) => range(count).map((i) => minter(seed, kind)(i));
    this.instrument = minter(seed, 'instrument');
    this.domain = minter(seed, 'domain');
    this.issuers = zipf(names('issuer', 400), 1);
    this.giants = new Weighted(names('giant', 5), [55, 18, 12, 9, 6]);
    this.small = zipf(names('small', 3000), 0.8);
    this.disposables = zipf(names('disposable', 60), 0.8);
    this.phones = zipf(names('phone', 300), 1);
    this.referrals = zipf(names('referral', 200), 1.1);
  }

  /** A card of one's own; `key` is the holder. */
  card(key: number, random: Random): Payment {
    return { instrument: this.instrument(key, 1), issuer: this.issuers.pick(random), kind: KINDS.pick(random) };
  }

  /** `count` cards out of the virtual-card programmes of a few issuers. */
  virtualIssuers(count: number, random: Random): string[] {
    return range(count).map(() => this.issuers.at(random.between(0.4, 0.9)));
  }

  instrumentOf(key: number): string {
    return this.instrument(key, 2);
  }

  invoice(key: number): Payment {
    return { instrument: this.instrument(key, 3), kind: 'invoice' };
  }

  /** A private person's address: the great public providers, a long tail, a few disposable ones. */
  address(random: Random): Email {
    const u = random.next();
    const domain = u < 0.84 ? this.giants : u < 0.985 ? this.small : this.disposables;
    return { domain: domain.pick(random), pattern: shape(FORMS.pick(random), random) };
  }

  disposable(random: Random): string {
    return this.disposables.pick(random);
  }

  giant(random: Random): string {
    return this.giants.pick(random);
  }

  domainOf(key: number): string {
    return this.domain(key);
  }

  phonePrefix(random: Random): string {
    return this.phones.pick(random);
  }

  referral(random: Random): string {
    return this.referrals.pick(random);
  }

  /** An address under a house rule, say every employee as given.family. */
  houseForm(random: Random): string {
    return random.choice(['F.L', 'F.L', 'IL', 'F', 'FL']);
  }
}

/** Fills a form with letters: `F.L99` may become `aaaa.aaaaaa99`. */
export function shape(form: string, random: Random): string {
  let pattern = '';
  for (const part of form) {
    const length = LENGTH[part as keyof typeof LENGTH];
    pattern += length ? 'a'.repeat(length[0] + random.int(length[1] - length[0] + 1)) : part;
  }
  return pattern;
}
