/**
 * The tables of a deployment, named by its stack's outputs. It is loaded only where `--at stack:NAME` asks for it, as
 * every file beside it whose name begins so.
 */
import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { SESv2Client } from '@aws-sdk/client-sesv2';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { findingsOf } from '../../../core/cases/book.ts';
import type { Scope } from '../../../core/cases/entry.ts';
import { isKnown } from '../../../core/cases/reach.ts';
import type { DossierLog } from '../../../core/dossier/chain.ts';
import type { Member } from '../../../core/findings/finding.ts';
import { membersWhenTold } from '../../../core/findings/membership-told.ts';
import type { Transition } from '../../../core/findings/transition.ts';
import type { ReportPeriod } from '../../../core/messages/report-period.ts';
import { type Resend, resend } from '../../../core/outbox/resend.ts';
import type { CaseLog, Desk, Place, ToldMessage } from '../../../core/place.ts';
import { DAY_MS, isoTime } from '../../../core/records/time.ts';
import { deadLetterCounts } from '../../../lambdas/adapters/dead-letter-queues.ts';
import { DynamoAuditLog } from '../../../lambdas/adapters/dynamo-audit-log.ts';
import { DynamoCases } from '../../../lambdas/adapters/dynamo-cases.ts';
import { DynamoClaims } from '../../../lambdas/adapters/dynamo-claims.ts';
import { DynamoDesk } from '../../../lambdas/adapters/dynamo-desk.ts';
import { DynamoDossiers } from '../../../lambdas/adapters/dynamo-dossiers.ts';
import { DynamoFindings } from '../../../lambdas/adapters/dynamo-findings.ts';
import { DynamoIntakeLog } from '../../../lambdas/adapters/dynamo-intake-log.ts';
import { DynamoOutbox } from '../../../lambdas/adapters/dynamo-outbox.ts';
import { DynamoUnreachable } from '../../../lambdas/adapters/dynamo-unreachable.ts';
import { runCost } from '../../../lambdas/adapters/run-cost.ts';
import { type Objects, S3Objects } from '../../../lambdas/adapters/s3.ts';
import { SesMailer } from '../../../lambdas/adapters/ses.ts';
import { toldMessages } from '../../../lambdas/adapters/told-messages.ts';
import { watchRecords } from '../../../lambdas/adapters/watch-records.ts';
import { handle, type ReportHost } from '../../../lambdas/report/report.ts';
import { knownKey } from '../../../lambdas/sweep/tasks.ts';
import { InputError } from '../input/input-error.ts';
import type { OpenedWatch } from './open.ts';
import { outputsOf, required } from './stack-outputs.ts';

export interface StackTables {
  findings: string;
  outbox: string;
  cases: string;
  /** Bucket of the sweeps. */
  sweeps: string;
}

export class StackPlace implements Place {
  readonly name: string;
  readonly cases: CaseLog;
  readonly dossiers: DossierLog;
  private readonly findings: DynamoFindings;
  private readonly outbox: DynamoOutbox;

  private readonly desks: DynamoDesk;
  private readonly objects: Pick<Objects, 'get'>;

  constructor(
    name: string,
    client: DynamoDBClient,
    tables: Omit<StackTables, 'sweeps'>,
    objects: Pick<Objects, 'get'>,
  ) {
    this.name = name;
    this.cases = new DynamoCases(client, tables.cases);
    this.dossiers = new DynamoDossiers(client, tables.cases);
    this.findings = new DynamoFindings({ client, table: tables.findings });
    this.outbox = new DynamoOutbox(client, tables.outbox);
    this.desks = new DynamoDesk(client, tables.outbox);
    this.objects = objects;
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

  async membersWhenTold(finding: string): Promise<Member[]> {
    const { tracked } = await this.findings.load();
    return tracked.filter((one) => one.finding.id === finding).flatMap(membersWhenTold);
  }

  messages(finding?: string): Promise<ToldMessage[]> {
    return toldMessages(this.outbox, finding);
  }

  async desk(): Promise<Desk> {
    const [book, { tracked }] = await Promise.all([this.desks.book(), this.findings.load()]);
    return { book, findings: findingsOf(tracked) };
  }

  async knows(scope: Scope): Promise<boolean> {
    const last = await this.findings.lastSweep();
    const bytes = last && (await this.objects.get(knownKey(last.at)));
    if (bytes === undefined) throw new InputError(`${this.name}: no sweep has said yet which accounts there are`);
    const known = new Float64Array(new Uint8Array(bytes).buffer);
    return isKnown(scope, known, (await this.desk()).findings);
  }
}

const OUTPUTS: Record<keyof StackTables, string> = {
  findings: 'FindingsTableName',
  outbox: 'OutboxTableName',
  cases: 'CasesTableName',
  sweeps: 'SweepBucketName',
};

/** @throws InputError where there is no such stack, or it is of a version without these outputs */
export async function openStack(stack: string, cloudFormation = new CloudFormationClient()): Promise<StackPlace> {
  const outputs = await outputsOf(stack, cloudFormation);
  const tables = Object.fromEntries(
    Object.entries(OUTPUTS).map(([table, output]) => [table, required(stack, outputs, output)]),
  );
  const named = tables as unknown as StackTables;
  return new StackPlace(`stack:${stack}`, new DynamoDBClient(), named, new S3Objects(new S3Client(), named.sweeps));
}

/** The caller's identity in AWS, as CloudTrail has it. */
export async function callerIdentity(sts = new STSClient()): Promise<string> {
  const { Arn } = await sts.send(new GetCallerIdentityCommand({}));
  if (Arn === undefined) throw new InputError('AWS does not say who calls');
  return Arn;
}

const WATCH_OUTPUTS = {
  aggregates: 'AggregatesTableName',
  sweeps: 'SweepBucketName',
  deployment: 'DeploymentName',
  sweepHours: 'SweepHours',
} as const;
/** The longest known campaign. */
const PAGE_DAYS = 45;

/** What a deployment knows of its own watch, read from the tables and sweeps that its reports read. */
export async function openStackWatch(stack: string, cloudFormation = new CloudFormationClient()): Promise<OpenedWatch> {
  const outputs = await outputsOf(stack, cloudFormation);
  const value = (name: string) => required(stack, outputs, name);
  const client = new DynamoDBClient();
  const table = value(WATCH_OUTPUTS.aggregates);
  const { credentials } = client.config;
  const queues = outputs.get('DeadLetterQueues');
  const recipients = outputs.get('ReportRecipients');
  const marks = new DynamoUnreachable(client, value(OUTPUTS.findings));
  const watch = watchRecords({
    deployment: value(WATCH_OUTPUTS.deployment),
    sweepEveryMs: Number(value(WATCH_OUTPUTS.sweepHours)) * 3_600_000,
    findings: new DynamoFindings({ client, table: value(OUTPUTS.findings) }),
    intake: new DynamoIntakeLog(client, table),
    audits: new DynamoAuditLog(client, table),
    objects: new S3Objects(new S3Client(), value(WATCH_OUTPUTS.sweeps)),
    cost: runCost(stack, credentials),
    ...(queues ? { deadLetters: deadLetterCounts(queues.split(','), await client.config.region(), credentials) } : {}),
    ...(recipients ? { mail: { recipients: recipients.split(','), marks } } : {}),
  });
  const span = async () => {
    const to = (await watch.sweeps(0)).at(-1);
    if (to === undefined) throw new InputError(`--at stack:${stack}: no sweep has finished yet`);
    return { from: isoTime(Math.floor(Date.parse(to) / DAY_MS - PAGE_DAYS) * DAY_MS), to };
  };
  return { watch, span };
}

/** By the sender, recipients and claims of the deployment's own reports. */
export async function sendFromStack(
  stack: string,
  { every, from }: ReportPeriod,
  cloudFormation = new CloudFormationClient(),
): Promise<string> {
  const outputs = await outputsOf(stack, cloudFormation);
  const value = (name: string) => required(stack, outputs, name);
  const sender = value('ReportSender');
  const client = new DynamoDBClient();
  const host: ReportHost = {
    place: await openStack(stack, cloudFormation),
    watch: (await openStackWatch(stack, cloudFormation)).watch,
    claims: new DynamoClaims(client, value(OUTPUTS.findings)),
    marks: new DynamoUnreachable(client, value(OUTPUTS.findings)),
    mailer: new SesMailer({
      client: new SESv2Client({ maxAttempts: 1 }),
      sender,
      recipients: value('ReportRecipients').split(','),
      configurationSet: value('ReportConfigurationSet'),
    }),
    objects: { put: async () => {} },
    leave: { mail: sender },
    told: { count: () => {}, info: () => {}, error: () => {}, flush: () => {} },
    now: Date.now,
  };
  return handle({ every, period: from.slice(0, 10) }, 'command line', host);
}

export async function resendFromStack(stack: string, cloudFormation = new CloudFormationClient()): Promise<Resend> {
  const outputs = await outputsOf(stack, cloudFormation);
  return resendAll(new DynamoOutbox(new DynamoDBClient(), required(stack, outputs, OUTPUTS.outbox)), Date.now());
}

export async function resendAll(outbox: Pick<DynamoOutbox, 'allRows' | 'tryAgain'>, now: number): Promise<Resend> {
  const found = resend(await outbox.allRows(), now);
  for (const row of found.again) await outbox.tryAgain(row);
  return found;
}
