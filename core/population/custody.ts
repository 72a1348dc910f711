/** Fingerprints of conversation state: which account gave them out, and which handed them in. */
import type { AccountProfile } from '../aggregates/account-profile.ts';
import type { Sightings } from '../aggregates/sightings.ts';
import { GrowingFloats, GrowingInts } from './columns.ts';
import { Sieve } from './sieve.ts';

/** Sightings flat, account by account and by ascending fingerprint: who saw which of 48 bits first when (ms since 1970). */
export interface SightingColumns {
  account: Int32Array;
  key: Float64Array;
  time: Float64Array;
}

class Growing {
  private readonly account = new GrowingInts();
  private readonly key = new GrowingFloats();
  private readonly time = new GrowingFloats();

  read(account: number, { hashes, times }: Sightings): void {
    for (let i = 0; i < hashes.length; i++) {
      this.account.push(account);
      this.key.push(hashes[i]!);
      this.time.push(times[i]!);
    }
  }

  take(): SightingColumns {
    return { account: this.account.take(), key: this.key.take(), time: this.time.take() };
  }
}

const NOTHING: SightingColumns = { account: new Int32Array(0), key: new Float64Array(0), time: new Float64Array(0) };

/** Kept are fingerprints that two accounts may have seen: nearly all are of a conversation that stays where it is. */
export class CustodyColumns {
  minted = NOTHING;
  presented = NOTHING;
  /** Of each account: how many it gave out and handed in, whoever else saw them. */
  readonly given: Int32Array;
  readonly taken: Int32Array;
  private growing: { minted: Growing; presented: Growing } | undefined = {
    minted: new Growing(),
    presented: new Growing(),
  };

  constructor(size: number) {
    this.given = new Int32Array(size);
    this.taken = new Int32Array(size);
  }

  /** Accounts come in the order of their numbers. */
  read(account: number, { custody: { minted, presented } }: AccountProfile): void {
    this.growing!.minted.read(account, minted);
    this.growing!.presented.read(account, presented);
    this.given[account] = minted.hashes.length;
    this.taken[account] = presented.hashes.length;
  }

  finish(): void {
    const [minted, presented] = [this.growing!.minted.take(), this.growing!.presented.take()];
    this.growing = undefined;
    const sieve = seenByEach(minted, presented);
    this.minted = keptBy(sieve, minted);
    this.presented = keptBy(sieve, presented);
  }
}

/** Of each account every fingerprint once, whether it gave it out, handed it in or both. */
function seenByEach(minted: SightingColumns, presented: SightingColumns): Sieve {
  const sieve = new Sieve(minted.key.length + presented.key.length);
  for (const key of minted.key) sieve.add(key);
  for (let i = 0, own = 0; i < presented.key.length; i++) {
    const [account, key] = [presented.account[i]!, presented.key[i]!];
    while (own < minted.key.length && isBefore(minted, own, account, key)) own++;
    if (minted.account[own] !== account || minted.key[own] !== key) sieve.add(key);
  }
  return sieve;
}

function isBefore({ account, key }: SightingColumns, at: number, itsAccount: number, itsKey: number): boolean {
  return account[at]! < itsAccount || (account[at]! === itsAccount && key[at]! < itsKey);
}

function keptBy(sieve: Sieve, { account, key, time }: SightingColumns): SightingColumns {
  let kept = 0;
  for (let i = 0; i < key.length; i++) {
    if (!sieve.mayRepeat(key[i]!)) continue;
    account[kept] = account[i]!;
    key[kept] = key[i]!;
    time[kept++] = time[i]!;
  }
  return { account: account.slice(0, kept), key: key.slice(0, kept), time: time.slice(0, kept) };
}
