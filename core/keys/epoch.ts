/**
 * The life of fingerprint keys. Each key is an epoch. A rotation brings the key of the next epoch, and for a while, the
 * overlap, there are two: records keep the names of the outgoing key, and whoever holds a text notes what it will be
 * called later. Then the names change over, at one moment that everybody knows beforehand, and the outgoing key is
 * destroyed.
 */
export interface EpochKey {
  /** Names the key and says nothing of it; another name is another key. */
  epoch: string;
  /** 16 bytes or more. */
  key: Uint8Array;
}

export interface KeyRing {
  newest: EpochKey;
  /** When the newest key begins to name records, ms since 1970. Absent for the first epoch: there was nothing before. */
  switchAt?: number;
  /** The key before, until it is destroyed. */
  outgoing?: EpochKey;
}

/** Where fingerprint keys come from. Ask before every batch: an epoch ends without a restart. */
export interface KeySource {
  /** The key that names records now. */
  current(): Promise<EpochKey>;
  /** Every key that is not destroyed, the one that names records first. */
  live(): Promise<readonly EpochKey[]>;
}

/** A source that also tells when names change over, for those who note the later names. */
export interface RingSource extends KeySource {
  ring(): Promise<KeyRing>;
}

/** Whether records still have the names of the outgoing key. Without that key they cannot. */
export function overlaps({ switchAt, outgoing }: KeyRing, now: number): boolean {
  return outgoing !== undefined && switchAt !== undefined && now < switchAt;
}

export function namingKey(ring: KeyRing, now: number): EpochKey {
  return overlaps(ring, now) ? ring.outgoing! : ring.newest;
}

export function liveKeys(ring: KeyRing, now: number): EpochKey[] {
  const naming = namingKey(ring, now);
  return [ring.newest, ...(ring.outgoing ? [ring.outgoing] : [])].sort((a, b) => rank(a) - rank(b));
  function rank(key: EpochKey): number {
    return key === naming ? 0 : 1;
  }
}

/** `read` is asked every time; let it keep what it read. `now` is ms since 1970. */
export function ringSource(read: () => Promise<KeyRing>, now: () => number): RingSource {
  return {
    ring: read,
    current: async () => namingKey(await read(), now()),
    live: async () => liveKeys(await read(), now()),
  };
}
