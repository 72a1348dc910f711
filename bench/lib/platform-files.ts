/**
 * Platforms of any size as files of segments, made once and kept outside the repository: what is measured of a sweep is
 * then the sweep, not the making of its accounts. Whoever changes what is made deletes the folder: nothing else notices.
 *
 * `node bench/lib/platform-files.ts FOLDER ACCOUNTS FIRST STEP` makes every STEPth of them from FIRST on.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { availableParallelism, homedir } from 'node:os';
import { join } from 'node:path';
import { segmentFileOf, segmentsOf } from './profiles.ts';

const SEED = 'bench';

/** Of the platform of so many accounts; those that are missing are made, on all cores. */
export async function platformFiles(accounts: number): Promise<string[]> {
  const folder = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'stillwatch', `platform-${accounts}`);
  mkdirSync(folder, { recursive: true });
  const files = Array.from({ length: segmentsOf(accounts) }, (_, segment) => fileOf(folder, segment));
  const missing = files.filter((file) => !existsSync(file)).length;
  if (missing > 0) {
    console.error(
      `making ${missing} of ${files.length} files of ${accounts.toLocaleString('en')} accounts in ${folder}`,
    );
    const makers = Math.min(availableParallelism(), files.length);
    await Promise.all(Array.from({ length: makers }, (_, first) => makeAside(folder, accounts, first, makers)));
  }
  return files;
}

function fileOf(folder: string, segment: number): string {
  return join(folder, `segment-${segment}.parquet`);
}

async function makeAside(folder: string, accounts: number, first: number, step: number): Promise<void> {
  const command = [import.meta.filename, folder, accounts, first, step].map(String);
  const [code] = await once(spawn(process.execPath, command, { stdio: 'inherit' }), 'exit');
  if (code !== 0) throw new Error(`a process that makes ${accounts} accounts ended with ${code}`);
}

function make(folder: string, accounts: number, first: number, step: number): void {
  for (let segment = first; segment < segmentsOf(accounts); segment += step) {
    const file = fileOf(folder, segment);
    if (existsSync(file)) continue;
    const part = `${file}.part`;
    writeFileSync(part, segmentFileOf(accounts, SEED, segment));
    renameSync(part, file);
  }
}

if (import.meta.main) {
  const [folder, accounts, first, step] = process.argv.slice(2);
  make(folder!, Number(accounts), Number(first), Number(step));
}
