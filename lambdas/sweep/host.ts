/** What a sweep needs of the world. */
import type { JudgedBy } from '../../core/judged-by.ts';
import type { AggregateStore, Announcer, FindingStore } from '../../core/ports.ts';
import type { Settings } from '../../core/settings.ts';
import type { SweepInput, SweepResult } from '../../core/sweep.ts';
import type { SavedSweep } from '../adapters/dynamo-findings.ts';
import type { Objects } from '../adapters/s3.ts';
import type { Scratch } from '../adapters/scratch-folder.ts';
import type { Telemetry } from '../telemetry.ts';

export interface SweepHost {
  sweep(input: SweepInput): SweepResult;
  aggregates: Pick<AggregateStore, 'releases'>;
  findings: FindingStore & { lastSweep(): Promise<SavedSweep | undefined> };
  objects: Objects;
  scratch: Scratch;
  announcer: Announcer;
  told: Telemetry;
  settings: Settings;
  judgedBy: JudgedBy;
  segments: number;
}
