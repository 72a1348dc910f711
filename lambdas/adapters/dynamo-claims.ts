/** Claims on things that must be done once, such as the report of a period. */
import {
  ConditionalCheckFailedException,
  DeleteItemCommand,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb';
import { checkLayout, type Item, layout } from './dynamo-items.ts';

/** Longer than the time limit of the function that claims, so that a claim this old belongs to a run that died. */
export const LEASE_MS = 6 * 60_000;
const KEEP_DAYS = 400;

/** `busy`: another run holds it and may still be at work. */
export type ClaimOutcome = 'taken' | 'busy' | 'done';

export interface Claims {
  /** `owner` names the run: the platform's second attempt at the same run takes its own claim again. */
  take(name: string, owner: string, now: number): Promise<ClaimOutcome>;
  done(name: string, owner: string, now: number): Promise<void>;
  /** Gives a claim up, so that the next run may take it at once. */
  release(name: string): Promise<void>;
}

export class DynamoClaims implements Claims {
  private readonly client: DynamoDBClient;
  private readonly table: string;

  constructor(client: DynamoDBClient, table: string) {
    this.client = client;
    this.table = table;
  }

  async take(name: string, owner: string, now: number): Promise<ClaimOutcome> {
    const command = new PutItemCommand({
      TableName: this.table,
      Item: claim(name, 'taken', owner, now),
      ConditionExpression: 'attribute_not_exists(pk) OR (#state = :taken AND (#until < :now OR #owner = :owner))',
      ExpressionAttributeNames: { '#state': 'state', '#until': 'until', '#owner': 'owner' },
      ExpressionAttributeValues: { ':taken': { S: 'taken' }, ':now': { N: String(now) }, ':owner': { S: owner } },
    });
    try {
      await this.client.send(command);
      return 'taken';
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return this.held(name);
      throw error;
    }
  }

  async done(name: string, owner: string, now: number): Promise<void> {
    await this.client.send(new PutItemCommand({ TableName: this.table, Item: claim(name, 'done', owner, now) }));
  }

  async release(name: string): Promise<void> {
    await this.client.send(new DeleteItemCommand({ TableName: this.table, Key: claimKey(name) }));
  }

  private async held(name: string): Promise<'busy' | 'done'> {
    const command = new GetItemCommand({ TableName: this.table, Key: claimKey(name), ConsistentRead: true });
    const { Item } = await this.client.send(command);
    return Item && checkLayout(Item).state?.S === 'done' ? 'done' : 'busy';
  }
}

function claimKey(name: string): Item {
  return { pk: { S: `claim#${name}` }, sk: { S: 'claim' } };
}

function claim(name: string, state: 'taken' | 'done', owner: string, now: number): Item {
  return {
    ...claimKey(name),
    layout,
    state: { S: state },
    owner: { S: owner },
    until: { N: String(now + LEASE_MS) },
    expires: { N: String(Math.floor(now / 1000) + KEEP_DAYS * 86_400) },
  };
}
