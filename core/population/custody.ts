/** Fingerprints of conversation state: which account gave them out, and which handed them in. */
import type { AccountProfile } from '../aggregates/account-profile.ts';
import type { Sightings } from '../aggregates/sightings.ts';
import { GrowingFloats, GrowingInts } from './columns.ts';

/** Sightings of all accounts, flat: who saw which 48-bit fingerprint first when (ms since 1970). */
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

export class CustodyColumns {
  minted: SightingColumns = { account: new Int32Array(0), key: new Float64Array(0), time: new Float64Array(0) };
  presented: SightingColumns = this.minted;
  private readonly growingMinted = new Growing();
  private readonly growingPresented = new Growing();

  read(account: number, { custody }: AccountProfile): void {
    this.growingMinted.read(account, custody.minted);
    this.growingPresented.read(account, custody.presented);
  }

  finish(): void {
    this.minted = this.growingMinted.take();
    this.presented = this.growingPresented.take();
  }
}
