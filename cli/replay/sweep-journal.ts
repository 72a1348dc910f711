/**
 * The sweeps of a replay that is under way, kept in its folder: one that was interrupted reads its inputs again, but does
 * not sweep again what it has swept.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import type { SweepResult } from '../../core/sweep.ts';
import { InputError } from '../adapters/input/input-error.ts';
import type { Input } from '../adapters/input/open.ts';
import type { ReplayConfig } from '../config.ts';
import { programVersion } from '../version.ts';

/** All but what only the last sweep of a replay is asked for, which is always made. */
export type KeptSweep = Omit<SweepResult, 'known'>;

/** What the sweeps depend on, with the program's version: with anything else they would be others. */
export interface Replaying {
  inputs: readonly Input[];
  sweepMs: number;
  format?: string | undefined;
  config: ReplayConfig;
}

interface Header {
  schema: 'stillwatch.sweeps/1';
  version: string;
  /** The clock by which records are from the future, ms since 1970: the same for the rest. */
  now: number;
  inputs: { name: string; bytes: number; changed: number }[];
  sweepMs: number;
  format: string | null;
  config: ReplayConfig;
}

const FOLDER = '.replay-sweeps';
const HEADER = 'header.json';

export class SweepJournal {
  readonly now: number;
  private readonly folder: string;
  private readonly header: Header;
  private readonly held = new Map<number, string>();

  private constructor(folder: string, header: Header) {
    this.folder = folder;
    this.header = header;
    this.now = header.now;
  }

  /** Of a new replay: whatever an interrupted one left in `out` is gone with its first sweep. */
  static begin(out: string, replaying: Replaying, now: number): SweepJournal {
    return new SweepJournal(join(out, FOLDER), headerOf(replaying, now));
  }

  /** @throws InputError where nothing was interrupted there, it was another replay, or an input cannot be read again */
  static resume(out: string, replaying: Replaying): SweepJournal {
    if (replaying.inputs.some(({ argument }) => argument === '-'))
      throw new InputError('--resume: standard input cannot be read again; name files, or start without --resume');
    const folder = join(out, FOLDER);
    const header = readHeader(folder, out);
    const difference = differenceOf(header, headerOf(replaying, header.now));
    if (difference !== undefined)
      throw new InputError(
        `--resume: ${difference} since the replay in ${out} was interrupted; start it without --resume`,
      );
    const journal = new SweepJournal(folder, header);
    for (const name of readdirSync(folder)) {
      const at = Number(name.slice(0, -SUFFIX.length));
      if (name.endsWith(SUFFIX)) journal.held.set(at, join(folder, name));
    }
    return journal;
  }

  get sweeps(): number {
    return this.held.size;
  }

  /** The sweep at `at` (ms since 1970), if it was kept whole. */
  recall(at: number): KeptSweep | undefined {
    const file = this.held.get(at);
    if (file === undefined) return undefined;
    try {
      return JSON.parse(zstdDecompressSync(readFileSync(file)).toString()) as KeptSweep;
    } catch {
      // Cut short by the interruption: it is made again.
      return undefined;
    }
  }

  keep(at: number, { transitions, current, memory, summary }: KeptSweep): void {
    if (this.held.size === 0) this.start();
    const kept: KeptSweep = { transitions, current, memory, summary };
    const file = join(this.folder, `${at}${SUFFIX}`);
    writeFileSync(file, zstdCompressSync(JSON.stringify(kept)));
    this.held.set(at, file);
  }

  /** The replay is whole: nothing is left to resume. */
  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
    this.held.clear();
  }

  private start(): void {
    rmSync(this.folder, { recursive: true, force: true });
    mkdirSync(this.folder, { recursive: true });
    writeFileSync(join(this.folder, HEADER), JSON.stringify(this.header));
  }
}

const SUFFIX = '.json.zst';

function headerOf({ inputs, sweepMs, format, config }: Replaying, now: number): Header {
  return {
    schema: 'stillwatch.sweeps/1',
    version: programVersion(),
    now,
    inputs: inputs.map(({ name, argument }) => {
      const { size, mtimeMs } = argument === '-' ? { size: 0, mtimeMs: now } : statSync(name);
      return { name, bytes: size, changed: mtimeMs };
    }),
    sweepMs,
    format: format ?? null,
    config,
  };
}

function readHeader(folder: string, out: string): Header {
  if (!existsSync(join(folder, HEADER)))
    throw new InputError(`--resume: no interrupted replay in ${out}; start one without --resume`);
  return JSON.parse(readFileSync(join(folder, HEADER), 'utf8')) as Header;
}

/** What is another; undefined where all is the same. */
function differenceOf(held: Header, asked: Header): string | undefined {
  const names = new Set([...held.inputs, ...asked.inputs].map(({ name }) => name));
  for (const name of names) {
    const [before, after] = [held, asked].map(({ inputs }) => inputs.find((input) => input.name === name));
    if (JSON.stringify(before) !== JSON.stringify(after)) return `${name} has changed`;
  }
  if (held.version !== asked.version) return 'the version of Stillwatch has changed';
  if (held.sweepMs !== asked.sweepMs) return '--sweep has changed';
  if (held.format !== asked.format) return '--format has changed';
  return JSON.stringify(held.config) === JSON.stringify(asked.config) ? undefined : 'the settings have changed';
}
