/** Reads whole accounts back for a sweep. Any error ends the read: a hole must never look like an empty account. */
import { type DynamoDBClient, paginateQuery, type QueryCommandInput } from '@aws-sdk/client-dynamodb';
import { mergePacked } from '../../core/aggregates/account-day-codec.ts';
import { type AccountFacts, NO_FACTS } from '../../core/aggregates/account-facts.ts';
import type { DayRow } from '../../core/aggregates/day-file.ts';
import type { AccountHistory, DayRange } from '../../core/ports.ts';
import type { ReleaseRecord } from '../../core/records/schema.ts';
import { daysOf, partsOf, RELEASES, sortableDay } from './aggregate-keys.ts';
import { bytesOf, checkLayout, type Item, numberOf, textOf } from './dynamo-items.ts';
import type { KeptDays } from './kept-days.ts';
import type { LateDays } from './late-days.ts';

interface Source {
  client: DynamoDBClient;
  table: string;
}

/** A segment on some days. */
interface Part {
  segment: number;
  segments: number;
  days: DayRange;
}

/** Days that expired but are not yet deleted are left out by `days`. */
export async function* readHistories(
  source: Source,
  { segment, segments, days }: Part,
  late: LateDays,
  { kept, now }: { kept?: KeptDays; now: () => number },
): AsyncGenerator<AccountHistory> {
  const parts = partsOf(segment, segments);
  const histories = new Histories();
  for (const part of parts) {
    for await (const item of items(source, factsQuery(part, days))) histories.addItem(item);
  }
  if (kept === undefined) await readDays(source, parts, days, (day, row) => histories.addDay(day, row));
  else {
    const notes = await late.notes(parts, days);
    const readAt = now();
    const place = { segment, segments, parts };
    const files = await kept.read(place, days, notes, readAt);
    for (const [day, rows] of files) for (const row of rows) histories.addDay(day, row);
    for (const range of without(days, files)) {
      const found = new Map<number, DayRow[]>();
      for (let day = range.from; day < range.until; day++) found.set(day, []);
      await readDays(source, parts, range, (day, row) => found.get(day)!.push(row));
      for (const [day, rows] of found) for (const row of rows) histories.addDay(day, row);
      await kept.write(place, found, notes, readAt);
    }
  }
  yield* histories.list();
}

/** What is left of the days, as few ranges as there may be. */
function without({ from, until }: DayRange, taken: ReadonlyMap<number, unknown>): DayRange[] {
  const ranges: DayRange[] = [];
  for (let day = from; day < until; day++) {
    if (taken.has(day)) continue;
    const last = ranges.at(-1);
    if (last?.until === day) last.until++;
    else ranges.push({ from: day, until: day + 1 });
  }
  return ranges;
}

async function readDays(
  source: Source,
  parts: readonly string[],
  days: DayRange,
  take: (day: number, row: DayRow) => void,
) {
  for (const part of parts) {
    for await (const item of items(source, daysQuery(part, days))) {
      take(numberOf(item, 'day'), { account: textOf(item, 'account'), packed: bytesOf(item, 'packed') });
    }
  }
}

/** Account-days in any order, by account. */
export class Histories {
  private readonly byAccount = new Map<string, AccountHistory>();

  addItem(item: Item): void {
    const account = textOf(item, 'account');
    if (item.facts) this.of(account).facts = JSON.parse(textOf(item, 'facts')) as AccountFacts;
    else this.addDay(numberOf(item, 'day'), { account, packed: bytesOf(item, 'packed') });
  }

  /** An account-day has one place. It has two where both versions of the function began it at once, in an upgrade. */
  addDay(day: number, { account, packed }: DayRow): void {
    const { days } = this.of(account);
    const held = days.find((each) => each.day === day);
    if (held === undefined) days.push({ day, packed });
    else held.packed = mergePacked(held.packed, packed, day);
  }

  /** With days oldest first. */
  *list(): Generator<AccountHistory> {
    for (const history of this.byAccount.values()) {
      history.days.sort((a, b) => a.day - b.day);
      yield history;
    }
  }

  private of(account: string): AccountHistory {
    let history = this.byAccount.get(account);
    if (history === undefined) {
      history = { account, facts: NO_FACTS, days: [] };
      this.byAccount.set(account, history);
    }
    return history;
  }
}

/** What is known of the accounts, and the account-days that layout 1 put beside it. */
function factsQuery(part: string, { from, until }: DayRange): Partial<QueryCommandInput> {
  return {
    KeyConditionExpression: 'pk = :pk',
    FilterExpression: 'attribute_exists(facts) OR (#day >= :from AND #day < :until)',
    ProjectionExpression: 'layout, account, facts, #day, packed',
    ExpressionAttributeNames: { '#day': 'day' },
    ExpressionAttributeValues: { ':pk': { S: part }, ':from': { N: String(from) }, ':until': { N: String(until) } },
  };
}

/** Ids are left behind, which only ingest needs. */
function daysQuery(part: string, { from, until }: DayRange): Partial<QueryCommandInput> {
  return {
    KeyConditionExpression: 'pk = :pk AND sk BETWEEN :from AND :until',
    ProjectionExpression: 'layout, account, #day, packed',
    ExpressionAttributeNames: { '#day': 'day' },
    ExpressionAttributeValues: {
      ':pk': { S: daysOf(part) },
      ':from': { S: sortableDay(from) },
      ':until': { S: sortableDay(until) },
    },
  };
}

export async function readReleases(source: Source): Promise<ReleaseRecord[]> {
  const releases: ReleaseRecord[] = [];
  const query = { KeyConditionExpression: 'pk = :pk', ExpressionAttributeValues: { ':pk': { S: RELEASES } } };
  for await (const item of items(source, query)) {
    releases.push({ type: 'release', time: textOf(item, 'time'), model: textOf(item, 'model') });
  }
  return releases;
}

async function* items({ client, table }: Source, query: Partial<QueryCommandInput>): AsyncGenerator<Item> {
  for await (const page of paginateQuery({ client }, { TableName: table, ConsistentRead: true, ...query })) {
    for (const item of page.Items ?? []) yield checkLayout(item);
  }
}
