/** Bytes for a service that takes some of a call and refuses others: those go again. */
import { jitteredPause, type Pause } from '../backoff.ts';
import { settleAll } from '../concurrency.ts';

export interface Entry<T> {
  /** What it is made of, given back where it is not taken. */
  of: T;
  data: Uint8Array;
  /** Partition key, where the service has one. */
  key: string;
}

export interface Left<T> {
  /** What was not taken, after all attempts. */
  left: T[];
  /** Why, where a whole call failed. */
  cause?: unknown;
}

export interface Entries {
  /** Never throws: what is not taken comes back. */
  put<T>(entries: Iterable<Entry<T>>): Promise<Left<T>>;
}

export interface CallOf {
  /** Of one call; the bytes are those of data and keys together. */
  maxRecords: number;
  maxBytes: number;
  /** One call. Gives what was refused; throws where it failed as a whole. */
  refused<T>(entries: Entry<T>[]): Promise<Entry<T>[]>;
}

const ATTEMPTS = 5;
/** Calls at one time: enough to fill several shards, few enough to hold little in memory. */
const CONCURRENCY = 4;

export async function putAll<T>(
  entries: Iterable<Entry<T>>,
  call: CallOf,
  pause: Pause = jitteredPause,
): Promise<Left<T>> {
  const state: Left<T> = { left: [] };
  await settleAll(batchesOf(entries, call), CONCURRENCY, (batch) => put(batch, call, pause, state));
  return state;
}

/**
 * The client itself retries a call that fails as a whole; here only what a call that succeeded has refused. Once a
 * call has failed, the batches after it are not tried: an HTTP sender waits for the answer.
 */
async function put<T>(batch: Entry<T>[], call: CallOf, pause: Pause, state: Left<T>): Promise<void> {
  let left = batch;
  try {
    for (let attempt = 0; attempt < ATTEMPTS && left.length > 0 && state.cause === undefined; attempt++) {
      if (attempt > 0) await pause(attempt);
      left = await call.refused(left);
    }
  } catch (cause) {
    state.cause = cause;
  }
  state.left.push(...left.map(({ of }) => of));
}

function batchesOf<T>(entries: Iterable<Entry<T>>, { maxRecords, maxBytes }: CallOf): Entry<T>[][] {
  const batches: Entry<T>[][] = [];
  let bytes = 0;
  for (const entry of entries) {
    const size = entry.data.length + Buffer.byteLength(entry.key);
    const last = batches.at(-1);
    if (last === undefined || last.length === maxRecords || bytes + size > maxBytes) {
      batches.push([entry]);
      bytes = size;
    } else {
      last.push(entry);
      bytes += size;
    }
  }
  return batches;
}
