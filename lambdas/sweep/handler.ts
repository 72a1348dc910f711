import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { S3Client } from '@aws-sdk/client-s3';
import { DETECTORS } from '../../core/detectors/index.ts';
import { judgedBy } from '../../core/judged-by.ts';
import { sweep } from '../../core/sweep.ts';
import { DynamoFindings } from '../adapters/dynamo-findings.ts';
import { readReleases } from '../adapters/dynamo-histories.ts';
import { EventBridgeAnnouncer } from '../adapters/eventbridge.ts';
import { S3Objects } from '../adapters/s3.ts';
import { ScratchFolder } from '../adapters/scratch-folder.ts';
import { observed, telemetry } from '../telemetry.ts';
import { type Detected, detect } from './detect.ts';
import { readEnv, type SweepEnv } from './env.ts';
import type { SweepHost } from './host.ts';
import { planOf, type SweepPlan, type SweepTask, TaskError } from './tasks.ts';

let host: SweepHost | undefined;

export async function handler(task: SweepTask): Promise<SweepPlan | Detected> {
  host ??= hostOf(readEnv(process.env));
  const ready = host;
  return observed(ready.told, () => handle(task, ready));
}

export async function handle(task: SweepTask, on: SweepHost): Promise<SweepPlan | Detected> {
  switch (task.task) {
    case 'plan':
      return planOf(task, on.segments);
    case 'detect':
      return detect(task, on);
    default:
      throw new TaskError(`task must be plan or detect, not ${JSON.stringify((task as { task: unknown }).task)}`);
  }
}

function hostOf(env: SweepEnv): SweepHost {
  const client = new DynamoDBClient();
  return {
    sweep,
    aggregates: { releases: () => readReleases({ client, table: env.AGGREGATES_TABLE }) },
    findings: new DynamoFindings({ client, table: env.FINDINGS_TABLE }),
    objects: new S3Objects(new S3Client(), env.SWEEP_BUCKET),
    scratch: new ScratchFolder(),
    announcer: new EventBridgeAnnouncer(new EventBridgeClient(), env.EVENT_BUS),
    told: telemetry(),
    settings: env.SETTINGS,
    judgedBy: judgedBy(env.SETTINGS, env.VERSION, DETECTORS),
    segments: env.SEGMENTS,
  };
}
