/** What the platform knows of each account, as numbers: equality is all that is ever read from them. */
import { factText } from '../aggregates/account-facts.ts';
import type { AccountProfile } from '../aggregates/account-profile.ts';
import { timeMs } from '../records/time.ts';

/** Texts as small integers; 0 for absent. */
class Texts {
  private readonly numbers = new Map<string, number>();
  private last = 0;

  get all(): Iterable<string> {
    return this.numbers.keys();
  }

  numberOf(text: string | undefined): number {
    if (text === undefined) return 0;
    let number = this.numbers.get(text);
    if (number === undefined) {
      number = this.fresh();
      this.numbers.set(text, number);
    }
    return number;
  }

  /** A number that nothing else has. */
  fresh(): number {
    return ++this.last;
  }
}

export class FactColumns {
  /** Accounts of one organisation share a number; an account without one has its own. */
  readonly org: Int32Array;
  readonly plan: Int32Array;
  readonly programme: Int32Array;
  readonly emailPattern: Int32Array;
  readonly paymentKind: Int32Array;
  readonly verified: Uint8Array;
  /** Banned or closed. */
  readonly gone: Uint8Array;
  /** Sign-up, ms since 1970, or NaN. */
  readonly created: Float64Array;
  private readonly orgs = new Texts();
  private readonly plans = new Texts();
  private readonly programmes = new Texts();
  private readonly patterns = new Texts();
  private readonly kinds = new Texts();

  constructor(size: number) {
    this.org = new Int32Array(size);
    this.plan = new Int32Array(size);
    this.programme = new Int32Array(size);
    this.emailPattern = new Int32Array(size);
    this.paymentKind = new Int32Array(size);
    this.verified = new Uint8Array(size);
    this.gone = new Uint8Array(size);
    this.created = new Float64Array(size).fill(Number.NaN);
  }

  /** Organisations that were named. */
  orgNames(): Iterable<string> {
    return this.orgs.all;
  }

  read(i: number, { facts }: AccountProfile): void {
    const org = factText(facts, 'org');
    this.org[i] = org === undefined ? this.orgs.fresh() : this.orgs.numberOf(org);
    this.plan[i] = this.plans.numberOf(factText(facts, 'plan'));
    this.programme[i] = this.programmes.numberOf(factText(facts, 'programme'));
    this.emailPattern[i] = this.patterns.numberOf(factText(facts, 'email.pattern'));
    this.paymentKind[i] = this.kinds.numberOf(factText(facts, 'payment.kind'));
    this.verified[i] = facts.verified?.value === true ? 1 : 0;
    const status = factText(facts, 'status');
    this.gone[i] = status === 'banned' || status === 'closed' ? 1 : 0;
    const created = factText(facts, 'createdAt');
    if (created !== undefined) this.created[i] = timeMs(created);
  }
}
