import { afterAll, beforeAll, expect, it } from 'vitest';
import { DETECTORS } from '../../core/detectors/index.ts';
import { judgedBy } from '../../core/judged-by.ts';
import { DAY_MS } from '../../core/records/time.ts';
import { parseSettings } from '../../core/settings.ts';
import { sweep } from '../../core/sweep.ts';
import { DynamoAggregates } from '../../lambdas/adapters/dynamo-aggregates.ts';
import { DynamoFindings } from '../../lambdas/adapters/dynamo-findings.ts';
import { DynamoIntakeLog } from '../../lambdas/adapters/dynamo-intake-log.ts';
import { KeptDays } from '../../lambdas/adapters/kept-days.ts';
import { ObjectQuarantine } from '../../lambdas/adapters/quarantine.ts';
import { ScratchFolder } from '../../lambdas/adapters/scratch-folder.ts';
import { handle as ingest } from '../../lambdas/ingest/ingest.ts';
import { handle as run } from '../../lambdas/sweep/handler.ts';
import type { SweepHost } from '../../lambdas/sweep/host.ts';
import { load } from '../../lambdas/sweep/load/load.ts';
import type { SweepRecord } from '../../lambdas/sweep/summary.ts';
import { type SweepPlan, summaryKey } from '../../lambdas/sweep/tasks.ts';
import { accountRecord, DAY, usage } from '../contracts/sample-records.ts';
import { createTable, type DynamoServer, startDynalite } from '../support/dynamodb.ts';
import { kinesisEvent, listening, MemoryObjects } from './support.ts';

let server: DynamoServer;
beforeAll(async () => {
  server = await startDynalite();
});
afterAll(() => server.stop());

it('carries usage from the stream through the tables and the real sweep to a summary, losing and doubling nothing', async () => {
  const { client } = server;
  const table = await createTable(server, 'Aggregates');
  const objects = new MemoryObjects();
  const kept = new KeptDays(objects);
  const aggregates = new DynamoAggregates({ client, table, retentionDays: 90, kept });
  const told = listening();
  const records = Array.from({ length: 120 }, (_, i) => usage(`account-${i % 40}`, `x${i}`, 600 * i));
  const event = kinesisEvent([accountRecord('account-0', { org: 'o1' }), ...records]);
  const into = {
    store: aggregates,
    quarantine: new ObjectQuarantine(objects, false),
    intake: new DynamoIntakeLog(client, table),
    told,
    now: () => (DAY + 1) * DAY_MS,
    retentionDays: 90,
  };
  await ingest(event, into);
  await ingest(event, into);
  const host: SweepHost = {
    sweep,
    aggregates,
    findings: new DynamoFindings({ client, table: await createTable(server, 'FindingsTable') }),
    objects,
    scratch: new ScratchFolder(),
    announcer: { announce: async (transitions) => expect(transitions).toEqual([]) },
    told,
    settings: parseSettings({}),
    judgedBy: judgedBy(parseSettings({}), '0.9.2', DETECTORS),
    segments: 4,
  };
  const scheduledTime = new Date((DAY + 1) * DAY_MS).toISOString();
  const { at, segments, segmentCount } = (await run({ task: 'plan', scheduledTime }, host)) as SweepPlan;
  for (const segment of segments) {
    await load({ at, segment, segments: segmentCount }, { aggregates, kept, objects, told, retentionDays: 90 });
  }
  await run({ task: 'detect', at, segments: segmentCount }, host);
  const { summary } = objects.json(summaryKey(at)) as SweepRecord;
  expect(summary.accounts).toBe(40);
  expect(summary.population).toMatchObject([{ day: DAY, exchanges: 120, outputTokens: 24_000, accounts: 40 }]);
});
