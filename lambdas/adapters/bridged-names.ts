/**
 * Names for what a batch holds. `begin` gives the fingerprinter, `finish` makes the later names durable and gives each
 * record the names it is kept under; only then may the batch be delivered.
 */
import type { Bridge, BridgePair } from '../../core/keys/bridge.ts';
import type { KeyRing, RingSource } from '../../core/keys/epoch.ts';
import { isSought } from '../../core/keys/kinds.ts';
import { namer } from '../../core/keys/namer.ts';
import { PairBook } from '../../core/keys/pair-book.ts';
import { type Print, printsOf, renameRecord } from '../../core/keys/rename.ts';
import type { Fingerprinter } from '../../core/records/fingerprint.ts';
import type { StillwatchRecord } from '../../core/records/schema.ts';

export interface NamesHost {
  keys: RingSource;
  bridge: {
    note(pairs: readonly BridgePair[], now: number): Promise<void>;
    about(prints: readonly Print[], now: number): Promise<Bridge>;
  };
  now(): number;
}

export interface Naming {
  fingerprinter: Fingerprinter;
  /** Changes when the fingerprinter names differently; while it is the same, what was made with it may be kept. */
  epoch: string;
  finish<T extends StillwatchRecord>(records: readonly T[]): Promise<T[]>;
}

/** Names that a process remembers: 16 letters each way, about 200 bytes. */
const MAX_REMEMBERED = 100_000;
/** So a pair that another process noted at the last moment is found, and one in use is made to last. */
const REMEMBER_MS = 60 * 60_000;

export class BridgedNames {
  private readonly host: NamesHost;
  private readonly book = new PairBook();
  private remembered = new Map<string, string>();
  private since = 0;

  constructor(host: NamesHost) {
    this.host = host;
  }

  async begin(): Promise<Naming> {
    const { keys, now } = this.host;
    const at = now();
    const ring = await keys.ring();
    const { epoch } = await keys.current();
    const fingerprinter = namer(ring, at, (pair) => this.book.note(pair, at));
    return { fingerprinter, epoch, finish: (records) => this.finish(records, ring, at) };
  }

  private async finish<T extends StillwatchRecord>(records: readonly T[], ring: KeyRing, now: number): Promise<T[]> {
    await this.book.settle((pairs) => this.host.bridge.note(pairs, now));
    if (ring.switchAt === undefined) return [...records];
    await this.learn(
      printsOf(records).filter(({ kind }) => isSought(kind, ring, now)),
      now,
    );
    return records.map((record) =>
      renameRecord(record, (kind, print) => this.remembered.get(`${kind}\0${print}`) ?? print),
    );
  }

  private async learn(prints: readonly Print[], now: number): Promise<void> {
    if (this.remembered.size > MAX_REMEMBERED || now - this.since > REMEMBER_MS) {
      this.remembered = new Map();
      this.since = now;
    }
    const unknown = prints.filter(({ kind, print }) => !this.remembered.has(`${kind}\0${print}`));
    if (unknown.length === 0) return;
    const bridge = await this.host.bridge.about(unknown, now);
    for (const { kind, print } of unknown) this.remembered.set(`${kind}\0${print}`, bridge.nameOf(kind, print));
  }
}
