/** `quarantine list` and `quarantine retry`: what was set aside and why, and another try once the cause is mended. */
import { existsSync, writeFileSync } from 'node:fs';
import type { StillwatchRecord } from '../../core/records/schema.ts';
import { InputError } from '../adapters/input/input-error.ts';
import { openInputs } from '../adapters/input/open.ts';
import { sourceOf } from '../adapters/input/source.ts';
import { parseFormat, type ReadOptions, readValues } from '../adapters/input/values.ts';
import { stackNamed } from '../adapters/place/open.ts';
import { setAside } from '../adapters/quarantine-folder.ts';
import type { SetAside } from '../adapters/set-aside.ts';
import { loadConfig } from '../config.ts';
import { counted } from '../counted.ts';
import { type RetriedStack, retryStack } from '../quarantine/retry-stack.ts';

const NOTHING = 'nothing is set aside';

interface Cause {
  source: string;
  path: string;
  reason: string;
  count: number;
  /** Position of the first. */
  first: string;
}

export async function quarantineListCommand({ at, json }: { at: string; json?: boolean }): Promise<void> {
  const sorted = await causesOf(await entriesAt(at));
  if (json) console.log(JSON.stringify(sorted));
  else if (sorted.length === 0) console.log(NOTHING);
  else for (const cause of sorted) console.log(causeLine(cause));
}

/** The cloud's libraries are loaded only where a deployment is named. */
async function entriesAt(at: string): Promise<AsyncIterable<SetAside>> {
  const stack = stackNamed(at);
  if (stack === undefined) return setAside(at);
  const { openStackQuarantine } = await import('../adapters/place/stack-quarantine.ts');
  return (await openStackQuarantine(stack)).entries();
}

/** The most frequent first. */
export async function causesOf(entries: AsyncIterable<SetAside>): Promise<Cause[]> {
  const causes = new Map<string, Cause>();
  for await (const { source, position, path, reason, count } of entries) {
    const key = JSON.stringify([source, path, reason]);
    const cause = causes.get(key);
    if (cause === undefined) causes.set(key, { source, path, reason, count, first: position });
    else cause.count += count;
  }
  return [...causes.values()].sort((a, b) => b.count - a.count);
}

function causeLine({ source, path, reason, count, first }: Cause): string {
  const where = path === '' ? '' : `${path}: `;
  return `${count.toLocaleString('en-US').padStart(9)}  ${where}${reason}  (${source}, first at ${first})`;
}

export interface RetryArguments {
  at: string;
  /** For a folder. */
  out?: string;
  config?: string;
  format?: string;
  json?: boolean;
}

interface Retried {
  readable: number;
  refused: number;
  /** Whose input is a pipe, a deployed stack, or gone. */
  outOfReach: number;
}

export async function quarantineRetryCommand(options: RetryArguments): Promise<void> {
  const stack = stackNamed(options.at);
  if (stack === undefined) await retryFolder(options);
  else await retryDeployed(stack, options);
}

async function retryDeployed(stack: string, { out, config, format, json }: RetryArguments): Promise<void> {
  for (const [name, value] of Object.entries({ out, config, format }))
    if (value !== undefined)
      throw new InputError(`--${name} ${value}: a deployment reads again by its own settings; leave it out`);
  const { openStackQuarantine } = await import('../adapters/place/stack-quarantine.ts');
  const retried = await retryStack(await openStackQuarantine(stack), Date.now());
  console.log(json ? JSON.stringify(retried) : stackLines(retried).join('\n'));
  if (retried.notTaken > 0) process.exitCode = FAILED;
}

/** Exit code where something was not sent. */
const FAILED = 1;

export function stackLines({ objects, entries, records, refused, notTaken, outOfReach }: RetriedStack): string[] {
  const gone = outOfReach.reduce((sum, each) => sum + each.count, 0);
  if (entries + records + refused + notTaken + gone === 0) return [NOTHING];
  const sent = [
    `${counted(objects, 'object')} sent to be read again for ${counted(entries, 'entry', 'entries')}`,
    `${counted(records, 'record')} sent again`,
    `${counted(refused, 'record')} still cannot be read`,
  ].join('; ');
  const lines = notTaken > 0 ? [sent, `${notTaken.toLocaleString('en-US')} not taken: run this again`] : [sent];
  if (gone > 0) lines.push(`${gone.toLocaleString('en-US')} cannot be sent again from here:`);
  for (const { source, count: many, why, run } of outOfReach) {
    lines.push(`${many.toLocaleString('en-US').padStart(9)}  ${source}: ${why}`);
    if (run !== undefined) lines.push(`${' '.repeat(11)}the first of them: ${run}`);
  }
  return lines;
}

/** Reads the lines again, and writes those that are records now: give that file to replay, beside the other inputs. */
async function retryFolder({ at, out, config, format, json }: RetryArguments): Promise<void> {
  if (out === undefined) throw new InputError('quarantine retry: --out is missing: name a new file of records');
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
  if (readable + refused + outOfReach === 0) return NOTHING;
  const count = (value: number) => value.toLocaleString('en-US');
  const written = readable > 0 ? `: written to ${out}, replay it beside the other inputs` : '';
  const gone = outOfReach > 0 ? `, ${count(outOfReach)} out of reach (a pipe, a stream, or a file that is gone)` : '';
  return `${count(readable)} can be read now${written}; ${count(refused)} still cannot${gone}`;
}
