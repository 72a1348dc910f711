/** A file of lines that is only added to, by one writer at a time. */
import { appendFileSync, closeSync, openSync, readFileSync, rmSync, statSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { InputError } from '../input/input-error.ts';

/** A lock older than this was left by a process that died: an append takes milliseconds. */
const STALE_LOCK_MS = 10_000;
const LOCK_PAUSE_MS = 20;

export class AppendFile {
  readonly file: string;

  constructor(file: string) {
    this.file = file;
  }

  /** Lines that are not blank, with their numbers from 1. */
  lines(): { line: string; number: number }[] {
    return this.text()
      .split('\n')
      .map((line, i) => ({ line, number: i + 1 }))
      .filter(({ line }) => line.trim() !== '');
  }

  /** Adds a line if the file has `after` of them under the lock, as `count` counts them; else false, and nothing written. */
  async append(line: string, after: number, count: () => number): Promise<boolean> {
    const lock = await this.lock();
    try {
      if (count() !== after) return false;
      appendFileSync(this.file, `${this.lineBreak()}${line}\n`);
      return true;
    } finally {
      rmSync(lock, { force: true });
    }
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

  /** Held while a line is added, so that of two writers one sees the other. */
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
