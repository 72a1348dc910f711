/** What comes out of a replay, as a strict schema of its own: no field more, none less, in the public names. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { TASKS } from '../../core/records/format.ts';

const time = z.string().regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
const count = z.number().int().min(0);
const id = z.string().min(1).max(16);

export const findingLine = z
  .strictObject({
    type: z.literal('finding'),
    id,
    kind: z.enum(['campaign', 'consumer']),
    state: z.enum(['opened', 'updated', 'cleared']),
    at: time,
    classification: z.enum(['distillation', 'coordinated_abuse', 'key_sharing', 'account_takeover', 'volume_anomaly']),
    severity: z.enum(['SEV1', 'SEV2', 'SEV3', 'INFO']),
    window: z.strictObject({ from: time, to: time }),
    accounts: z.strictObject({ certain: count, probable: count }),
    exchanges: count,
    outputTokens: count,
    capabilities: z.array(
      z.strictObject({
        task: z.enum(TASKS),
        exchanges: count,
        share: z.number().min(0).max(1),
        lift: z.number().min(0),
      }),
    ),
    evidence: z
      .array(
        z.strictObject({
          group: z.enum(['custody', 'identity', 'network', 'cohort', 'schedule', 'content', 'intent', 'consumer']),
          detector: z.string().regex(/^[a-z]+(-[a-z]+)+$/),
          observed: z.number(),
          expected: z.number(),
          unit: z.string().min(1),
          strength: z.number(),
        }),
      )
      .max(5),
    error: z.strictObject({ q: z.number().min(0).max(1), method: z.string().min(1), expectedFalse: z.number().min(0) }),
    links: z.array(z.strictObject({ finding: id, relation: z.enum(['merged_into', 'split_from', 'successor_of']) })),
    reason: z.string().min(1).optional(),
  })
  .refine(({ state, reason }) => (state === 'opened') === (reason === undefined), 'a reason, but for opened');

export const memberLine = z.strictObject({
  finding: id,
  account: z.string().min(1).max(256),
  confidence: z.enum(['certain', 'probable']),
  claimed: time,
  since: time,
  until: time.optional(),
});

export const summaryFile = z.strictObject({
  records: count,
  usage: count,
  accounts: count,
  duplicates: count,
  quarantined: count,
  late: count,
  sweeps: count,
  findings: z.strictObject({ opened: count, updated: count, cleared: count }),
  from: time.nullable(),
  to: time.nullable(),
  seconds: z.number().positive(),
  recordsPerSecond: count,
  peakRssBytes: count,
});

export const quarantineLine = z.strictObject({
  input: z.string().min(1),
  line: z.number().int().min(1),
  path: z.string(),
  reason: z.string().min(1).max(200),
});

export type FindingLine = z.infer<typeof findingLine>;
export type MemberLine = z.infer<typeof memberLine>;
export type SummaryFile = z.infer<typeof summaryFile>;
export type QuarantineLine = z.infer<typeof quarantineLine>;

export interface Results {
  findings: FindingLine[];
  members: MemberLine[];
  summary: SummaryFile;
  quarantine: QuarantineLine[];
}

/** Throws where a file of a replay is missing or a line of it has another form. */
export function readResults(folder: string): Results {
  const text = (name: string) => readFileSync(join(folder, name), 'utf8');
  const lines = <T>(name: string, schema: z.ZodType<T>) => {
    const [end, ...rest] = text(name).split('\n').reverse();
    if (end !== '') throw new Error(`${name} does not end in a newline`);
    return rest.reverse().map((line) => schema.parse(JSON.parse(line)));
  };
  return {
    findings: lines('findings.ndjson', findingLine),
    members: lines('members.ndjson', memberLine),
    summary: summaryFile.parse(JSON.parse(text('summary.json'))),
    quarantine: lines('quarantine.ndjson', quarantineLine),
  };
}
