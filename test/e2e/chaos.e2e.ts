/**
 * The campaign again, on days on which nearly everything goes wrong. What is told must be what the laptop tells of the
 * same records on a good day, to the byte, and once.
 */
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { FindingEnvelope } from '../../core/messages/envelope.ts';
import { FULL } from '../cdk/support.ts';
import { Deployment } from './deployment.ts';
import { FunctionError } from './lambda/functions.ts';
import { replayed } from './on-the-laptop.ts';
import { audit, minuteAfter, sweep, takeIn } from './run.ts';
import { Trouble } from './trouble.ts';
import { simulatedWorld } from './world.ts';

const MINUTE_MS = 60_000;
const world = simulatedWorld();
const [first, second, third, fourth] = world.days as [Day, Day, Day, Day];
type Day = (typeof world.days)[number];

let deployment: Deployment;
let trouble: Trouble;
let told: () => Promise<string[]>;
const alerts: FindingEnvelope[] = [];

beforeAll(async () => {
  deployment = await Deployment.open(inject('emulator'), inject('assembly'), 'Storm');
  trouble = new Trouble(deployment);
  told = await deployment.subscribe(deployment.id('AWS::SNS::Topic', 'NotificationsFindings'));
});
afterAll(async () => {
  await deployment?.close();
});

/** What the topic has given since the last time, less what is not about a finding. */
async function heard(): Promise<FindingEnvelope[]> {
  const news = (await told()).map((message) => JSON.parse(message) as FindingEnvelope).filter(({ finding }) => finding);
  alerts.push(...news);
  return news;
}

const audited = () =>
  deployment.functions.lines.filter((line) => line.includes('stored counts are those of the archive'));

describe('what is taken in', () => {
  it('is all there after a day on which the table refused writes for a while, and each batch came twice at once', async () => {
    const refused = trouble.refuse(
      { role: 'Ingest', action: /^dynamodb:(Put|Update)Item$/ },
      400,
      'ProvisionedThroughputExceededException',
      (call) => call <= 150,
    );
    deployment.stream.times = 2;
    deployment.bus.times = 2;
    await takeIn(deployment, first);
    trouble.over();
    expect(refused()).toBe(150);
    expect(deployment.stream.failures).toBeGreaterThan(0);
    await sweep(deployment, first.to);
  });

  it('is all there after a day on which processes died between a write and its answer, under clocks that are wrong', async () => {
    const ingest = deployment.id('AWS::Lambda::Function', 'IngestFunction');
    const deaths = trouble.kill(ingest, { role: 'Ingest', action: /^dynamodb:(Put|Update)Item$/ }, [5, 15, 30]);
    deployment.skew = (id) => (id === ingest ? 4 : -4) * MINUTE_MS;
    await takeIn(deployment, second);
    expect(deaths()).toBe(3);
    await sweep(deployment, second.to);
    await minuteAfter(deployment, second.to, 1);
    trouble.over();
  });

  it('is all there after a day on which the archive was out of reach for a while', async () => {
    const refused = trouble.refuse({ role: 'Ingest', action: /^s3:PutObject$/ }, 503, 'SlowDown', (call) => call <= 6);
    await takeIn(deployment, third);
    trouble.over();
    expect(refused()).toBe(6);
  });
});

describe('a sweep', () => {
  it('that is killed half-way, killed again when all is saved and nothing told, and started twice, finds the same once', async () => {
    const id = deployment.id('AWS::Lambda::Function', 'SweepFunction');
    const half = trouble.kill(id, { role: 'Sweep', action: /^s3:PutObject$/, resource: /known/ }, [1]);
    await started();
    expect(half()).toBe(1);
    const untold = trouble.kill(id, { role: 'Sweep', action: /^events:PutEvents$/ }, [1]);
    await started();
    trouble.over();
    await Promise.all([started(), started()]);
    expect(untold()).toBe(1);
  });

  /** A machine that gives up is started again, as the runbook says. */
  async function started(): Promise<void> {
    try {
      await sweep(deployment, third.to, { deliver: false });
    } catch (error) {
      if (!(error instanceof FunctionError)) throw error;
    }
  }
});

describe('what is told', () => {
  it('waits in the dead letters while the findings cannot be read, and is given again from there', async () => {
    trouble.refuse(
      { role: 'NotificationsNotify', action: /^dynamodb:/, resource: /Findings/ },
      400,
      'ResourceNotFoundException',
    );
    await deployment.bus.drain();
    trouble.over();
    expect(await heard()).toEqual([]);
    // Nobody hears it yet: the topic is down, and so are the receivers outside.
    const refused = trouble.refuse({ role: 'NotificationsNotify', action: /^sns:Publish$/ }, 503, 'ServiceUnavailable');
    deployment.receiver.status = 503;
    expect(await deployment.redrive()).toBeGreaterThan(0);
    expect(refused()).toBeGreaterThan(0);
  });

  it('comes once the topic is back, on every channel once', async () => {
    for (const minute of [1, 2]) await minuteAfter(deployment, third.to, minute);
    expect(await heard()).toEqual([]);
    trouble.over();
    for (const minute of [4, 6, 9, 12]) await minuteAfter(deployment, third.to, minute);
    expect((await heard()).map(({ message }) => message)).toEqual(['opened']);
    const { host } = new URL(FULL.channels!.webhook!.url);
    // The watch tells of what it saw on these days under keys of its own.
    const taken = deployment.receiver.received.filter(({ body }) => body.includes('stillwatch/test/cmp-'));
    expect(taken.filter((one) => one.host === host)).toHaveLength(1);
    expect(taken.filter((one) => one.host === 'events.pagerduty.com')).toHaveLength(1);
  });

  it('is to the byte what the laptop tells of the same records', async () => {
    await takeIn(deployment, fourth);
    await sweep(deployment, fourth.to);
    for (const minute of [1, 2]) await minuteAfter(deployment, fourth.to, minute);
    await heard();
    const laptop = await replayed(world.records, 'test');
    expect(alerts.map((alert) => JSON.stringify(alert))).toEqual([...laptop.values()]);
    expect(laptop.size).toBeGreaterThan(0);
  });

  it('is told once: no message id comes twice', () => {
    const ids = alerts.map(({ messageId }) => messageId);
    expect(new Set(ids).size).toBe(ids.length);
  });
});

describe('the audit of the days', () => {
  it.each([
    ['throttled', () => third.to],
    ['killed', () => fourth.to],
  ])('finds every count of the archive in the tables: the day that was %s', async (_, midnight) => {
    const before = audited().length;
    await audit(deployment, midnight());
    const [line] = audited().slice(before);
    const { audited: days, drifted } = JSON.parse(line!.slice(line!.indexOf('{'))) as {
      audited: number;
      drifted: number;
    };
    expect(days).toBeGreaterThan(20);
    expect(drifted).toBe(0);
  });
});
