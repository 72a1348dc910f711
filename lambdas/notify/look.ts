/** One look at what happened: new sweeps, new decisions, what fell due. What it leads to is put into the outbox. */

import type { SweepMemory } from '../../core/campaigns/tracked.ts';
import { advance } from '../../core/cases/advance.ts';
import { type CaseBook, findingsOf, nextDueOf, type SweepNews, type Telling } from '../../core/cases/book.ts';
import type { CaseEntry } from '../../core/cases/entry.ts';
import type { TellingRules } from '../../core/cases/sayings.ts';
import { messageOf } from '../../core/cases/telling.ts';
import type { Transition } from '../../core/findings/transition.ts';
import type { MessageSettings } from '../../core/messages/settings.ts';
import { type Delivery, enrol } from '../../core/outbox/deliver.ts';
import type { OutboxRow } from '../../core/outbox/outbox.ts';
import { timeMs } from '../../core/records/time.ts';
import type { DeskHead } from '../adapters/dynamo-desk.ts';

export interface LookHost {
  desk: {
    head(): Promise<DeskHead>;
    lease(now: number): Promise<boolean>;
    book(): Promise<CaseBook>;
    save(book: CaseBook, before: CaseBook, due: number | undefined): Promise<void>;
  };
  cases: { read(after?: number): Promise<CaseEntry[]> };
  findings: {
    load(): Promise<SweepMemory>;
    sweepsSince(since: number): Promise<string[]>;
    transitionsSince(since: number): Promise<Transition[]>;
  };
  rows(): Promise<OutboxRow[]>;
  delivery: Delivery;
  settings: MessageSettings;
  rules: TellingRules;
}

/** Before the first look nothing is told but the latest sweep: a version that kept no cases told the rest. */
export async function look(host: LookHost): Promise<Telling[]> {
  const now = host.delivery.now();
  const head = await host.desk.head();
  const sweeps = await host.findings.sweepsSince(head.sweep === '' ? 0 : timeMs(head.sweep));
  const entries = await host.cases.read(head.seq);
  const due = head.due !== undefined && head.due <= now;
  if (sweeps.length === 0 && entries.length === 0 && !due) return [];
  if (!(await host.desk.lease(now))) return [];
  const before = await host.desk.book();
  const { book, tellings } = await takeIn(before, now, host);
  for (const telling of tellings) {
    const message = messageOf(telling, host.settings);
    if (message) await enrol(message, host.delivery, telling.unpaged === true);
  }
  await host.desk.save(book, before, nextDueOf(book, await host.cases.read()));
  return tellings;
}

async function takeIn(before: CaseBook, now: number, host: LookHost): Promise<{ book: CaseBook; tellings: Telling[] }> {
  const [memory, log, told, rules] = await Promise.all([
    host.findings.load(),
    host.cases.read(),
    host.findings.transitionsSince(before.sweep === '' ? 0 : timeMs(before.sweep)),
    rulesNow(host),
  ]);
  const findings = findingsOf(memory.tracked);
  const news = newsOf(told, await host.findings.sweepsSince(before.sweep === '' ? 0 : timeMs(before.sweep)));
  let book = before;
  const tellings: Telling[] = [];
  for (const sweep of news) {
    const result = advance(book, { log, findings, now: Math.min(now, timeMs(sweep.at)), news: sweep, rules });
    book = result.book;
    tellings.push(...result.tellings);
  }
  const rest = advance(book, { log, findings, now, rules });
  tellings.push(...rest.tellings);
  const since = before.sweep === '' ? (news.at(-1)?.at ?? '') : '';
  return { book: rest.book, tellings: tellings.filter(({ at }) => at >= since) };
}

function newsOf(transitions: readonly Transition[], sweeps: readonly string[]): SweepNews[] {
  const own = Map.groupBy(transitions, ({ finding }) => finding.at);
  return sweeps.map((at) => ({ at, transitions: own.get(at) ?? [] }));
}

/** A message that no channel has taken yet is nothing to compare with. */
async function rulesNow({ rules, rows }: LookHost): Promise<TellingRules> {
  const states = Map.groupBy(await rows(), ({ messageId }) => messageId);
  const delivered = (id: string) => states.get(id)?.some(({ state }) => state === 'sent') ?? true;
  return { ...rules, delivered };
}
