/** What happens to records on their way: copies, delays, and parts that never arrive. */
import type { AccountRecord, StillwatchRecord, UsageRecord } from '../../core/records/schema.ts';
import { iso, MINUTE } from './clock.ts';
import { Random, seedOf } from './random.ts';
import type { World } from './spec.ts';

/** Files hold records in time order, give or take one hour; delays stay below that. */
const LONGEST_DELAY = 55 * MINUTE;
const LONGEST_RETRY = 10 * MINUTE;
/** Parts of a usage record that the format does not require. */
const OPTIONAL = ['status', 'finish', 'latencyMs', 'params', 'network', 'client', 'session', 'custody'] as const;
const OPTIONAL_PROMPT = (
  ['system', 'template', 'sketch', 'contract', 'topic', 'task', 'language', 'flags'] as const
).map((part) => [part, `prompt.${part}`] as const);
const OPTIONAL_ACCOUNT = ['org', 'plan', 'programme', 'payment', 'email', 'phone', 'referral', 'verified'] as const;

/** The records as a reader gets them. Needs no more memory than the records delayed at one time. */
export function* disturb(records: Iterable<StillwatchRecord>, world: World): Generator<StillwatchRecord> {
  const { noise } = world;
  const random = new Random(seedOf(`${world.seed}/noise`));
  const unknown = accountFilter(world);
  const lost = losses(noise, random);
  const waiting = new Waiting();
  for (const record of records) {
    if (waiting.due(record.time)) yield* waiting.until(record.time);
    if (record.type === 'account') {
      if (!unknown(record.account)) yield stripAccount(record, lost);
    } else if (record.type === 'usage') {
      stripUsage(record, lost);
      if (random.chance(noise.duplicates)) waiting.add(after(record, LONGEST_RETRY, random), record);
      if (random.chance(noise.late)) waiting.add(after(record, LONGEST_DELAY, random), record);
      else yield record;
    } else yield record;
  }
  yield* waiting.until('9');
}

function after(record: StillwatchRecord, longest: number, random: Random): string {
  return iso(Date.parse(record.time) + random.next() * longest);
}

function accountFilter(world: World): (account: string) => boolean {
  const limit = world.noise.accountsWithoutRecord * 2 ** 32;
  return (account) => limit > 0 && seedOf(`${world.seed}/unknown/${account}`)[0] < limit;
}

type Lost = (part: string) => boolean;

/** Each part is lost with probability `missing`; counting down to the next loss spares a draw per part. */
function losses(noise: World['noise'], random: Random): Lost {
  const never = new Set(noise.withoutFields);
  const gap = () => (noise.missing > 0 ? random.geometric(1 / noise.missing) : Number.POSITIVE_INFINITY);
  let left = gap();
  return (part) => {
    if (--left > 0) return never.size > 0 && never.has(part);
    left = gap();
    return true;
  };
}

/** A copy: the group may send the account again. */
function stripAccount(record: AccountRecord, lost: Lost): AccountRecord {
  const copy = { ...record };
  for (const part of OPTIONAL_ACCOUNT) if (copy[part] !== undefined && lost(part)) delete copy[part];
  return copy;
}

/** In place: a usage record is made for one delivery. */
function stripUsage(record: UsageRecord, lost: Lost): void {
  for (const part of OPTIONAL) if (lost(part)) delete record[part];
  const prompt = record.prompt;
  if (!prompt) return;
  if (lost('prompt')) delete record.prompt;
  else for (const [part, path] of OPTIONAL_PROMPT) if (lost(path)) delete prompt[part];
}

/** A binary heap of records by the time at which they come through; RFC 3339 times of one length sort as text. */
class Waiting {
  private readonly heap: { at: string; record: StillwatchRecord }[] = [];

  add(at: string, record: StillwatchRecord): void {
    const { heap } = this;
    let i = heap.push({ at, record }) - 1;
    for (let up = (i - 1) >> 1; i > 0 && heap[up]!.at > heap[i]!.at; up = (i - 1) >> 1) {
      [heap[i], heap[up]] = [heap[up]!, heap[i]!];
      i = up;
    }
  }

  due(time: string): boolean {
    return this.heap.length > 0 && this.heap[0]!.at <= time;
  }

  *until(time: string): Generator<StillwatchRecord> {
    while (this.due(time)) yield this.take();
  }

  private take(): StillwatchRecord {
    const { heap } = this;
    const top = heap[0]!;
    const last = heap.pop()!;
    if (heap.length > 0) {
      heap[0] = last;
      this.sink();
    }
    return top.record;
  }

  private sink(): void {
    const { heap } = this;
    for (let i = 0; ; ) {
      let least = i;
      for (const child of [2 * i + 1, 2 * i + 2]) {
        if (child < heap.length && heap[child]!.at < heap[least]!.at) least = child;
      }
      if (least === i) return;
      [heap[i], heap[least]] = [heap[least]!, heap[i]!];
      i = least;
    }
  }
}
