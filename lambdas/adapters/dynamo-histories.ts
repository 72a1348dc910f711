/** Reads whole accounts back for a sweep. Any error ends the read: a hole must never look like an empty account. */
import { type DynamoDBClient, paginateQuery, type QueryCommandInput } from '@aws-sdk/client-dynamodb';
import { type AccountFacts, NO_FACTS } from '../../core/aggregates/account-facts.ts';
import type { AccountHistory } from '../../core/ports.ts';
import type { ReleaseRecord } from '../../core/records/schema.ts';
import { RELEASES } from './aggregate-keys.ts';
import { bytesOf, checkLayout, type Item, numberOf, textOf } from './dynamo-items.ts';

interface Source {
  client: DynamoDBClient;
  table: string;
}

/** Accounts in key order. Days before `sinceDay` are left out, also those that expired but are not yet deleted. */
export async function* readHistories(
  source: Source,
  partitions: string[],
  sinceDay: number,
): AsyncGenerator<AccountHistory> {
  for (const partition of partitions) {
    let current: AccountHistory | undefined;
    for await (const item of items(source, historyQuery(partition, sinceDay))) {
      const account = textOf(item, 'account');
      if (current?.account !== account) {
        if (current) yield current;
        current = { account, facts: NO_FACTS, days: [] };
      }
      add(current, item);
    }
    if (current) yield current;
  }
}

function add(history: AccountHistory, item: Item): void {
  if (item.facts) history.facts = JSON.parse(textOf(item, 'facts')) as AccountFacts;
  else history.days.push({ day: numberOf(item, 'day'), packed: bytesOf(item, 'packed') });
}

/** `seen` is left behind: up to 24 KB an item that only ingest needs. */
function historyQuery(partition: string, sinceDay: number): Partial<QueryCommandInput> {
  return {
    KeyConditionExpression: 'pk = :pk',
    FilterExpression: 'attribute_exists(facts) OR #day >= :since',
    ProjectionExpression: 'layout, account, facts, #day, packed',
    ExpressionAttributeNames: { '#day': 'day' },
    ExpressionAttributeValues: { ':pk': { S: partition }, ':since': { N: String(sinceDay) } },
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
