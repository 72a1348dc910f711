/**
 * Which days were written to after they had ended: for whoever keeps whole days, so that they are read again. The note
 * comes before the write that it tells of, by no more than the time that a function has.
 */
import { type DynamoDBClient, PutItemCommand, paginateQuery } from '@aws-sdk/client-dynamodb';
import type { DayRange } from '../../core/ports.ts';
import { DAY_MS } from '../../core/records/time.ts';
import { lateKey, lateOf, sortableDay } from './aggregate-keys.ts';
import { expiryOf } from './dynamo-days.ts';
import { checkLayout, layout, numberOf, textOf } from './dynamo-items.ts';

/** What comes so soon after its day is not noted, and nobody takes the day for whole before. */
const GRACE_MS = 2 * 3_600_000;
/** Longer than any write comes after its note, and than clocks differ. */
const MARGIN_MS = 15 * 60_000;
/** A day that was noted is not noted again for as long. */
const AGAIN_MS = 60_000;
/** Notes that a warm function remembers. */
const REMEMBERED = 10_000;

export interface LateDaysOptions {
  client: DynamoDBClient;
  table: string;
  retentionDays: number;
  now: () => number;
}

/** When each day of each part was last noted, ms since 1970. */
export class LateNotes {
  private readonly at = new Map<string, number>();

  add(part: string, day: number, at: number): void {
    this.at.set(`${part} ${day}`, at);
  }

  /** Whether everything that the parts have of a day was there at `readAt`, but for what is noted later. */
  whole(parts: readonly string[], day: number, readAt: number): boolean {
    if (readAt < (day + 1) * DAY_MS + GRACE_MS + MARGIN_MS) return false;
    return parts.every((part) => (this.at.get(`${part} ${day}`) ?? 0) + MARGIN_MS < readAt);
  }
}

export class LateDays {
  private readonly options: LateDaysOptions;
  private readonly noted = new Map<string, number>();

  constructor(options: LateDaysOptions) {
    this.options = options;
  }

  /** Does nothing while the day goes on. */
  async mark(account: string, day: number): Promise<void> {
    const { client, table, retentionDays, now } = this.options;
    const at = now();
    if (at < (day + 1) * DAY_MS + GRACE_MS) return;
    const { pk, sk } = lateKey(account, day);
    const name = `${pk} ${sk}`;
    if ((this.noted.get(name) ?? 0) + AGAIN_MS > at) return;
    const Item = {
      pk: { S: pk },
      sk: { S: sk },
      layout,
      at: { N: String(at) },
      expires: { N: String(expiryOf(day, retentionDays)) },
    };
    await client.send(new PutItemCommand({ TableName: table, Item }));
    if (this.noted.size >= REMEMBERED) this.noted.clear();
    this.noted.set(name, at);
  }

  /** Of the parts, about the days. */
  async notes(parts: readonly string[], days: DayRange): Promise<LateNotes> {
    const notes = new LateNotes();
    for (const part of parts) await this.readPart(notes, part, days);
    return notes;
  }

  private async readPart(notes: LateNotes, part: string, { from, until }: DayRange): Promise<void> {
    const { client, table } = this.options;
    const query = {
      TableName: table,
      ConsistentRead: true,
      KeyConditionExpression: 'pk = :pk AND sk BETWEEN :from AND :until',
      ExpressionAttributeValues: {
        ':pk': { S: lateOf(part) },
        ':from': { S: sortableDay(from) },
        ':until': { S: sortableDay(until) },
      },
    };
    for await (const page of paginateQuery({ client }, query)) {
      for (const item of page.Items ?? [])
        notes.add(part, Number(textOf(checkLayout(item), 'sk')), numberOf(item, 'at'));
    }
  }
}
