/** A simulated world sent through a deployment, day by day, as producers and schedules do it. */
import { PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { PutRecordsCommand } from '@aws-sdk/client-kinesis';
import { SendMessageBatchCommand } from '@aws-sdk/client-sqs';
import type { StillwatchRecord } from '../../core/records/schema.ts';
import { HOUR_MS, isoTime } from '../../core/records/time.ts';
import type { Deployment } from './deployment.ts';
import type { WorldDay } from './world.ts';

/** Records of a day that come by the bus; the others are put where they wait. */
const BY_THE_BUS = 20;
const MINUTE_MS = 60_000;
const DETAIL_TYPE = { usage: 'Stillwatch Usage', account: 'Stillwatch Account', release: 'Stillwatch Release' };

/** All that the producers send on a day, and its way into the account-days. */
export async function takeIn(deployment: Deployment, { to, records }: WorldDay): Promise<void> {
  deployment.now = to;
  await onTheBus(deployment, records.slice(0, BY_THE_BUS));
  const rest = records.slice(BY_THE_BUS);
  await (hasStream(deployment) ? onTheStream(deployment, rest) : throughTheQueue(deployment, rest));
  await deployment.bus.drain();
  await (hasStream(deployment) ? deployment.stream.drain() : drainQueues(deployment));
}

function hasStream({ template }: Deployment): boolean {
  return template.ofType('AWS::Kinesis::Stream').length > 0;
}

/** Returns how many messages the functions have taken. */
export async function drainQueues({ queues }: Deployment): Promise<number> {
  let taken = 0;
  for (const queue of queues) taken += await queue.drain();
  return taken;
}

/** The sweep of the midnight, and what follows from it until nothing is left to be told. */
export async function sweepAndTell(deployment: Deployment, at: number, minutes = 2): Promise<void> {
  await sweep(deployment, at);
  for (let minute = 1; minute <= minutes; minute++) await minuteAfter(deployment, at, minute);
}

/** `deliver`: whether the bus delivers what the sweep announces. */
export async function sweep(deployment: Deployment, at: number, { deliver = true } = {}): Promise<void> {
  deployment.now = at;
  await deployment.schedules.start('Starts the sweep', isoTime(at));
  if (deliver) await deployment.bus.drain();
}

/** What the outbox still holds is tried again. */
export async function minuteAfter(deployment: Deployment, at: number, minute: number): Promise<void> {
  deployment.now = at + minute * MINUTE_MS;
  await deployment.schedules.start('Gives what is still in the outbox', isoTime(deployment.now));
}

export async function audit(deployment: Deployment, midnight: number): Promise<void> {
  deployment.now = midnight + 4.5 * HOUR_MS;
  await deployment.schedules.start('Counts a sample', isoTime(deployment.now));
}

export async function report(deployment: Deployment, midnight: number): Promise<void> {
  deployment.now = midnight + 7 * HOUR_MS;
  await deployment.schedules.start('Sends the digest', isoTime(deployment.now));
}

async function onTheBus({ operator, template }: Deployment, records: StillwatchRecord[]): Promise<void> {
  const [bus] = template.ofType('AWS::Events::EventBus');
  const EventBusName = template.made.get(bus![0])!.ref;
  for (const part of chunks(records, 10)) {
    const Entries = part.map((record) => ({
      EventBusName,
      Source: 'a.gateway',
      DetailType: DETAIL_TYPE[record.type],
      Detail: JSON.stringify(record),
    }));
    const { FailedEntryCount } = await operator.events.send(new PutEventsCommand({ Entries }));
    if (FailedEntryCount) throw new Error(`the bus refused ${FailedEntryCount} records`);
  }
}

async function onTheStream({ operator, template }: Deployment, records: StillwatchRecord[]): Promise<void> {
  const [stream] = template.ofType('AWS::Kinesis::Stream');
  const StreamName = template.made.get(stream![0])!.ref;
  for (const part of chunks(records, 500)) {
    const Records = part.map((record) => ({
      Data: Buffer.from(JSON.stringify(record)),
      PartitionKey: record.type === 'release' ? record.model : record.account,
    }));
    const { FailedRecordCount } = await operator.kinesis.send(new PutRecordsCommand({ StreamName, Records }));
    if (FailedRecordCount) throw new Error(`the stream refused ${FailedRecordCount} records`);
  }
}

/** Messages that wait at one time: the emulator walks through all of them for each that it gives away. */
const WAITING = 400;

async function throughTheQueue(deployment: Deployment, records: StillwatchRecord[]): Promise<void> {
  for (const part of chunks(records, WAITING)) {
    await intoTheQueue(deployment, part);
    await drainQueues(deployment);
  }
}

async function intoTheQueue(deployment: Deployment, records: StillwatchRecord[]): Promise<void> {
  const QueueUrl = deployment.template.made.get(deployment.id('AWS::SQS::Queue', 'IntakeQueue'))!.ref;
  for (const part of chunks(records, 10)) {
    const Entries = part.map((record, i) => ({ Id: String(i), MessageBody: JSON.stringify(record) }));
    const { Failed = [] } = await deployment.operator.sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries }));
    if (Failed.length > 0) throw new Error(`the queue refused ${Failed.length} records`);
  }
}

function chunks<T>(all: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(all.length / size) }, (_, i) => all.slice(i * size, (i + 1) * size));
}
