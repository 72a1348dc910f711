import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { mockClient } from 'aws-sdk-client-mock';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { MemoryCases } from '../../cli/adapters/place/memory.ts';
import { resendAll } from '../../cli/adapters/place/stack.ts';
import { NO_MEMORY } from '../../core/campaigns/tracked.ts';
import type { Transition } from '../../core/findings/transition.ts';
import { messageSettings } from '../../core/messages/settings.ts';
import { parseSettings } from '../../core/settings.ts';
import { DynamoDesk } from '../../lambdas/adapters/dynamo-desk.ts';
import { DynamoOutbox } from '../../lambdas/adapters/dynamo-outbox.ts';
import { SnsPublisher } from '../../lambdas/adapters/sns.ts';
import { healthOf } from '../../lambdas/notify/health.ts';
import { type FindingEvent, handle, type NotifyHost } from '../../lambdas/notify/notify.ts';
import { type SenderParts, sendersOf } from '../../lambdas/notify/senders.ts';
import { summaryKey } from '../../lambdas/sweep/tasks.ts';
import { tracked, transition } from '../contracts/sample-findings.ts';
import { createTable, type DynamoServer, startDynalite } from '../support/dynamodb.ts';
import { listening, MemoryObjects, recorded } from './support.ts';

const sns = mockClient(SNSClient);
const settings = messageSettings(
  parseSettings({ deployment: 'prod', messages: { runbook: 'https://runbook.example.com' } }),
  '0.9.2',
);
const ID = 'f_01KR2';
const AT = '2026-06-22T00:00:00.000Z';
const OPENED = transition(ID, { at: AT });
const event: FindingEvent = { ...recorded<FindingEvent>('finding-event'), detail: OPENED };
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

let server: DynamoServer;
let store: DynamoOutbox;
let desk: DynamoDesk;
let cases: MemoryCases;
/** Sweeps that told something, as they are saved. */
let saved: { at: string; transitions: Transition[] }[];
let now: number;
let posts: { url: string; headers: Record<string, string>; body: string }[];
let status: number;

beforeAll(async () => {
  server = await startDynalite();
});
afterAll(() => server.stop());

beforeEach(async () => {
  const table = await createTable(server, 'NotificationsOutbox');
  store = new DynamoOutbox(server.client, table);
  desk = new DynamoDesk(server.client, table);
  cases = new MemoryCases();
  saved = [{ at: AT, transitions: [OPENED] }];
  now = Date.parse(AT) + MINUTE;
  posts = [];
  status = 202;
  sns.reset();
  sns.on(PublishCommand).resolves({ MessageId: '1' });
});

const fakeFetch = async (url: unknown, init: unknown) => {
  const { headers, body } = init as { headers: Record<string, string>; body: string };
  posts.push({ url: String(url), headers, body });
  return new Response(null, { status });
};

function hostOf(parts: Partial<SenderParts> = {}): NotifyHost & { told: ReturnType<typeof listening> } {
  const publisher = new SnsPublisher(new SNSClient({}), 'arn:topic');
  const senders = sendersOf({ topic: publisher, fetch: fakeFetch as typeof fetch, ...parts });
  const after = (since: number) => saved.filter(({ at }) => Date.parse(at) > since);
  return {
    desk,
    cases,
    findings: {
      load: async () => ({ ...NO_MEMORY, tracked: [tracked(ID)] }),
      sweepsSince: async (since) => after(since).map(({ at }) => at),
      transitionsSince: async (since) => after(since).flatMap(({ transitions }) => transitions),
    },
    rows: () => store.allRows(),
    rules: { deployment: 'prod', foldMs: 6 * HOUR, maxPagesPerDay: 20 },
    delivery: { store, senders, now: () => now, random: () => 0.5 },
    watched: store,
    health: {
      sweepsSince: async () => [new Date(now - HOUR).toISOString()],
      coverageOf: async () => 0.994,
      intake: async () => ({ records: 1000, quarantined: 1 }),
      audits: async () => ({ audited: 500, drifted: 0 }),
    },
    sweepMs: 6 * HOUR,
    settings,
    told: listening(),
  };
}
const published = () => sns.commandCalls(PublishCommand).map(({ args }) => args[0].input);

describe('a finding that changed', () => {
  it('is published as text for people and as JSON for machines', async () => {
    await handle(event, hostOf());
    const [message] = published();
    const bodies = JSON.parse(message!.Message!) as Record<string, string>;
    expect(message).toMatchObject({ TopicArn: 'arn:topic', MessageStructure: 'json' });
    expect(JSON.parse(bodies.sqs!)).toMatchObject({ finding: { id: 'f_01KR2' } });
    expect(bodies.default).toContain('https://runbook.example.com');
    expect(message!.MessageAttributes!.severity).toEqual({ DataType: 'String', StringValue: 'SEV2' });
  });

  it('is told once when the bus delivers it twice', async () => {
    await handle(event, hostOf());
    await handle(event, hostOf());
    expect(published()).toHaveLength(1);
  });

  it('goes out again when the topic failed, and is not lost meanwhile', async () => {
    sns.on(PublishCommand).rejects(new Error('throttled'));
    const host = hostOf();
    await handle(event, host);
    expect(await store.pending()).toMatchObject([{ channel: 'sns', attempts: 1, error: 'Error: throttled' }]);
    sns.on(PublishCommand).resolves({ MessageId: '2' });
    await handle({ task: 'deliver' }, host);
    now += MINUTE;
    await handle({ task: 'deliver' }, host);
    expect(host.told.counts.MessagesSent).toBe(1);
    expect(await store.pending()).toEqual([]);
  });

  it('is tried by one run only where two see it due', async () => {
    sns.on(PublishCommand).rejects(new Error('throttled'));
    await handle(event, hostOf());
    sns.reset();
    sns.on(PublishCommand).resolves({ MessageId: '2' });
    now += MINUTE;
    await Promise.all([handle({ task: 'deliver' }, hostOf()), handle({ task: 'deliver' }, hostOf())]);
    expect(published()).toHaveLength(1);
  });
});

describe('what people decide', () => {
  const posted = () => posts.map(({ body }) => JSON.parse(body) as { event_action: string; dedup_key: string });
  const pager = { pagerduty: async () => 'key' };
  const tick = (host: NotifyHost) => handle({ task: 'deliver' }, host);

  it('stops the pager: an acknowledgement within a minute, once', async () => {
    const host = hostOf(pager);
    await handle(event, host);
    now += MINUTE;
    await cases.append({ action: 'ack', finding: ID, at: new Date(now).toISOString(), by: 'mara' }, 0);
    await tick(host);
    await tick(host);
    expect(posted().map(({ event_action }) => event_action)).toEqual(['trigger', 'acknowledge']);
    expect(new Set(posted().map(({ dedup_key }) => dedup_key))).toEqual(new Set([`stillwatch/prod/${ID}`]));
  });

  it('is not waited for in silence: who is to know hears of it after 8 and 24 hours, but not by the pager', async () => {
    const host = hostOf(pager);
    await handle(event, host);
    for (let hour = 0; hour < 40; hour++) {
      now += HOUR;
      await tick(host);
    }
    const subjects = published()
      .map(({ Subject }) => Subject!)
      .filter((subject) => !subject.startsWith('[WATCH]'));
    expect(subjects.map((subject) => subject.split(' ').slice(0, 2).join(' '))).toEqual([
      '[SEV2] Distillation',
      '[SEV2] UNACKED',
      '[SEV2] UNACKED',
    ]);
    expect(posted().map(({ event_action }) => event_action)).toEqual(['trigger']);
  });

  it('resolves the incident when it is judged, and a change that is not grave stays silent', async () => {
    const host = hostOf(pager);
    await handle(event, host);
    now += MINUTE;
    const at = new Date(now).toISOString();
    await cases.append(
      { action: 'verdict', finding: ID, verdict: 'benign-planned', reason: 'ours', at, by: 'mara' },
      0,
    );
    await tick(host);
    now = Date.parse(AT) + 24 * HOUR;
    const later = new Date(now).toISOString();
    const more = { state: 'updated', at: later, reason: 'exchanges doubled' } as const;
    saved.push({ at: later, transitions: [transition(ID, more, { message: 'updated', sequence: 2 })] });
    await tick(host);
    expect(posted().map(({ event_action }) => event_action)).toEqual(['trigger', 'resolve']);
    expect((await desk.book()).cases[ID]).toMatchObject({ state: 'judged', material: true });
  });

  it('that a channel did not take for a day is taken by it once it is asked for again, under the same id', async () => {
    status = 503;
    const host = hostOf({
      webhook: {
        url: 'https://hook.example',
        secrets: async () => ['whsec_c3RpbGx3YXRjaC1leGFtcGxlLXNlY3JldC0zMmJ5dGU='],
      },
    });
    await handle(event, host);
    now += 25 * HOUR;
    await handle({ task: 'deliver' }, host);
    const ids = () => posts.map(({ headers }) => headers['webhook-id']);
    const tries = posts.length;
    expect((await store.failed()).map(({ channel }) => channel)).toContain('webhook');
    status = 202;
    const { again } = await resendAll(store, now);
    expect(again.map(({ channel }) => channel)).toContain('webhook');
    expect(await store.failed()).toEqual([]);
    await handle({ task: 'deliver' }, host);
    expect(new Set(ids().filter((id) => id === ids()[0])).size).toBe(1);
    expect(ids().slice(tries)).toContain(ids()[0]);
    expect((await resendAll(store, now)).again).toEqual([]);
  });

  it('that nobody takes on reaches the roles by mail, each at its time', async () => {
    const sent: unknown[] = [];
    const mailer = {
      send: async (_: unknown, __: unknown, to?: { addresses: string[] }) => void sent.push(to?.addresses),
    };
    const host = hostOf({ mailer, roles: { abuseLead: 'abuse@example.com', securityLeader: 'lead@example.com' } });
    await handle(event, host);
    for (const hours of [8, 24]) {
      now = Date.parse(AT) + hours * HOUR;
      await tick(host);
    }
    expect(sent).toEqual([[], ['abuse@example.com'], ['lead@example.com']]);
  });

  it('reaches whoever it was handed to by mail: a SEV3 that is mailed to nobody else, and no line in the thread', async () => {
    const sent: unknown[] = [];
    const host = hostOf({ mailer: { send: async ({ subject }, _, to) => void sent.push([subject.slice(0, 14), to]) } });
    saved = [{ at: AT, transitions: [transition(ID, { at: AT, severity: 'SEV3' })] }];
    await handle(event, host);
    now += MINUTE;
    const at = new Date(now).toISOString();
    await cases.append({ action: 'assign', finding: ID, to: 'lee@example.com', at, by: 'mara' }, 0);
    await tick(host);
    expect(sent).toEqual([]);
    now = Date.parse(AT) + 24 * HOUR;
    const later = new Date(now).toISOString();
    const more = { state: 'updated', severity: 'SEV3', at: later, reason: 'exchanges doubled' } as const;
    saved.push({ at: later, transitions: [transition(ID, more, { message: 'updated', sequence: 2 })] });
    await tick(host);
    expect(sent).toEqual([['[SEV3] UPDATE ', { addresses: ['lee@example.com'], alone: true }]]);
  });

  it('is taken in by one run where two look at once', async () => {
    await Promise.all([handle(event, hostOf()), handle(event, hostOf())]);
    await tick(hostOf());
    expect(published()).toHaveLength(1);
  });

  it('is compared with the last message that was delivered, not with one that nobody got', async () => {
    const host = hostOf();
    const sweep = (hours: number, exchanges: number) => {
      now = Date.parse(AT) + hours * HOUR;
      const at = new Date(now).toISOString();
      const finding = { state: 'updated', at, reason: 'exchanges doubled', exchanges } as const;
      saved.push({ at, transitions: [transition(ID, finding, { message: 'updated' })] });
      return handle(event, host);
    };
    await handle(event, host);
    sns.on(PublishCommand).rejects(new Error('down'));
    await sweep(24, 80_000);
    sns.on(PublishCommand).resolves({ MessageId: '2' });
    await sweep(48, 160_000);
    const last = (await store.messages()).find(({ finding }) => finding?.exchanges === 160_000)!;
    expect(last).toMatchObject({ since: { at: AT, exchanges: OPENED.finding.exchanges } });
  });

  it('before this version is not told again: only the latest sweep is', async () => {
    const old = '2026-06-01T00:00:00.000Z';
    saved.unshift({ at: old, transitions: [transition('f_old', { at: old })] });
    await handle(event, hostOf());
    expect(published().map(({ Subject }) => Subject!.includes(ID))).toEqual([true]);
    expect(Object.keys((await desk.book()).cases).sort()).toEqual([ID, 'f_old']);
  });
});

describe('the other channels', () => {
  const secret = 'whsec_c3RpbGx3YXRjaC1leGFtcGxlLXNlY3JldC0zMmJ5dGU=';
  const parts = {
    pagerduty: async () => 'routing-key-of-32-characters-000',
    webhook: { url: 'https://soar.example.com', secrets: async () => [secret] },
  };

  it('take the event with its routing key, and the envelope with its signature', async () => {
    await handle(event, hostOf(parts));
    const [pager, hook] = posts;
    expect(JSON.parse(pager!.body)).toMatchObject({
      routing_key: 'routing-key-of-32-characters-000',
      event_action: 'trigger',
      dedup_key: 'stillwatch/prod/f_01KR2',
    });
    expect(hook).toMatchObject({ url: 'https://soar.example.com' });
    expect(hook!.headers['webhook-signature']).toMatch(/^v1,/);
    expect(hook!.headers['webhook-timestamp']).toBe(String(now / 1000));
  });

  it('are not switched off by 25 h of failures: the message is failed, counted, and the watch says so elsewhere', async () => {
    const host = hostOf(parts);
    status = 503;
    await handle(event, host);
    for (let hour = 0; hour < 26; hour++) {
      now += HOUR;
      await handle({ task: 'deliver' }, host);
    }
    const failed = await store.failed();
    expect(failed.map(({ channel }) => channel).sort()).toEqual(['pagerduty', 'webhook']);
    expect(failed[0]).toMatchObject({ error: 'ChannelError: HTTP 503' });
    now += MINUTE;
    const later = hostOf(parts);
    await handle({ task: 'deliver' }, later);
    expect(later.told.counts.MessagesUndelivered).toBeGreaterThan(0);
    const subjects = published().map(({ Subject }) => Subject);
    expect(subjects.filter((subject) => subject?.startsWith('[WATCH]'))).toHaveLength(1);
  });

  it('leave no secret and no answer of an endpoint in the logs', async () => {
    const host = hostOf(parts);
    status = 400;
    await handle(event, host);
    expect(host.told.lines.join('\n')).not.toMatch(/routing-key|whsec|soar/);
  });
});

describe('what the pipeline shows', () => {
  beforeEach(() => {
    saved = [];
  });

  it('is told where records are missing or refused or counts drift, once each', async () => {
    const host = hostOf();
    host.health.coverageOf = async () => 0.88;
    host.health.intake = async () => ({ records: 1000, quarantined: 20 });
    host.health.audits = async () => ({ audited: 500, drifted: 3 });
    await handle({ task: 'deliver' }, host);
    await handle({ task: 'deliver' }, host);
    const subjects = published().map(({ Subject }) => Subject);
    expect(subjects.sort()).toEqual([
      '[WATCH] 2% of records quarantined: they are not counted',
      '[WATCH] Coverage of 24 h is 88.0%: records are missing',
      '[WATCH] Recount drift 3: aggregates and archive disagree',
    ]);
  });

  it('is read from the sweep and the intake as they are stored, a summary once', async () => {
    const objects = new MemoryObjects();
    const get = vi.spyOn(objects, 'get');
    const at = '2026-06-22T00:00:00.000Z';
    await objects.put(summaryKey(at), JSON.stringify({ releases: [], summary: { coverage: 0.97 } }));
    const total = async () => ({ records: 5, usage: 5, duplicates: 0, quarantined: 1, late: 0 });
    const audits = { total: async () => ({ audited: 500, drifted: 2 }) };
    const health = healthOf({ objects, findings: { sweepsSince: async () => [at] }, intake: { total }, audits });
    expect([await health.coverageOf(at), await health.coverageOf(at)]).toEqual([0.97, 0.97]);
    expect(get).toHaveBeenCalledTimes(1);
    expect(await health.coverageOf('2026-06-23T00:00:00.000Z')).toBeUndefined();
    expect(await health.intake(1, 2)).toMatchObject({ records: 5, quarantined: 1 });
    expect(await health.audits(1, 2)).toEqual({ audited: 500, drifted: 2 });
  });
});

describe('a sweep that is missed', () => {
  beforeEach(() => {
    saved = [];
  });

  it('is told once, and once more when sweeps run again', async () => {
    const host = hostOf();
    host.health.sweepsSince = async () => [new Date(Date.UTC(2026, 5, 21, 10)).toISOString()];
    await handle({ task: 'deliver' }, host);
    now += MINUTE;
    await handle({ task: 'deliver' }, host);
    expect(published().map(({ Subject }) => Subject)).toEqual([
      '[WATCH] The sweep due 21 Jun 16:00Z did not run: nobody looked',
    ]);
    now += MINUTE;
    host.health.sweepsSince = async () => [new Date(now).toISOString()];
    await handle({ task: 'deliver' }, host);
    expect(published().at(-1)!.Subject).toBe('[WATCH] CLEARED Sweeps run again');
  });
});
