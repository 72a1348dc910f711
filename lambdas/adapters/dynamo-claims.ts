/** Claims on reports: one item per report, written under the condition that nobody wrote since it was read. */
import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb';
import type { ReportClaim } from '../../core/messages/report-sending.ts';
import { checkLayout, type Item, layout, textOf } from './dynamo-items.ts';

const KEEP_DAYS = 400;

export interface Claims {
  read(name: string): Promise<ReportClaim | undefined>;
  /** False, and nothing written, where the claim is no longer as `seen`. */
  write(name: string, claim: ReportClaim, seen: ReportClaim | undefined): Promise<boolean>;
}

export class DynamoClaims implements Claims {
  private readonly client: DynamoDBClient;
  private readonly table: string;

  constructor(client: DynamoDBClient, table: string) {
    this.client = client;
    this.table = table;
  }

  async read(name: string): Promise<ReportClaim | undefined> {
    const command = new GetItemCommand({ TableName: this.table, Key: claimKey(name), ConsistentRead: true });
    const { Item } = await this.client.send(command);
    return Item === undefined ? undefined : (JSON.parse(textOf(checkLayout(Item), 'body')) as ReportClaim);
  }

  async write(name: string, claim: ReportClaim, seen: ReportClaim | undefined): Promise<boolean> {
    const expires = { N: String(Math.floor(claim.first.at / 1000) + KEEP_DAYS * 86_400) };
    const unchanged =
      seen === undefined
        ? { ConditionExpression: 'attribute_not_exists(pk)' }
        : {
            ConditionExpression: '#body = :seen',
            ExpressionAttributeNames: { '#body': 'body' },
            ExpressionAttributeValues: { ':seen': { S: JSON.stringify(seen) } },
          };
    const Item = { ...claimKey(name), layout, body: { S: JSON.stringify(claim) }, expires };
    try {
      await this.client.send(new PutItemCommand({ TableName: this.table, Item, ...unchanged }));
      return true;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return false;
      throw error;
    }
  }
}

function claimKey(name: string): Item {
  return { pk: { S: `claim#${name}` }, sk: { S: 'claim' } };
}
