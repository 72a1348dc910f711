import { SESv2Client, SendEmailCommand } from '@aws-sdk/client-sesv2';
import { mockClient } from 'aws-sdk-client-mock';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { findingsOf } from '../../core/cases/book.ts';
import { DETECTORS } from '../../core/detectors/index.ts';
import { judgedBy } from '../../core/judged-by.ts';
import { parsePeriod, periodBefore } from '../../core/messages/report-period.ts';
import { CORRECT_MS, UNKNOWN_MS } from '../../core/messages/report-sending.ts';
import { sweepsOf } from '../../core/messages/report-source.ts';
import { parseSettings } from '../../core/settings.ts';
import { DynamoAuditLog } from '../../lambdas/adapters/dynamo-audit-log.ts';
import { DynamoCases } from '../../lambdas/adapters/dynamo-cases.ts';
import { DynamoClaims } from '../../lambdas/adapters/dynamo-claims.ts';
import { DynamoDossiers } from '../../lambdas/adapters/dynamo-dossiers.ts';
import { DynamoFindings } from '../../lambdas/adapters/dynamo-findings.ts';
import { DynamoIntakeLog } from '../../lambdas/adapters/dynamo-intake-log.ts';
import { DynamoOutbox } from '../../lambdas/adapters/dynamo-outbox.ts';
import { DynamoUnreachable } from '../../lambdas/adapters/dynamo-unreachable.ts';
import { SesMailer } from '../../lambdas/adapters/ses.ts';
import { toldMessages } from '../../lambdas/adapters/told-messages.ts';
import { watchRecords } from '../../lambdas/adapters/watch-records.ts';
import { handle, PAGE_KEY, REPORT_TAG, type ReportHost, type SentEvent } from '../../lambdas/report/report.ts';
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
  const [table, aggregates, cases, outboxTable] = await Promise.all([
    createTable(server, 'FindingsTable'),
    createTable(server, 'Aggregates'),
    createTable(server, 'CasesTable'),
    createTable(server, 'NotificationsOutbox'),
  ]);
  now = Date.parse(TASK.scheduledTime);
  findings = new DynamoFindings({ client, table });
  intake = new DynamoIntakeLog(client, aggregates);
  const audits = new DynamoAuditLog(client, aggregates);
  const outbox = new DynamoOutbox(client, outboxTable);
  objects = new MemoryObjects();
  const marks = new DynamoUnreachable(client, table);
  host = {
    place: {
      transitions: () => findings.transitionsSince(0),
      messages: () => toldMessages(outbox),
      cases: new DynamoCases(client, cases),
      dossiers: new DynamoDossiers(client, cases),
      desk: async () => ({ findings: findingsOf((await findings.load()).tracked) }),
    },
    watch: watchRecords({
      deployment: 'prod',
      sweepEveryMs: 86_400_000,
      findings,
      intake,
      audits,
      objects,
      cost: async () => ({ usd: 14, estimated: false }),
      deadLetters: async () => ({ queues: 3, waiting: [] }),
      mail: { recipients: ['lead@example.com'], marks },
    }),
    marks,
    claims: new DynamoClaims(client, table),
    mailer: new SesMailer({
      client: new SESv2Client({}),
      sender: 'stillwatch@example.com',
      recipients: ['lead@example.com'],
      configurationSet: 'mail',
    }),
    objects,
    leave: { mail: 'stillwatch@example.com' },
    told: listening(),
    now: () => now,
  };
});

async function afterSweep(at = AT, found = true, fold = '6h'): Promise<void> {
  const record: SweepRecord = {
    releases: [],
    judgedBy: judgedBy(parseSettings({ deployment: 'prod', alerts: { fold } }), '0.9.2', DETECTORS),
    summary: {
      at,
      accounts: 12,
      candidateNats: [],
      candidates: 3,
      consumers: 12,
      held: [],
      coverage: 1,
      population: Array.from({ length: 7 }, (_, index) => ({
        day: DAY - 1 + index,
        exchanges: 90,
        outputTokens: 100_000,
        accounts: 12,
        tasks: {},
        hours: [],
        slots: [],
      })),
    },
  };
  await objects.put(summaryKey(at), JSON.stringify(record));
  await findings.save(at, memory(tracked('f_1')), found ? [transition('f_1', { at })] : []);
}

/** A sweep on each day of the week, the last one with what was found. */
async function aWholeWeek(found = true): Promise<void> {
  for (const day of ['12', '13', '14', '15', '16', '17']) await afterSweep(`2026-05-${day}T00:00:00.000Z`, false);
  await afterSweep(AT, found);
}

const mails = () => ses.commandCalls(SendEmailCommand).map(({ args }) => args[0].input);
const subjects = () => mails().map(({ Content }) => Content!.Simple!.Subject!.Data);
const sentEvent = (name: string): SentEvent => ({
  source: 'aws.ses',
  detail: { eventType: 'Send', mail: { tags: { [REPORT_TAG]: [name] } } },
});
const lost = () => Object.assign(new Error('socket hang up'), { $metadata: {} });
const refused = () => Object.assign(new Error('throttled'), { $metadata: { httpStatusCode: 429 } });

describe('the period of a report', () => {
  it('is the last whole week or day before its schedule, whenever it runs', () => {
    const week = { name: 'week-2026-05-11', from: '2026-05-11T00:00:00.000Z', to: AT };
    expect(periodBefore('2026-05-18T07:00:00Z', 'week')).toMatchObject(week);
    expect(periodBefore('2026-05-18T00:00:00Z', 'week')).toMatchObject(week);
    expect(periodBefore('2026-05-20T22:00:00Z', 'week')).toMatchObject(week);
    expect(periodBefore('2026-05-18T07:00:00Z', 'day')).toMatchObject({ name: 'day-2026-05-17', to: AT });
  });

  it('can be named by a person, by its week, or any day in it', () => {
    for (const name of ['2026-W20', '2026-05-11', '2026-05-14', '2026-05-17'])
      expect(parsePeriod(name, 'week').name).toBe('week-2026-05-11');
    expect(parsePeriod('2026-W53', 'week').from).toBe('2026-12-28T00:00:00.000Z');
    for (const [wrong, every] of [
      ['2026-W54', 'week'],
      ['2026-02-30', 'day'],
      ['yesterday', 'day'],
    ] as const)
      expect(() => parsePeriod(wrong, every)).toThrow(wrong);
  });
});

describe('sweeps that did not run', () => {
  const day = 86_400_000;
  const times = (...days: number[]) => days.map((at) => new Date(at * day).toISOString());
  it.each([
    ['all ran', times(10, 11, 12, 13), { sweeps: 3, sweepsMissed: 0 }],
    ['one is missing in the middle', times(10, 11, 13), { sweeps: 2, sweepsMissed: 1 }],
    ['the last ones are missing', times(10, 11), { sweeps: 1, sweepsMissed: 2 }],
    ['the watch began within the period', times(12, 13), { sweeps: 2, sweepsMissed: 0 }],
    ['none ever ran', [], { sweeps: 0, sweepsMissed: 0 }],
    [
      'one ran a little late',
      [...times(10, 11), new Date(12.2 * day).toISOString(), ...times(13)],
      { sweeps: 3, sweepsMissed: 0 },
    ],
  ])('are counted: %s', (_, marks, expected) => expect(sweepsOf(marks, 10 * day, 13 * day, day)).toEqual(expected));
});

describe('a report', () => {
  it('is sent to its recipients with text, HTML, headers, its tag and what was found', async () => {
    await aWholeWeek();
    await intake.add(DAY, 's', { records: 100, usage: 90, duplicates: 5, quarantined: 5, late: 1 });
    expect(await handle(TASK, 'run-1', host)).toBe('sent');
    const [mail] = mails();
    const simple = mail!.Content!.Simple!;
    expect(mail).toMatchObject({
      FromEmailAddress: 'stillwatch@example.com',
      Destination: { ToAddresses: ['lead@example.com'] },
      ConfigurationSetName: 'mail',
      EmailTags: [{ Name: REPORT_TAG, Value: 'week-2026-05-11' }],
    });
    expect(simple.Subject!.Data).toMatch(/^\[Stillwatch\] Weekly 11-17 May: 1 open/);
    expect(simple.Body!.Text!.Data).toContain('f_1');
    expect(simple.Body!.Text!.Data).toContain('7 of 7 sweeps');
    expect(simple.Body!.Html!.Data).toContain('f_1');
    expect(simple.Headers).toContainEqual({ Name: 'Auto-Submitted', Value: 'auto-generated' });
    expect(simple.Headers).toContainEqual({
      Name: 'List-Unsubscribe',
      Value: '<mailto:stillwatch@example.com?subject=unsubscribe>',
    });
    expect(simple.Attachments!.map(({ FileName }) => FileName)).toContain('report.json');
    expect(host.told.counts.ReportsSent).toBe(1);
  });

  it('run three times sends one mail', async () => {
    await aWholeWeek();
    expect(await handle(TASK, 'run-1', host)).toBe('sent');
    expect(await handle(TASK, 'run-1', host)).toBe('sent before');
    now += 86_400_000;
    expect(await handle({ period: '2026-W20', every: 'week' }, 'run-2', host)).toBe('sent before');
    expect(mails()).toHaveLength(1);
  });

  it('is sent by one of two runs at the same time', async () => {
    await aWholeWeek();
    const both = await Promise.allSettled([handle(TASK, 'run-1', host), handle(TASK, 'run-2', host)]);
    expect(mails()).toHaveLength(1);
    expect(both.filter(({ status }) => status === 'fulfilled').length).toBeGreaterThanOrEqual(1);
  });

  it('is corrected once, with old and new figures, where records came late; what changes after two days waits', async () => {
    await aWholeWeek();
    const lag = [80, 0, 8, 0, 2, 0, 0, 0, 0];
    await intake.add(DAY, 's', { records: 100, usage: 90, duplicates: 5, quarantined: 5, late: 1, lag });
    await handle(TASK, 'run-1', host);
    expect(mails()[0]!.Content!.Simple!.Body!.Text!.Data).toContain('95% of exchanges counted within 1 min of');
    await intake.add(DAY, 's', { records: 50, usage: 50, duplicates: 0, quarantined: 0, late: 0 });
    now += 3_600_000;
    expect(await handle(TASK, 'run-2', host)).toBe('corrected');
    const simple = mails()[1]!.Content!.Simple!;
    expect(simple.Subject!.Data).toMatch(/^\[Stillwatch\] CORRECTED Weekly 11-17 May: /);
    expect(simple.Subject!.Data!.length).toBeLessThanOrEqual(78);
    expect(simple.Body!.Text!.Data).toContain('records: was 100, 5 quarantined, 1 late, is 150, 5 quarantined, 1 late');
    expect(simple.Body!.Html!.Data).toContain('records: was 100');
    expect(await handle(TASK, 'run-3', host)).toBe('sent before');
    await intake.add(DAY, 's', { records: 1, usage: 1, duplicates: 0, quarantined: 0, late: 0 });
    expect(await handle(TASK, 'run-4', host)).toBe('changed too late');
    expect(mails()).toHaveLength(2);
  });

  it('is not corrected after two days', async () => {
    await aWholeWeek();
    await handle(TASK, 'run-1', host);
    await intake.add(DAY, 's', { records: 50, usage: 50, duplicates: 0, quarantined: 0, late: 0 });
    now += CORRECT_MS + 1;
    expect(await handle(TASK, 'run-2', host)).toBe('changed too late');
    expect(mails()).toHaveLength(1);
  });

  it('is the same on a later day, whatever has come in since for other days', async () => {
    await aWholeWeek();
    await handle(TASK, 'run-1', host);
    await afterSweep('2026-05-19T00:00:00.000Z');
    await intake.add(DAY + 7, 's', { records: 9000, usage: 9000, duplicates: 0, quarantined: 0, late: 0 });
    now += 86_400_000;
    expect(await handle(TASK, 'run-2', host)).toBe('sent before');
  });

  it('is tried again at once where the mail service refused it', async () => {
    await aWholeWeek();
    ses.on(SendEmailCommand).rejectsOnce(refused()).resolves({});
    await expect(handle(TASK, 'run-1', host)).rejects.toThrow('throttled');
    expect(await handle(TASK, 'run-1', host)).toBe('sent');
  });

  it('waits ten minutes where nobody knows whether it went out, and then goes out', async () => {
    await aWholeWeek();
    ses.on(SendEmailCommand).rejectsOnce(lost()).resolves({});
    await expect(handle(TASK, 'run-1', host)).rejects.toThrow('socket hang up');
    now += UNKNOWN_MS - 1;
    await expect(handle(TASK, 'run-2', host)).rejects.toMatchObject({ name: 'BusyError' });
    expect(mails()).toHaveLength(1);
    now += 1;
    expect(await handle(TASK, 'run-3', host)).toBe('sent');
  });

  it('does not go out again where the mail service says meanwhile that it did send', async () => {
    await aWholeWeek();
    ses.on(SendEmailCommand).rejectsOnce(lost()).resolves({});
    await expect(handle(TASK, 'run-1', host)).rejects.toThrow('socket hang up');
    expect(await handle(sentEvent('week-2026-05-11'), 'event', host)).toBe('noted');
    now += UNKNOWN_MS + 1;
    expect(await handle(TASK, 'run-2', host)).toBe('sent before');
    expect(mails()).toHaveLength(1);
  });

  it('says of an empty week with a missed sweep that the watch was incomplete, not that all is clear', async () => {
    await afterSweep('2026-05-12T00:00:00.000Z', false);
    await afterSweep(AT, false);
    await handle(TASK, 'run-1', host);
    expect(subjects()[0]).toMatch(/^\[Stillwatch\] Weekly 11-17 May: nothing found, watch incomplete/);
  });

  it('says of an empty week that was all seen that all is clear', async () => {
    await aWholeWeek(false);
    await handle(TASK, 'run-1', host);
    expect(subjects()).toEqual(['[Stillwatch] Weekly 11-17 May: all clear, coverage 100%']);
  });

  it('fails and says so where no sweep ever finished: an empty report would look like good news', async () => {
    await expect(handle(TASK, 'run-1', host)).rejects.toThrow('no sweep has finished yet');
    expect(mails()).toEqual([]);
  });
});

describe('what a report says of the deployment', () => {
  const said = () => mails().at(-1)!.Content!.Simple!.Body!.Text!.Data!.replaceAll(/\s+/g, ' ');

  it('is its bill, its dead letters, and by which program and settings it judged', async () => {
    await aWholeWeek();
    await handle(TASK, 'run-1', host);
    expect(said()).toContain('COST USD 14.00, 30 days at this rate USD 60');
    expect(said()).toContain('no dead letter in 3 queues');
    expect(said()).toContain('DETECTORS AND SETTINGS none changed');
    expect(said()).toMatch(/Stillwatch 0\.9\.2, settings [0-9a-f]{8}\./);
  });

  it('is the setting that somebody changed in the week', async () => {
    for (const [day, fold] of [
      ['11', '6h'],
      ['13', '6h'],
      ['15', '2h'],
    ] as const)
      await afterSweep(`2026-05-${day}T00:00:00.000Z`, false, fold);
    await afterSweep(AT, false, '2h');
    await handle(TASK, 'run-1', host);
    expect(said()).toContain('settings.alerts.fold: was "6h", is "2h"');
  });

  it('goes out without the bill where nobody may read it', async () => {
    await aWholeWeek();
    const watch = {
      ...host.watch,
      cost: async () => ({ unknown: 'Cost Explorer answered 400 AccessDeniedException' }),
    };
    expect(await handle(TASK, 'run-1', { ...host, watch })).toBe('sent');
    expect(said()).toContain('COST not known: Cost Explorer answered 400 AccessDeniedException');
  });

  const event = (eventType: string, rest: object): SentEvent => ({
    source: 'aws.ses',
    detail: { eventType, mail: { timestamp: '2026-05-12T07:00:00.000Z' }, ...rest },
  });
  const bounced = (timestamp: string) =>
    event('Bounce', {
      bounce: { bounceType: 'Permanent', timestamp, bouncedRecipients: [{ emailAddress: 'Lead@example.com' }] },
    });
  const arrived = event('Delivery', { delivery: { recipients: ['lead@example.com'] } });

  it('is that a reader is gone, until mail reaches the address again', async () => {
    await aWholeWeek();
    expect(await handle(bounced('2026-05-12T07:00:04.000Z'), 'event', host)).toBe('noted');
    await handle(TASK, 'run-1', host);
    expect(said()).toContain('mail does not reach 1 of 1 recipient of reports');
    expect(JSON.stringify(mails().at(-1)!.Content)).not.toContain('lead@example.com');
    await handle(arrived, 'event', host);
    await handle({ period: '2026-W19', every: 'week' }, 'run-2', host);
    expect(said()).not.toContain('does not reach');
  });

  it('does not correct a report because that report itself came back', async () => {
    await aWholeWeek();
    await handle(TASK, 'run-1', host);
    await handle(bounced('2026-05-18T07:00:04.000Z'), 'event', host);
    now += 30 * 60_000;
    expect(await handle(TASK, 'run-2', host)).toBe('sent before');
  });

  it('keeps a complaint when the next mail arrives: it is still unwanted', async () => {
    await aWholeWeek();
    const complaint = {
      timestamp: '2026-05-13T07:00:00.000Z',
      complainedRecipients: [{ emailAddress: 'lead@example.com' }],
    };
    await handle(event('Complaint', { complaint }), 'event', host);
    await handle(arrived, 'event', host);
    await handle(TASK, 'run-1', host);
    expect(said()).toContain('mail does not reach 1 of 1 recipient');
  });
});

describe('a digest', () => {
  const day = { scheduledTime: TASK.scheduledTime, every: 'day' } as const;
  it('goes out on a day with an unacknowledged finding, and not on a quiet one', async () => {
    await afterSweep('2026-05-17T00:00:00.000Z', false);
    await afterSweep(AT);
    expect(await handle(day, 'run-1', host)).toBe('sent');
    expect(subjects()[0]).toMatch(/^\[Stillwatch\] Daily 17 May: 1 open, 1 folded change, 1 unacked$/);
    expect(await handle({ period: '2026-05-16', every: 'day' }, 'run-2', host)).toBe('nothing to say');
    expect(mails()).toHaveLength(1);
  });
});

describe('the page', () => {
  it('is written after a sweep, for those who may read the bucket', async () => {
    await aWholeWeek();
    expect(await handle({ page: true }, 'run-1', host)).toBe('page');
    const page = new TextDecoder().decode(objects.held.get(PAGE_KEY));
    expect(page).toContain('<!doctype html>');
    expect(page).toContain('f_1');
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
