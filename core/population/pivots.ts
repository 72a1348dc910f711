/** Who moved to a model when it came out. */
import type { AccountProfile } from '../aggregates/account-profile.ts';
import { hash48 } from '../aggregates/hash.ts';
import type { ReleaseRecord } from '../records/schema.ts';
import { DAY_MS, timeMs } from '../records/time.ts';

/** Share of an account's exchanges, on one of the first two days, from which it has moved. */
const MOVED_SHARE = 0.25;

export class Pivot {
  readonly model: string;
  /** Day of the release, since 1970. */
  readonly day: number;
  /** Per account: 0 silent on both days, 1 active, 2 moved. */
  readonly state: Uint8Array;
  private readonly key: number;

  constructor({ model, time }: ReleaseRecord, size: number) {
    this.model = model;
    this.day = Math.floor(timeMs(time) / DAY_MS);
    this.key = hash48(model) % 2 ** 32;
    this.state = new Uint8Array(size);
  }

  read(account: number, { series }: AccountProfile): void {
    for (const { day, exchanges, models } of series) {
      if (day !== this.day && day !== this.day + 1) continue;
      const onIt = models.find(({ key }) => key === this.key)?.count ?? 0;
      const moved = onIt >= MOVED_SHARE * exchanges;
      this.state[account] = Math.max(this.state[account]!, moved ? 2 : 1);
    }
  }
}

/** The latest releases: a platform has few. */
const MOST = 4;

export function pivotsOf(releases: readonly ReleaseRecord[], size: number): Pivot[] {
  return releases.slice(-MOST).map((release) => new Pivot(release, size));
}
