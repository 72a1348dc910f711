/**
 * The process in which one function runs: `child.ts BUNDLE RECEIVER`. It has the environment that Lambda would give it,
 * a clock that the run sets, and no way out: requests to other hosts go to the receiver, which stands for them all.
 */
import { pathToFileURL } from 'node:url';

export interface Invocation {
  event: unknown;
  requestId: string;
  /** Time that the function's clock shows when it begins, ms. */
  now: number;
}

export type Outcome =
  | { ok: true; value: unknown }
  | { ok: false; error: { name: string; message: string; stack: string } };

const [, , bundle, receiver] = process.argv;
const RealDate = Date;
const RealFetch = fetch;
let ahead = 0;
const MINUTE_MS = 60_000;

globalThis.Date = class extends RealDate {
  constructor(...given: unknown[]) {
    super(...((given.length === 0 ? [RealDate.now() + ahead] : given) as [number]));
  }
  static override now(): number {
    return RealDate.now() + ahead;
  }
} as DateConstructor;

globalThis.fetch = (input, init) => {
  const { host, pathname } = new URL(String(input));
  return RealFetch(`${receiver}/${host}${pathname}`, init);
};

const { handler } = (await import(pathToFileURL(bundle!).href)) as {
  handler(event: unknown, context: object): Promise<unknown>;
};

process.on('message', async ({ event, requestId, now }: Invocation) => {
  ahead = now - RealDate.now();
  process.send!(await run(event, requestId));
});
process.send!('ready');

async function run(event: unknown, requestId: string): Promise<Outcome> {
  try {
    const functionName = process.env.AWS_LAMBDA_FUNCTION_NAME;
    const context = { awsRequestId: requestId, functionName, getRemainingTimeInMillis: () => MINUTE_MS };
    const value = await handler(event, context);
    // As it goes over the wire: what does not survive JSON does not survive Lambda.
    return { ok: true, value: value === undefined ? null : JSON.parse(JSON.stringify(value)) };
  } catch (error) {
    const { name, message, stack } = error instanceof Error ? error : new Error(String(error));
    return { ok: false, error: { name, message, stack: stack ?? '' } };
  }
}
