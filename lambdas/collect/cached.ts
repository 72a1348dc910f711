/** How long a value outlives reads that fail: an hour without the secret store must not stop the intake. */
const STALE_MS = 60 * 60_000;

/** The value, at most `maxAgeMs` old where the caller asks for that. */
export type Cached<T> = (maxAgeMs?: number) => Promise<T>;

/**
 * A value that is read once and kept for `ttlMs`. One read serves all who ask meanwhile. Where a later read fails, the
 * old value is kept for an hour and no longer: a secret that was destroyed must go out of use.
 */
export function cached<T>(read: () => Promise<T>, ttlMs: number, now: () => number): Cached<T> {
  let held: { value: T; readAt: number; triedAt: number } | undefined;
  let reading: Promise<T> | undefined;
  const refresh = async () => {
    try {
      const value = await read();
      held = { value, readAt: now(), triedAt: now() };
      return value;
    } catch (error) {
      if (held === undefined || now() - held.readAt > STALE_MS) throw error;
      held.triedAt = now();
      return held.value;
    } finally {
      reading = undefined;
    }
  };
  return (maxAgeMs = ttlMs) => {
    if (held !== undefined && now() - held.triedAt < maxAgeMs) return Promise.resolve(held.value);
    reading ??= refresh();
    return reading;
  };
}
