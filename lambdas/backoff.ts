/** Waits for the `attempt`-th retry: full jitter (Brooker, AWS Architecture Blog, 2015) over 25 ms, 50 ms, ... up to 1 s. */
export type Pause = (attempt: number) => Promise<void>;

export const jitteredPause: Pause = (attempt) =>
  new Promise((resolve) => {
    setTimeout(resolve, Math.random() * Math.min(1000, 25 * 2 ** attempt));
  });
