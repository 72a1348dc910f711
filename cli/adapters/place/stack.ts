/**
 * The tables of a deployment, named by its stack's outputs. It is loaded only where `--at stack:NAME` asks for it, as
 * every file beside it whose name begins so.
 */
import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import type { Member } from '../../../core/findings/finding.ts';
import type { Transition } from '../../../core/findings/transition.ts';
import type { CaseLog, Place, ToldMessage } from '../../../core/place.ts';
import { DynamoCases } from '../../../lambdas/adapters/dynamo-cases.ts';
import { DynamoFindings } from '../../../lambdas/adapters/dynamo-findings.ts';
import { DynamoOutbox } from '../../../lambdas/adapters/dynamo-outbox.ts';
import { toldMessages } from '../../../lambdas/adapters/told-messages.ts';
import { InputError } from '../input/input-error.ts';
import { outputsOf, required } from './stack-outputs.ts';

export interface StackTables {
  findings: string;
  outbox: string;
  cases: string;
}

export class StackPlace implements Place {
  readonly name: string;
  readonly cases: CaseLog;
  private readonly findings: DynamoFindings;
  private readonly outbox: DynamoOutbox;

  constructor(name: string, client: DynamoDBClient, tables: StackTables) {
    this.name = name;
    this.cases = new DynamoCases(client, tables.cases);
    this.findings = new DynamoFindings({ client, table: tables.findings });
    this.outbox = new DynamoOutbox(client, tables.outbox);
  }

  transitions(): Promise<Transition[]> {
    return this.findings.transitionsSince(0);
  }

  async members(finding?: string): Promise<Member[]> {
    const { tracked } = await this.findings.load();
    return tracked
      .filter((one) => finding === undefined || one.finding.id === finding)
      .flatMap(({ members }) => members);
  }

  messages(finding?: string): Promise<ToldMessage[]> {
    return toldMessages(this.outbox, finding);
  }
}

const OUTPUTS: Record<keyof StackTables, string> = {
  findings: 'FindingsTableName',
  outbox: 'OutboxTableName',
  cases: 'CasesTableName',
};

/** @throws InputError where there is no such stack, or it is of a version without these outputs */
export async function openStack(stack: string, cloudFormation = new CloudFormationClient()): Promise<StackPlace> {
  const outputs = await outputsOf(stack, cloudFormation);
  const tables = Object.fromEntries(
    Object.entries(OUTPUTS).map(([table, output]) => [table, required(stack, outputs, output)]),
  );
  return new StackPlace(`stack:${stack}`, new DynamoDBClient(), tables as unknown as StackTables);
}

/** The caller's identity in AWS, as CloudTrail has it. */
export async function callerIdentity(sts = new STSClient()): Promise<string> {
  const { Arn } = await sts.send(new GetCallerIdentityCommand({}));
  if (Arn === undefined) throw new InputError('AWS does not say who calls');
  return Arn;
}
