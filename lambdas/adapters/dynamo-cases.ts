/** The case log in DynamoDB: the partition `log` of the table of cases. */
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { type CaseEntry, type NewEntry, parseEntry } from '../../core/cases/entry.ts';
import type { CaseLog } from '../../core/place.ts';
import { DynamoLog } from './dynamo-log.ts';

export class DynamoCases implements CaseLog {
  private readonly log: DynamoLog;

  constructor(client: DynamoDBClient, table: string) {
    this.log = new DynamoLog(client, table, 'log');
  }

  async read(after = 0): Promise<CaseEntry[]> {
    return (await this.log.read(after)).map(parseEntry);
  }

  async append(entry: NewEntry, after: number): Promise<CaseEntry | undefined> {
    const added = parseEntry({ ...entry, seq: after + 1 });
    return (await this.log.append(added, after)) ? added : undefined;
  }
}
