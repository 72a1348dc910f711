/** Arguments of the command line to files: names, globs, directories. */
import { access, constants, glob, readdir, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { fileError, InputError } from './input-error.ts';

/** Files of one argument, in natural order; `-` stands for standard input. Throws `InputError`. */
export async function filesOf(argument: string): Promise<string[]> {
  if (argument === '-') return ['-'];
  const kind = await kindOf(argument);
  if (kind === 'file') return [argument];
  const found = kind === 'directory' ? await filesUnder(argument) : await filesMatching(argument);
  if (found.length === 0) throw new InputError(nothingFound(argument, kind));
  return found.sort(naturally);
}

type Kind = 'file' | 'directory' | 'pattern';

async function kindOf(argument: string): Promise<Kind> {
  try {
    const is = await stat(argument);
    await access(argument, constants.R_OK);
    return is.isDirectory() ? 'directory' : 'file';
  } catch (error) {
    if (/[*?[{]/.test(argument)) return 'pattern';
    throw fileError(argument, error);
  }
}

function nothingFound(argument: string, kind: Kind): string {
  return kind === 'directory'
    ? `${argument}: a directory without a readable file (hidden files and large-body objects of Bedrock are left out): name another`
    : `${argument}: no file matches: check the pattern, and quote it so that the shell leaves it alone`;
}

async function filesUnder(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const files: string[] = [];
  for (const entry of entries) {
    const path = join(entry.parentPath, entry.name);
    if (!isWanted(path.slice(directory.length))) continue;
    if (entry.isFile() || (entry.isSymbolicLink() && (await isFile(path)))) files.push(path);
  }
  return files;
}

async function filesMatching(pattern: string): Promise<string[]> {
  const files: string[] = [];
  for await (const path of glob(pattern)) {
    if (!isWanted(path, pattern)) continue;
    if (await isFile(path)) files.push(path);
    else if (await isDirectory(path)) files.push(...(await filesUnder(path)));
  }
  return [...new Set(files)];
}

async function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (is) => is.isFile(),
    () => false,
  );
}

async function isDirectory(path: string): Promise<boolean> {
  return stat(path).then(
    (is) => is.isDirectory(),
    () => false,
  );
}

/** A large or binary body that Bedrock stores beside its log: `…/data/<requestId>_input.json.gz`. */
const LARGE_BODY = /_(?:input|output)\.json(?:\.gz)?$/;

/** Whether a file that was found, not named, is meant to be read. Hidden folders that `asked` itself names are. */
export function isWanted(path: string, asked = ''): boolean {
  const isHidden = (part: string) => /^\.[^.]/.test(part) && !asked.split(/[\\/]/).includes(part);
  if (path.split(/[\\/]/).some(isHidden) || basename(path).includes('permission-check')) return false;
  const isBeside = basename(dirname(path)) === 'data';
  return !(isBeside && (LARGE_BODY.test(path) || path.includes('BedrockModelInvocationLogs')));
}

const collator = new Intl.Collator('en', { numeric: true });

/** `part-2` before `part-10`; equal to the collator but not the same, then by code unit. */
function naturally(a: string, b: string): number {
  return collator.compare(a, b) || (a < b ? -1 : 1);
}

/** Whether two names are one file, so that overlapping arguments read it once. */
export function identityOf(path: string): string {
  return path === '-' ? '-' : resolve(path);
}
