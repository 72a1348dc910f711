/** What the function that delivers can see of the pipeline: sweeps, their coverage, and what came in. */

import type { AuditLog } from '../adapters/dynamo-audit-log.ts';
import type { DynamoFindings } from '../adapters/dynamo-findings.ts';
import type { IntakeLog } from '../adapters/dynamo-intake-log.ts';
import type { Objects } from '../adapters/s3.ts';
import type { SweepRecord } from '../sweep/summary.ts';
import { summaryKey } from '../sweep/tasks.ts';
import type { Health } from './notify.ts';

export interface HealthParts {
  findings: Pick<DynamoFindings, 'sweepsSince'>;
  objects: Objects;
  intake: Pick<IntakeLog, 'total'>;
  audits: Pick<AuditLog, 'total'>;
}

/** A sweep's summary never changes, so it is read once. */
export function healthOf({ findings, objects, intake, audits }: HealthParts): Health {
  let held: { sweep: string; coverage: number | undefined } | undefined;
  return {
    sweepsSince: (since) => findings.sweepsSince(since),
    coverageOf: async (sweep) => {
      if (held?.sweep !== sweep) held = { sweep, coverage: await coverageIn(objects, sweep) };
      return held.coverage;
    },
    intake: (fromDay, toDay) => intake.total(fromDay, toDay),
    audits: (fromDay, toDay) => audits.total(fromDay, toDay),
  };
}

async function coverageIn(objects: Objects, sweep: string): Promise<number | undefined> {
  const bytes = await objects.get(summaryKey(sweep));
  if (bytes === undefined) return undefined;
  return (JSON.parse(new TextDecoder().decode(bytes)) as SweepRecord).summary.coverage;
}
