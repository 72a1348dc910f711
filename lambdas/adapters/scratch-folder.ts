/** Files of one run of a function that its memory has no room for, in the storage that comes and goes with it. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
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

export class ScratchFolder implements Scratch {
  private readonly parent: string;
  private folder: string | undefined;
  private readonly files: FileBytes[] = [];

  constructor(parent = tmpdir()) {
    this.parent = parent;
  }

  keep(bytes: Uint8Array): BytesAt {
    this.folder ??= mkdtempSync(join(this.parent, 'stillwatch-sweep-'));
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
}
