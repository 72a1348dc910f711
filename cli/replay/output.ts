/** What a replay leaves behind: written beside the folder's old content and put in place only when it is whole. */
import { appendFileSync, existsSync, mkdirSync, renameSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve, sep } from 'node:path';
import { InputError } from '../adapters/input/input-error.ts';

/** Everything in the folder that belongs to a replay; whatever else lies there stays. */
const PARTS = [
  'findings.ndjson',
  'contexts.ndjson',
  'members.ndjson',
  'desk.json',
  'known.bin',
  'moves.ndjson',
  'origin.json',
  'summary.json',
  'watch.json',
  'quarantine.ndjson',
  'report.html',
  'outbox',
] as const;
const STAGING = '.replay-in-progress';
/** Characters of quarantine held before they are written. */
const HELD = 64 * 1024;

export interface QuarantineLine {
  input: string;
  line: number;
  path: string;
  reason: string;
}

export class ReplayFolder {
  private readonly folder: string;
  private readonly staging: string;
  private quarantine = '';
  /** The outermost folder that was not there before. */
  private readonly made: string;
  private readonly leave = () => this.remove();

  /** @throws InputError where the folder cannot be made or written */
  constructor(folder: string) {
    this.folder = folder;
    this.staging = join(folder, STAGING);
    try {
      rmSync(this.staging, { recursive: true, force: true });
      this.made = resolve(mkdirSync(join(this.staging, 'outbox'), { recursive: true })!);
      this.write('quarantine.ndjson', '');
    } catch (error) {
      throw new InputError(`--out ${folder}: cannot be written (${(error as NodeJS.ErrnoException).code})`);
    }
    process.once('exit', this.leave);
  }

  reject(line: QuarantineLine): void {
    this.quarantine += `${JSON.stringify(line)}\n`;
    if (this.quarantine.length >= HELD) this.flush();
  }

  write(name: string, content: string | Uint8Array): void {
    writeFileSync(join(this.staging, name), content);
  }

  lines(name: string, objects: readonly unknown[]): void {
    this.write(name, objects.map((object) => `${JSON.stringify(object)}\n`).join(''));
  }

  /** Puts the new content in place of the old. */
  commit(): void {
    this.flush();
    for (const part of PARTS) {
      const place = join(this.folder, part);
      rmSync(place, { recursive: true, force: true });
      if (existsSync(join(this.staging, part))) renameSync(join(this.staging, part), place);
    }
    this.discard();
  }

  discard(): void {
    process.removeListener('exit', this.leave);
    this.leave();
  }

  /** What is under way, and the folders made for it where nothing else is in them. */
  private remove(): void {
    rmSync(this.staging, { recursive: true, force: true });
    const isOurs = (at: string) => `${at}${sep}`.startsWith(`${this.made}${sep}`);
    for (let at = resolve(this.folder); isOurs(at); at = dirname(at)) {
      try {
        rmdirSync(at);
      } catch {
        return;
      }
    }
  }

  private flush(): void {
    appendFileSync(join(this.staging, 'quarantine.ndjson'), this.quarantine);
    this.quarantine = '';
  }
}
