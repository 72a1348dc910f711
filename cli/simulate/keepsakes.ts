/** Outputs that outlive their conversation and turn up in others. */
import { range, type Weighted, zipf } from './choices.ts';
import { hex16 } from './fingerprint.ts';
import { Random, seedOf } from './random.ts';

export interface Keepsakes {
  /** Told after each exchange what it gave out. */
  keep(values: readonly string[]): void;
  /** What the next conversation carries in; mostly nothing. */
  bring(): readonly string[] | undefined;
}

/** Transcripts in circulation; the first of them go round most. */
const SHELF = 100;
/** Of before the window: presented by many, minted by nobody in sight. */
const CLASSICS = 20;
/** Chance per exchange to be published, times the accounts: about ten a day on a platform of any size. */
const PUBLISHED = 2;
/** Values that a state store holds. */
const STORED = 300;

/**
 * Published conversations that strangers paste into their own. So an output of one account is presented by others that
 * have nothing to do with it: by hundreds where it is popular, by one where somebody showed it to a friend.
 */
export class PublicTranscripts implements Keepsakes {
  private readonly random: Random;
  private readonly shelf: (readonly string[])[];
  private readonly rank: Weighted<number> = zipf(range(SHELF), 1);
  private readonly pasted: number;
  private readonly published: number;

  /** `pasted`: share of conversations that begin with one. `accounts` sizes the platform. */
  constructor(seed: string, pasted: number, accounts: number) {
    const random = new Random(seedOf(`${seed}/transcripts`));
    this.random = random;
    this.pasted = pasted;
    this.published = Math.min(1, PUBLISHED / Math.max(1, accounts));
    this.shelf = range(CLASSICS).map(() => range(2).map(() => hex16(random.bits(), random.bits())));
  }

  keep(values: readonly string[]): void {
    if (values.length === 0 || !this.random.chance(this.published)) return;
    this.shelf[this.shelf.length < SHELF ? this.shelf.length : this.random.int(SHELF)] = values;
  }

  bring(): readonly string[] | undefined {
    return this.random.chance(this.pasted) ? this.shelf[this.rank.pick(this.random)] : undefined;
  }
}

/** The state that one organisation keeps outside of its keys: whichever of them is in use carries it on. */
export class StateStore implements Keepsakes {
  private readonly random: Random;
  private readonly share: number;
  private readonly kept: string[] = [];

  /** `share`: of conversations that take up earlier state. */
  constructor(random: Random, share: number) {
    this.random = random;
    this.share = share;
  }

  keep(values: readonly string[]): void {
    const last = values.at(-1);
    if (last) this.kept[this.random.int(STORED)] = last;
  }

  bring(): readonly string[] | undefined {
    const value = this.random.chance(this.share) ? this.kept[this.random.int(STORED)] : undefined;
    return value === undefined ? undefined : [value];
  }
}
