/** Detects over all segments, saves the outcome, then tells it. Running it again tells the same again. */
import type { Segment } from '../../core/aggregates/segment.ts';
import { readSegmentFile } from '../../core/aggregates/segment-file.ts';
import type { Transition } from '../../core/findings/transition.ts';
import { timeMs } from '../../core/records/time.ts';
import { settleAll } from '../concurrency.ts';
import { IncompleteSweepError } from './errors.ts';
import type { SweepHost } from './host.ts';
import type { SweepRecord } from './summary.ts';
import { type DetectTask, knownKey, segmentKey, summaryKey } from './tasks.ts';

export interface Detected {
  at: string;
  told: number;
  /** True when this sweep had been saved before and was only told again. */
  repeated: boolean;
}

export async function detect(task: DetectTask, host: SweepHost): Promise<Detected> {
  const before = await host.findings.lastSweep();
  const repeated = before !== undefined && timeMs(before.at) === timeMs(task.at);
  if (!repeated) {
    try {
      await sweepAndSave(task, host);
    } finally {
      host.scratch.clear();
    }
  }
  const transitions = await savedTransitions(task, host);
  await host.announcer.announce(transitions);
  host.told.count('TransitionsAnnounced', transitions.length);
  host.told.count('SweepsCompleted', 1);
  return { at: task.at, told: transitions.length, repeated };
}

async function sweepAndSave({ at, segments }: DetectTask, host: SweepHost): Promise<void> {
  const loaded = await loadSegments(at, segments, host);
  const [releases, memory] = await Promise.all([host.aggregates.releases(), host.findings.load()]);
  const result = host.sweep({ at: timeMs(at), segments: loaded, releases, memory, settings: host.settings });
  const record: SweepRecord = { releases, summary: result.summary, judgedBy: host.judgedBy };
  await host.objects.put(summaryKey(at), JSON.stringify(record), 'application/json');
  await host.objects.put(knownKey(at), new Uint8Array(result.known().buffer), 'application/octet-stream');
  await host.findings.save(at, result.memory, result.transitions);
  host.told.count('AccountsEvaluated', result.summary.accounts);
}

/** What was saved is what is told, also when another run of the same sweep saved it first. */
async function savedTransitions({ at }: DetectTask, host: SweepHost): Promise<Transition[]> {
  const last = await host.findings.lastSweep();
  return last !== undefined && timeMs(last.at) === timeMs(at) ? last.transitions : [];
}

/**
 * All of them, of which the profiles stay in files: detection needs the memory. A sweep over some of the accounts would
 * clear findings that are still there, so a hole stops it.
 */
async function loadSegments(at: string, segments: number, host: SweepHost): Promise<Segment[]> {
  const numbers = Array.from({ length: segments }, (_, i) => i);
  const outcomes = await settleAll(numbers, 8, async (i) => {
    const bytes = await host.objects.get(segmentKey(at, i, segments));
    return bytes && readSegmentFile(host.scratch.keep(bytes));
  });
  const loaded: Segment[] = [];
  for (const outcome of outcomes) {
    if (outcome.status === 'rejected') throw outcome.reason;
    if (outcome.value) loaded.push(outcome.value);
  }
  const missing = segments - loaded.length;
  host.told.count('SegmentsMissing', missing);
  if (missing > 0) {
    throw new IncompleteSweepError(
      `${missing} of ${segments} segments of the sweep of ${at} were not loaded; no finding was changed. Start a new execution with the same input to load them`,
    );
  }
  return loaded;
}
