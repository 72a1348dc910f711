/** The function over stores in memory: its `handle`, out of its bundle, with a host whose writes may be its last. */
import { MemoryAggregates } from '../../cli/adapters/memory-store.ts';
import { DAY_MS } from '../../core/records/time.ts';
import { ObjectQuarantine } from '../../lambdas/adapters/quarantine.ts';
import type { handle, IngestHost } from '../../lambdas/ingest/ingest.ts';
import { type Caller, Crash, type Fate } from './deliver.ts';
import type { StoredDayOf } from './recount.ts';
import type { Target } from './run.ts';

export class InMemory implements Caller, Target {
  private readonly run: typeof handle;
  private readonly now: number;
  private readonly random: () => number;
  private readonly store = new MemoryAggregates();
  private readonly objects = new Map<string, string>();

  constructor(run: typeof handle, now: number, random: () => number) {
    this.run = run;
    this.now = now;
    this.random = random;
  }

  async call(event: Parameters<typeof handle>[0], fate: Fate): ReturnType<typeof handle> {
    const life = new Life(fate, this.random);
    const reply = await Promise.race([this.run(event, this.host(life)), life.over]);
    if (fate.crashAt !== undefined) throw new Crash('the call died before it could answer');
    return reply;
  }

  async *accountDays(): AsyncGenerator<StoredDayOf> {
    for await (const { account, days } of this.store.readSegment(0, 1, { from: 0, until: Number.POSITIVE_INFINITY })) {
      for (const { day, packed } of days) yield { account, day, packed };
    }
  }

  async *quarantined(): AsyncGenerator<string> {
    yield* this.objects.values();
  }

  async close(): Promise<void> {}

  private host(life: Life): IngestHost {
    const { store } = this;
    const objects = {
      put: (key: string, body: Uint8Array | string) =>
        life.write(
          async () => void this.objects.set(key, typeof body === 'string' ? body : Buffer.from(body).toString()),
        ),
      get: async () => undefined,
    };
    return {
      store: {
        foldUsage: (batch) => life.tableWrite(() => store.foldUsage(batch)),
        recordAccount: (record) => life.tableWrite(() => store.recordAccount(record)),
        recordRelease: (record) => life.tableWrite(() => store.recordRelease(record)),
      },
      quarantine: new ObjectQuarantine(objects, false),
      intake: { add: () => life.tableWrite(async () => undefined) },
      told: { count: nothing, info: nothing, error: nothing, flush: nothing },
      now: () => this.now,
      retentionDays: RETENTION_DAYS,
    };
  }
}

export const RETENTION_DAYS = 90;
/** A fixed end of the traffic, so that equal seeds are equal runs. */
export const NOW = 20_600 * DAY_MS + 40_000_000;

const nothing = () => undefined;

/** One call's life: it ends with the write that its fate names, and nothing that it does afterwards happens. */
class Life {
  readonly over: Promise<never>;
  private readonly fate: Fate;
  private readonly random: () => number;
  private readonly end: (crash: Crash) => void;
  private writes = 0;
  private dead = false;

  constructor(fate: Fate, random: () => number) {
    this.fate = fate;
    this.random = random;
    const { promise, reject } = Promise.withResolvers<never>();
    promise.catch(nothing);
    this.over = promise;
    this.end = reject;
  }

  async tableWrite<T>(work: () => Promise<T>): Promise<T> {
    if (this.random() < this.fate.throttled) throw new Error('ProvisionedThroughputExceededException');
    return this.write(work);
  }

  async write<T>(work: () => Promise<T>): Promise<T> {
    if (this.dead) return new Promise<T>(nothing);
    if (++this.writes !== this.fate.crashAt) return work();
    this.dead = true;
    if (this.fate.takesEffect) await work();
    this.end(new Crash('the call died'));
    return new Promise<T>(nothing);
  }
}
