/** The whole function, bundle and AWS clients and all, in containers of its own, against servers that are not AWS. */

import { bundle } from '../../lambdas/bundle/bundle.ts';
import { AwsPlain } from './aws-plain.ts';
import { Container } from './container.ts';
import type { Caller, Fate } from './deliver.ts';
import { RETENTION_DAYS } from './in-memory.ts';
import type { StoredDayOf } from './recount.ts';
import type { Target } from './run.ts';

/** Nothing that could be AWS. */
export function isLocal(endpoint: string): boolean {
  return /^http:\/\/(127\.0\.0\.1|localhost|\[::1\]):\d+\/?$/.test(endpoint);
}

export class AtEndpoint implements Caller, Target {
  private readonly file: string;
  private readonly aws: AwsPlain;
  private readonly names: { table: string; bucket: string };
  /** Warm, and not at work. */
  private readonly idle: Container[] = [];

  /** Processor time of the containers that are warm, ms. */
  get cpuMs(): number {
    return this.idle.reduce((sum, container) => sum + container.cpuMs, 0);
  }

  private constructor(file: string, aws: AwsPlain, names: { table: string; bucket: string }) {
    this.file = file;
    this.aws = aws;
    this.names = names;
  }

  static async open(endpoint: string, folder: string): Promise<AtEndpoint> {
    const file = `${folder}/handler.mjs`;
    await bundle('lambdas/ingest/handler.ts', file);
    const aws = new AwsPlain(endpoint.replace(/\/$/, ''));
    const unique = `${process.pid}-${Date.now()}`;
    const names = { table: `chaos-${unique}`, bucket: `chaos-${unique}` };
    await aws.createTable(names.table);
    await aws.createBucket(names.bucket);
    return new AtEndpoint(file, aws, names);
  }

  async call(event: object, fate: Fate): ReturnType<Caller['call']> {
    const container = this.idle.pop() ?? (await Container.start(this.file, this.aws.endpoint, this.environment()));
    const reply = await container.call(event, fate);
    this.idle.push(container);
    return reply;
  }

  async *accountDays(): AsyncGenerator<StoredDayOf> {
    for await (const { account, day, packed } of this.aws.scan(this.names.table)) {
      if (packed?.B === undefined) continue;
      yield { account: account!.S!, day: Number(day!.N), packed: Buffer.from(packed.B, 'base64') };
    }
  }

  quarantined(): AsyncGenerator<string> {
    return this.aws.objects(this.names.bucket, 'quarantine/');
  }

  async close(): Promise<void> {
    await Promise.all(this.idle.splice(0).map((container) => container.stop()));
  }

  private environment(): Record<string, string> {
    return {
      AGGREGATES_TABLE: this.names.table,
      QUARANTINE_BUCKET: this.names.bucket,
      ARCHIVE_BUCKET: this.names.bucket,
      RETENTION_DAYS: String(RETENTION_DAYS),
      QUARANTINE_PAYLOAD: 'drop',
      POWERTOOLS_LOG_LEVEL: 'SILENT',
      POWERTOOLS_SERVICE_NAME: 'chaos',
      POWERTOOLS_METRICS_NAMESPACE: 'chaos',
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'x',
      AWS_SECRET_ACCESS_KEY: 'y',
    };
  }
}
