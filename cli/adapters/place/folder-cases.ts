/** The case log as `cases.ndjson`, one entry a line, only ever appended to. */
import { appendFileSync, closeSync, openSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { type CaseEntry, CaseEntryError, type NewEntry, parseEntry } from '../../../core/cases/entry.ts';
import type { CaseLog } from '../../../core/place.ts';
import { InputError } from '../input/input-error.ts';

/** A lock older than this was left by a process that died: an append takes milliseconds. */
const STALE_LOCK_MS = 10_000;
const LOCK_PAUSE_MS = 20;

export class FolderCases implements CaseLog {
  private readonly file: string;

  constructor(folder: string) {
    this.file = join(folder, 'cases.ndjson');
  }

  async read(after = 0): Promise<CaseEntry[]> {
    return this.all().slice(after);
  }

  async append(entry: NewEntry, after: number): Promise<CaseEntry | undefined> {
    const lock = await this.lock();
    try {
      const held = this.all();
      if (held.length !== after) return undefined;
      const added = parseEntry({ ...entry, seq: after + 1 });
      appendFileSync(this.file, `${this.lineBreak()}${JSON.stringify(added)}\n`);
      return added;
    } finally {
      rmSync(lock, { force: true });
    }
  }

  /** @throws InputError that names the line: a log of which a part is not understood decides nothing */
  private all(): CaseEntry[] {
    const lines = this.text().split('\n');
    const entries: CaseEntry[] = [];
    for (const [i, line] of lines.entries()) {
      if (line.trim() === '') continue;
      const entry = this.parse(line, i + 1);
      const seq = entries.length + 1;
      if (entry.seq !== seq) throw this.wrong(i + 1, `seq: must be ${seq}, not ${entry.seq}`);
      entries.push(entry);
    }
    return entries;
  }

  private parse(line: string, number: number): CaseEntry {
    try {
      return parseEntry(JSON.parse(line));
    } catch (error) {
      throw this.wrong(number, error instanceof CaseEntryError ? error.message : 'is not JSON');
    }
  }

  private wrong(line: number, what: string): InputError {
    return new InputError(`${this.file}:${line}: ${what}`);
  }

  private text(): string {
    try {
      return readFileSync(this.file, 'utf8');
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'ENOENT' || code === 'ENOTDIR') return '';
      throw new InputError(`${this.file}: cannot be read (${code})`);
    }
  }

  /** Where an editor left the last line without its end. */
  private lineBreak(): string {
    const text = this.text();
    return text === '' || text.endsWith('\n') ? '' : '\n';
  }

  /** Held while an entry is added, so that of two writers one sees the other. */
  private async lock(): Promise<string> {
    const lock = `${this.file}.lock`;
    for (;;) {
      try {
        closeSync(openSync(lock, 'wx'));
        return lock;
      } catch (error) {
        const { code } = error as NodeJS.ErrnoException;
        if (code !== 'EEXIST') throw new InputError(`${this.file}: cannot be written (${code})`);
      }
      if (ageOf(lock) > STALE_LOCK_MS) rmSync(lock, { force: true });
      else await setTimeout(LOCK_PAUSE_MS);
    }
  }
}

function ageOf(file: string): number {
  try {
    return Date.now() - statSync(file).mtimeMs;
  } catch {
    return 0;
  }
}
