import { SESv2Client, SendEmailCommand } from '@aws-sdk/client-sesv2';
import { mockClient } from 'aws-sdk-client-mock';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { parseSettings } from '../../core/settings.ts';
import { DynamoAuditLog } from '../../lambdas/adapters/dynamo-audit-log.ts';
import { DynamoClaims, LEASE_MS } from '../../lambdas/adapters/dynamo-claims.ts';
import { DynamoFindings } from '../../lambdas/adapters/dynamo-findings.ts';
import { DynamoIntakeLog } from '../../lambdas/adapters/dynamo-intake-log.ts';
import { SesMailer } from '../../lambdas/adapters/ses.ts';
import { messageSettings } from '../../lambdas/message-settings.ts';
import { periodBefore } from '../../lambdas/report/period.ts';
import { handle, type ReportHost } from '../../lambdas/report/report.ts';
import type { SweepRecord } from '../../lambdas/sweep/summary.ts';
import { summaryKey } from '../../lambdas/sweep/tasks.ts';
import { memory, tracked, transition } from '../contracts/sample-findings.ts';
import { createTable, type DynamoServer, startDynalite } from '../support/dynamodb.ts';
import { type Heard, listening, MemoryObjects } from './support.ts';

/** A Monday; the week before it is 11 to 17 May. */
const AT = '2026-05-18T00:00:00.000Z';
const TASK = { scheduledTime: '2026-05-18T07:00:00Z', every: 'week' } as const;
const DAY = Date.parse('2026-05-12T00:00:00Z') / 86_400_000;

const ses = mockClient(SESv2Client);
let server: DynamoServer;
let host: ReportHost & { told: Heard };
let findings: DynamoFindings;
let intake: DynamoIntakeLog;
let audits: DynamoAuditLog;
let objects: MemoryObjects;
let now: number;

beforeAll(async () => {
  server = await startDynalite();
});
afterAll(() => server.stop());

beforeEach(async () => {
  ses.reset();
  ses.on(SendEmailCommand).resolves({ MessageId: '1' });
  const { client } = server;
  const table = await createTable(server, 'FindingsTable');
  now = Date.parse(TASK.scheduledTime);
  findings = new DynamoFindings({ client, table });
  const aggregates = await createTable(server, 'Aggregates');
  intake = new DynamoIntakeLog(client, aggregates);
  audits = new DynamoAuditLog(client, aggregates);
  objects = new MemoryObjects();
  const mailer = {
    client: new SESv2Client({}),
    sender: 'stillwatch@example.com',
    recipients: ['lead@example.com'],
    configurationSet: 'mail',
  };
  host = {
    sources: { findings, intake, audits, objects },
    claims: new DynamoClaims(client, table),
    mailer: new SesMailer(mailer),
    settings: messageSettings(parseSettings({ deployment: 'prod' })),
    told: listening(),
    now: () => now,
  };
});

async function afterSweep(at = AT): Promise<void> {
  const record: SweepRecord = {
    releases: [],
    summary: {
      at,
      accounts: 12,
      candidateNats: [],
      candidates: 3,
      consumers: 12,
      held: [],
      coverage: 1,
      population: [],
    },
  };
  await objects.put(summaryKey(at), JSON.stringify(record));
  await findings.save(at, memory(tracked('f_1')), [transition('f_1', { at })]);
}

const mails = () => ses.commandCalls(SendEmailCommand).map(({ args }) => args[0].input);

describe('the period of a report', () => {
  it('is the last whole week or day before its schedule, whenever it runs', () => {
    const week = { name: 'week-2026-05-11', from: '2026-05-11T00:00:00.000Z', to: AT };
    expect(periodBefore('2026-05-18T07:00:00Z', 'week')).toEqual(week);
    expect(periodBefore('2026-05-18T00:00:00Z', 'week')).toEqual(week);
    expect(periodBefore('2026-05-18T07:00:00Z', 'day')).toMatchObject({ name: 'day-2026-05-17', to: AT });
  });
});

describe('a report', () => {
  it('is sent to its recipients with text, HTML, headers and what was found', async () => {
    await afterSweep();
    await intake.add(DAY, 's', { records: 100, usage: 90, duplicates: 5, quarantined: 5, late: 1 });
    expect(await handle(TASK, 'run-1', host)).toBe(true);
    const [mail] = mails();
    const simple = mail!.Content!.Simple!;
    expect(mail).toMatchObject({
      FromEmailAddress: 'stillwatch@example.com',
      Destination: { ToAddresses: ['lead@example.com'] },
      ConfigurationSetName: 'mail',
    });
    expect(simple.Subject!.Data).toMatch(/^\[Stillwatch\]/);
    expect(simple.Body!.Text!.Data).toContain('f_1');
    expect(simple.Body!.Html!.Data).toContain('f_1');
    expect(simple.Headers).toContainEqual({ Name: 'Auto-Submitted', Value: 'auto-generated' });
    expect(host.told.counts.ReportsSent).toBe(1);
  });

  it('is sent once, however often the schedule fires', async () => {
    await afterSweep();
    await handle(TASK, 'run-1', host);
    expect(await handle(TASK, 'run-1', host)).toBe(false);
    now += 86_400_000;
    expect(await handle(TASK, 'run-1', host)).toBe(false);
    expect(mails()).toHaveLength(1);
  });

  it('is tried again when SES fails', async () => {
    await afterSweep();
    ses.on(SendEmailCommand).rejectsOnce(new Error('throttled')).resolves({});
    await expect(handle(TASK, 'run-1', host)).rejects.toThrow('throttled');
    expect(await handle(TASK, 'run-1', host)).toBe(true);
  });

  it('is taken over when the run that claimed it died: at once by its own second attempt, by others when it must be over', async () => {
    await afterSweep();
    await host.claims.take('report-week-2026-05-11', 'dead', now);
    await expect(handle(TASK, 'run-1', host)).rejects.toMatchObject({ name: 'BusyError' });
    expect(await handle(TASK, 'dead', host)).toBe(true);
    await host.claims.release('report-week-2026-05-11');
    await host.claims.take('report-week-2026-05-11', 'dead', now);
    now += LEASE_MS + 1;
    expect(await handle(TASK, 'run-1', host)).toBe(true);
  });

  it('fails and says so where no sweep ever finished: an empty report would look like good news', async () => {
    await expect(handle(TASK, 'run-1', host)).rejects.toThrow('no sweep has finished yet');
    expect(mails()).toEqual([]);
  });
});

describe('what a report is built from', () => {
  it('holds the transitions of all sweeps since a time, in time order', async () => {
    for (const day of ['16', '17', '18']) await afterSweep(`2026-05-${day}T00:00:00.000Z`);
    const since = Date.parse('2026-05-16T00:00:00Z');
    expect((await findings.transitionsSince(since)).map(({ finding }) => finding.at)).toEqual([
      '2026-05-17T00:00:00.000Z',
      AT,
    ]);
    expect(await findings.sweepsSince(since)).toHaveLength(2);
  });

  it('sums what came in over days and shards', async () => {
    const counts = { records: 10, usage: 9, duplicates: 1, quarantined: 0, late: 0 };
    for (const [day, shard] of [
      [DAY, 'a'],
      [DAY, 'a'],
      [DAY, 'b'],
      [DAY + 1, 'a'],
      [DAY + 2, 'a'],
      [DAY - 1, 'a'],
    ] as const) {
      await intake.add(day, shard, counts);
    }
    expect(await intake.total(DAY, DAY + 1)).toEqual({
      records: 40,
      usage: 36,
      duplicates: 4,
      quarantined: 0,
      late: 0,
    });
  });
});
