/** The log of dossiers in DynamoDB: the partition `dossiers` of the table of cases, which no function may write. */
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { type DossierLine, type DossierLog, parseDossierLine } from '../../core/dossier/chain.ts';
import { DynamoLog } from './dynamo-log.ts';

export class DynamoDossiers implements DossierLog {
  private readonly log: DynamoLog;

  constructor(client: DynamoDBClient, table: string) {
    this.log = new DynamoLog(client, table, 'dossiers');
  }

  async read(): Promise<DossierLine[]> {
    return (await this.log.read()).map(parseDossierLine);
  }

  append(line: DossierLine, after: number): Promise<boolean> {
    return this.log.append(line, after);
  }
}
