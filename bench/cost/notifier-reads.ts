/**
 * `node bench/cost/notifier-reads.ts`: prints what one look of the function that delivers asks where nothing is to be
 * told: `units` read, and `metrics` that it publishes. The function has the clients that it has in the cloud, and a table in which nothing is.
 */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { parseSettings } from '../../core/settings.ts';

/** Of one call that finds nothing: 4 KB or less. */
const CONSISTENT = 1;
const EVENTUAL = 0.5;

let units = 0;
const table = createServer(async (from, to) => {
  const call = String(from.headers['x-amz-target']).split('.')[1];
  if (call !== 'GetItem' && call !== 'Query')
    throw new Error(`a look that finds nothing should only read, not ${call}`);
  const { ConsistentRead } = JSON.parse(Buffer.concat(await from.toArray()).toString()) as { ConsistentRead?: boolean };
  units += ConsistentRead ? CONSISTENT : EVENTUAL;
  const nothing = call === 'Query' ? { Items: [], Count: 0, ScannedCount: 0 } : {};
  to.writeHead(200, { 'content-type': 'application/x-amz-json-1.0' }).end(JSON.stringify(nothing));
});
table.listen(0, '127.0.0.1');
await once(table, 'listening');
Object.assign(process.env, {
  AWS_ENDPOINT_URL: `http://127.0.0.1:${(table.address() as AddressInfo).port}`,
  AWS_REGION: 'us-east-1',
  AWS_ACCESS_KEY_ID: 'none',
  AWS_SECRET_ACCESS_KEY: 'none',
  FINDINGS_TOPIC: 'findings',
  OUTBOX_TABLE: 'outbox',
  FINDINGS_TABLE: 'findings',
  CASES_TABLE: 'cases',
  AGGREGATES_TABLE: 'aggregates',
  SWEEP_BUCKET: 'sweeps',
  CHANNELS: '{}',
  SWEEP_HOURS: '6',
  VERSION: '0',
  SETTINGS: JSON.stringify(parseSettings({})),
});
const { hostOf } = await import('../../lambdas/notify/handler.ts');
const { readEnv } = await import('../../lambdas/notify/env.ts');
const { handle } = await import('../../lambdas/notify/notify.ts');
let metrics = 0;
const silent = { count: () => void metrics++, info: () => undefined, error: () => undefined, flush: () => undefined };
await handle({ task: 'deliver' }, { ...hostOf(readEnv(process.env)), told: silent });
table.closeAllConnections();
table.close();
console.log(JSON.stringify({ units, metrics }));
