/** The page as PDF, by a browser that is there: it is the page printed, nothing else. */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { InputError } from '../adapters/input/input-error.ts';

const run = promisify(execFile);
const LIMIT_MS = 120_000;

export async function printPdf(browser: string, folder: string): Promise<void> {
  const profile = mkdtempSync(join(tmpdir(), 'stillwatch-print-'));
  const args = [
    '--headless',
    '--disable-gpu',
    '--no-sandbox',
    '--no-first-run',
    '--no-pdf-header-footer',
    `--user-data-dir=${profile}`,
    `--print-to-pdf=${resolve(folder, 'dossier.pdf')}`,
    pathToFileURL(resolve(folder, 'index.html')).href,
  ];
  try {
    await run(browser, args, { timeout: LIMIT_MS });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const why = code === 'ENOENT' ? 'is not there' : message.split('\n')[0];
    throw new InputError(`--pdf: the browser ${browser} ${why}; STILLWATCH_BROWSER names another`);
  } finally {
    rmSync(profile, { recursive: true, force: true });
  }
}
