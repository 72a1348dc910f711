/** `quarantine list` and `quarantine retry`: what was set aside and why, and another try once the cause is mended. */
import { existsSync, writeFileSync } from 'node:fs';
import type { StillwatchRecord } from '../../core/records/schema.ts';
import { InputError } from '../adapters/input/input-error.ts';
import { openInputs } from '../adapters/input/open.ts';
import { sourceOf } from '../adapters/input/source.ts';
import { parseFormat, type ReadOptions, readValues } from '../adapters/input/values.ts';
import { setAside } from '../adapters/quarantine-folder.ts';
import { loadConfig } from '../config.ts';

interface Cause {
  source: string;
  path: string;
  reason: string;
  count: number;
  /** Position of the first. */
  first: string;
}

export async function quarantineListCommand({ at, json }: { at: string; json?: boolean }): Promise<void> {
  const causes = new Map<string, Cause>();
  for await (const { source, position, path, reason } of setAside(at)) {
    const key = JSON.stringify([source, path, reason]);
    const cause = causes.get(key);
    if (cause === undefined) causes.set(key, { source, path, reason, count: 1, first: position });
    else cause.count++;
  }
  const sorted = [...causes.values()].sort((a, b) => b.count - a.count);
  if (json) console.log(JSON.stringify(sorted));
  else if (sorted.length === 0) console.log('nothing is set aside');
  else for (const cause of sorted) console.log(causeLine(cause));
}

function causeLine({ source, path, reason, count, first }: Cause): string {
  const where = path === '' ? '' : `${path}: `;
  return `${count.toLocaleString('en-US').padStart(9)}  ${where}${reason}  (${source}, first at ${first})`;
}

export interface RetryArguments {
  at: string;
  out: string;
  config?: string;
  format?: string;
  json?: boolean;
}

interface Retried {
  readable: number;
  refused: number;
  /** Whose input is a pipe, a deployed stream, or gone. */
  outOfReach: number;
}

/** Reads the lines again, and writes those that are records now: give that file to replay, beside the other inputs. */
export async function quarantineRetryCommand({ at, out, config, format, json }: RetryArguments): Promise<void> {
  if (existsSync(out)) throw new InputError(`--out ${out}: is there already: name a new file`);
  const options: ReadOptions = {
    source: sourceOf(loadConfig(config)),
    format: format === undefined ? undefined : parseFormat(format),
  };
  const lines = await linesByInput(at);
  const retried: Retried = { readable: 0, refused: 0, outOfReach: 0 };
  const records: StillwatchRecord[] = [];
  for (const [input, wanted] of lines) {
    if (!existsSync(input)) retried.outOfReach += wanted.size;
    else await retry(input, wanted, options, { retried, records });
  }
  if (records.length > 0) writeFileSync(out, records.map((record) => `${JSON.stringify(record)}\n`).join(''));
  console.log(json ? JSON.stringify(retried) : resultLine(retried, out));
}

async function linesByInput(at: string): Promise<Map<string, Set<number>>> {
  const lines = new Map<string, Set<number>>();
  for await (const { source, position } of setAside(at)) {
    const held = lines.get(source) ?? new Set();
    held.add(Number(position));
    lines.set(source, held);
  }
  return lines;
}

interface Outcome {
  retried: Retried;
  records: StillwatchRecord[];
}

async function retry(input: string, wanted: Set<number>, options: ReadOptions, outcome: Outcome): Promise<void> {
  const read = new Set<number>();
  try {
    const [opened] = await openInputs([input]);
    for await (const { records, lines } of readValues(opened!, options)) {
      records.forEach((record, i) => {
        if (!wanted.has(lines[i]!)) return;
        read.add(lines[i]!);
        outcome.records.push(record);
      });
    }
  } catch (error) {
    // Still of no known format: all of it is refused as before.
    if (!(error instanceof InputError)) throw error;
  }
  outcome.retried.readable += read.size;
  outcome.retried.refused += wanted.size - read.size;
}

function resultLine({ readable, refused, outOfReach }: Retried, out: string): string {
  const count = (value: number) => value.toLocaleString('en-US');
  const written = readable > 0 ? `: written to ${out}, replay it beside the other inputs` : '';
  const gone = outOfReach > 0 ? `, ${count(outOfReach)} out of reach (a pipe, a stream, or a file that is gone)` : '';
  return `${count(readable)} can be read now${written}; ${count(refused)} still cannot${gone}`;
}
