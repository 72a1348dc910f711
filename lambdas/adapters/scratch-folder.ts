/** Files of one run of a function that its memory has no room for, in the storage that comes and goes with it. */
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BytesAt } from '../../core/parquet/flat-file.ts';
import { FileBytes } from './file-bytes.ts';

/** Where bytes lie while a sweep reads them. */
export interface Scratch {
  /** The same bytes, to be read piece by piece. */
  keep(bytes: Uint8Array): BytesAt;
  /** Lets go of all that was kept. */
  clear(): void;
}

const NAME = /^stillwatch-sweep-(\d+)-/;

export class ScratchFolder implements Scratch {
  private readonly parent: string;
  private folder: string | undefined;
  private readonly files: FileBytes[] = [];

  constructor(parent = tmpdir()) {
    this.parent = parent;
  }

  keep(bytes: Uint8Array): BytesAt {
    this.folder ??= this.begin();
    const path = join(this.folder, String(this.files.length));
    writeFileSync(path, bytes);
    const file = new FileBytes(path);
    this.files.push(file);
    return file;
  }

  clear(): void {
    for (const file of this.files.splice(0)) file.close();
    if (this.folder !== undefined) rmSync(this.folder, { recursive: true, force: true });
    this.folder = undefined;
  }

  /** A run that was cut off leaves its files to the next one, as Lambda keeps the storage: with them it would be full. */
  private begin(): string {
    for (const name of readdirSync(this.parent)) if (this.isLeft(name)) this.remove(name);
    return mkdtempSync(join(this.parent, `stillwatch-sweep-${process.pid}-`));
  }

  /** Of a process that is gone, or of one before this with the same number. */
  private isLeft(name: string): boolean {
    const pid = Number(NAME.exec(name)?.[1] ?? Number.NaN);
    if (Number.isNaN(pid) || (pid !== process.pid && isAlive(pid))) return false;
    const made = statSync(join(this.parent, name), { throwIfNoEntry: false })?.mtimeMs ?? Infinity;
    return made < Date.now() - process.uptime() * 1000;
  }

  private remove(name: string): void {
    rmSync(join(this.parent, name), { recursive: true, force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
