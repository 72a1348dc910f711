/** Who asked what a value is called, when and why. Entries are added and never changed; the function cannot delete. */
import { type DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import type { ExplainEntry } from '../../core/keys/explain-entry.ts';
import { layout } from './dynamo-items.ts';

export interface ExplainLog {
  /** `id` names the asking; of two entries of one id the second is refused. Throws where it is not kept. */
  append(entry: ExplainEntry, id: string): Promise<void>;
}

export class DynamoExplainLog implements ExplainLog {
  private readonly client: DynamoDBClient;
  private readonly table: string;

  constructor(client: DynamoDBClient, table: string) {
    this.client = client;
    this.table = table;
  }

  async append(entry: ExplainEntry, id: string): Promise<void> {
    const { at, who, kind, reason, fingerprints, tried, found } = entry;
    await this.client.send(
      new PutItemCommand({
        TableName: this.table,
        Item: {
          pk: { S: `explained#${at.slice(0, 7)}` },
          sk: { S: `${at}#${id}` },
          layout,
          at: { S: at },
          who: { S: who },
          kind: { S: kind },
          reason: { S: reason },
          ...(tried === undefined ? {} : { tried: { N: String(tried) }, found: { N: String(found ?? 0) } }),
          fingerprints: {
            L: fingerprints.map(({ epoch, fingerprint }) => ({
              M: { epoch: { S: epoch }, fingerprint: { S: fingerprint } },
            })),
          },
        },
        ConditionExpression: 'attribute_not_exists(pk)',
      }),
    );
  }
}
