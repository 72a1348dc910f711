/** A sweep's transitions go out at once; once a minute decisions are told, what is due is tried, and the watch watched. */
import type { EventBridgeEvent } from 'aws-lambda';
import { unpagedOn } from '../../core/cases/book.ts';
import type { Transition } from '../../core/findings/transition.ts';
import { watchEnvelope } from '../../core/messages/watch-envelope.ts';
import { deliver, enrol } from '../../core/outbox/deliver.ts';
import { undelivered } from '../../core/outbox/outbox.ts';
import { DAY_MS } from '../../core/records/time.ts';
import { type WatchFacts, type WatchMemory, watch } from '../../core/watch/watch.ts';
import type { MetricName, Telemetry } from '../telemetry.ts';
import { type LookHost, look } from './look.ts';

export type FindingEvent = EventBridgeEvent<'Stillwatch Finding', Transition>;
/** The schedule's own call. */
export interface DeliverTask {
  task: 'deliver';
}

export interface WatchStore {
  watchMemory(): Promise<WatchMemory>;
  rememberWatch(memory: WatchMemory): Promise<void>;
}

/** What is known of the pipeline; undefined where nothing is. */
export interface Health {
  /** Times of the sweeps saved after `since` (ms), RFC 3339. */
  sweepsSince(since: number): Promise<string[]>;
  /** Share of the 24 h before the sweep of that time that was seen. */
  coverageOf(sweep: string): Promise<number | undefined>;
  /** Of both days since 1970 and between. */
  intake(fromDay: number, toDay: number): Promise<{ records: number; quarantined: number }>;
  /** Account-days of those days that were counted again, and how many differ. */
  audits(fromDay: number, toDay: number): Promise<{ audited: number; drifted: number }>;
}

export interface NotifyHost extends LookHost {
  watched: WatchStore;
  health: Health;
  sweepMs: number;
  told: Telemetry;
}

/** Looks back for the last sweep no further than this; before it there is none to miss. */
const LOOK_BACK_MS = 7 * DAY_MS;
/** An audit is of the day before yesterday; the one before it still counts until the next is through. */
const AUDITED_DAYS = 3;

/** A transition's event says that there is something to look at: what is told is read from where the sweep saved it. */
export async function handle(event: FindingEvent | DeliverTask, host: NotifyHost): Promise<void> {
  const tellings = await look(host);
  countSome(host, 'FindingsTold', tellings.filter(({ word }) => word !== undefined).length);
  for (const { finding, said, why } of tellings) host.told.info('told', { finding, said, why: plain(why) });
  if ('task' in event) await watchAll(host);
  const round = await deliver(host.delivery);
  countSome(host, 'MessagesSent', round.sent);
  countSome(host, 'MessagesUndelivered', round.undelivered);
  host.told.info('delivered', { ...round });
}

/** Once a minute a nought would be a metric that costs all month, and says nothing. */
function countSome({ told }: NotifyHost, name: MetricName, value: number): void {
  if (value > 0) told.count(name, value);
}

/** A log line names nobody, not even who acknowledged. */
function plain(why: string): string {
  return why.replace(/ by .*$/s, '');
}

/** In the outbox first and remembered then: a crash between the two repeats an alarm, and loses none. */
async function watchAll(host: NotifyHost): Promise<void> {
  const { alarms, memory } = watch(await factsOf(host), await host.watched.watchMemory());
  for (const alarm of alarms) await enrol(watchEnvelope(alarm, host.settings), host.delivery);
  if (alarms.length > 0) await host.watched.rememberWatch(memory);
}

async function factsOf({ delivery, desk, health, sweepMs }: NotifyHost): Promise<WatchFacts> {
  const { store, now } = delivery;
  const at = now();
  const today = Math.floor(at / DAY_MS);
  const owed = undelivered([...(await store.pending()), ...(await store.failed())], at);
  const lastSweep = (await health.sweepsSince(at - LOOK_BACK_MS)).at(-1);
  const coverage = lastSweep === undefined ? undefined : await health.coverageOf(lastSweep);
  const { records, quarantined } = await health.intake(today - 1, today);
  const { audited, drifted } = await health.audits(today - AUDITED_DAYS, today);
  return {
    at,
    unpaged: unpagedOn({ pages: (await desk.head()).pages }, at),
    ...(audited > 0 ? { drift: drifted } : {}),
    failed: { messages: owed.length, since: owed[0]?.since ?? at },
    ...(records > 0 ? { records: { taken: records - quarantined, quarantined } } : {}),
    ...(coverage === undefined ? {} : { coverage }),
    ...(lastSweep === undefined ? {} : { lastSweep: Date.parse(lastSweep), sweepEvery: sweepMs }),
  };
}
