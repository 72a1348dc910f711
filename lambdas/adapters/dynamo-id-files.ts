/**
 * Files of ids beside the account-days that outgrow one item. A file only gains ids, all of them of exchanges that the
 * day counted before; so a copy that is too new does no harm, and one that is too old is told by its version.
 */
import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb';
import { countOf } from '../../core/aggregates/id-list.ts';
import { ID_LIMITS, type IdFile, type StoredDay, widthOf } from '../../core/aggregates/stored-day.ts';
import { settleAll } from '../concurrency.ts';
import { idFileKey, type Key } from './aggregate-keys.ts';
import { expiryOf } from './dynamo-days.ts';
import { bytesOf, checkLayout, type Item, ItemError, layout, numberOf } from './dynamo-items.ts';

/** Bytes of ids that a warm function keeps: as much as six account-days at the limit of what is remembered. */
const KEPT_BYTES = 32 * 2 ** 20;
/** Reads at one time of a day that no warm function knows. */
const CONCURRENCY = 16;

/** An account-day, by where its item lies. */
export interface Owner {
  key: Key;
  day: number;
}

interface Copy {
  ids: Uint8Array;
  version: number;
}

export class IdFiles {
  private readonly kept = new Map<string, Copy>();
  private keptBytes = 0;
  private readonly table: { client: DynamoDBClient; table: string; retentionDays: number };

  constructor(table: { client: DynamoDBClient; table: string; retentionDays: number }) {
    this.table = table;
  }

  /** Every id that the day moved out of its item, and perhaps later ones. Throws when a file is not there. */
  async read(of: Owner, { files, moved }: StoredDay): Promise<Uint8Array[]> {
    const indices = Array.from({ length: files }, (_, i) => i);
    const outcomes = await settleAll(indices, CONCURRENCY, (index) =>
      this.file(of, index, index === files - 1 ? moved : undefined),
    );
    return outcomes.map((outcome) => {
      if (outcome.status === 'rejected') throw outcome.reason;
      return outcome.value;
    });
  }

  /** False when a later version of the day wrote the file already. */
  async write({ key: owner, day }: Owner, { index, ids }: IdFile, version: number): Promise<boolean> {
    const { client, table, retentionDays } = this.table;
    const { pk, sk } = idFileKey(owner, index);
    const command = new PutItemCommand({
      TableName: table,
      Item: {
        pk: { S: pk },
        sk: { S: sk },
        layout,
        version: { N: String(version) },
        ids: { B: ids },
        expires: { N: String(expiryOf(day, retentionDays)) },
      },
      ConditionExpression: 'attribute_not_exists(pk) OR #v <= :version',
      ExpressionAttributeNames: { '#v': 'version' },
      ExpressionAttributeValues: { ':version': { N: String(version) } },
    });
    try {
      await client.send(command);
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return false;
      throw error;
    }
    this.keep(sk, { ids, version });
    return true;
  }

  /** `least`: the version that the last file must have; the others are full and change no more. */
  private async file({ key: owner }: Owner, index: number, least: number | undefined): Promise<Uint8Array> {
    const key = idFileKey(owner, index);
    const whole = ({ ids, version }: Copy) =>
      least === undefined ? countOf(ids, widthOf(index)) >= ID_LIMITS.fileIds : version >= least;
    const kept = this.kept.get(key.sk);
    if (kept && whole(kept)) {
      this.keep(key.sk, kept);
      return kept.ids;
    }
    for (const consistent of [false, true]) {
      const copy = await this.load(key, consistent);
      if (!copy || !whole(copy)) continue;
      this.keep(key.sk, copy);
      return copy.ids;
    }
    throw new ItemError(`ids of an account-day are missing, file ${index}: restore the table from its backup`);
  }

  private async load({ pk, sk }: { pk: string; sk: string }, consistent: boolean): Promise<Copy | undefined> {
    const { client, table } = this.table;
    const { Item } = await client.send(
      new GetItemCommand({ TableName: table, Key: { pk: { S: pk }, sk: { S: sk } }, ConsistentRead: consistent }),
    );
    return Item && copyOf(checkLayout(Item));
  }

  /** As the latest used; what was used longest ago goes. */
  private keep(key: string, copy: Copy): void {
    this.drop(key);
    this.kept.set(key, copy);
    this.keptBytes += copy.ids.length;
    for (const oldest of this.kept.keys()) {
      if (this.keptBytes <= KEPT_BYTES || oldest === key) return;
      this.drop(oldest);
    }
  }

  private drop(key: string): void {
    this.keptBytes -= this.kept.get(key)?.ids.length ?? 0;
    this.kept.delete(key);
  }
}

function copyOf(item: Item): Copy {
  return { ids: bytesOf(item, 'ids'), version: numberOf(item, 'version') };
}
