/**
 * What was set aside, as a folder holds it: `quarantine.ndjson` of a replay, or objects of the deployed quarantine that
 * were copied here.
 */
import { createReadStream, existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, sep } from 'node:path';
import { createInterface } from 'node:readline';
import { fileError, InputError } from './input/input-error.ts';
import { entryOf, GIVEN_UP, QUARANTINE, type SetAside, setAsideIn } from './set-aside.ts';

/** In the order of the files. Throws `InputError` for a folder without a quarantine, or what is no entry of a replay's. */
export async function* setAside(folder: string): AsyncGenerator<SetAside> {
  const own = join(folder, 'quarantine.ndjson');
  if (existsSync(own)) yield* linesOf(own);
  else
    for (const file of objectsIn(folder))
      yield* setAsideIn(slashed(file), readFileSync(file, 'utf8'), file, onStandardError);
}

async function* linesOf(file: string): AsyncGenerator<SetAside> {
  let line = 0;
  for await (const text of createInterface({ input: createReadStream(file), crlfDelay: Number.POSITIVE_INFINITY })) {
    line++;
    if (text !== '') yield entryOf(text, `${file} line ${line}`);
  }
}

/** Where it stands beside what is listed, and in no file that the list is written to. */
export function onStandardError(line: string): void {
  console.error(line);
}

function objectsIn(folder: string): string[] {
  try {
    const found = readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .map((name) => join(folder, name))
      .filter((path) => isObject(slashed(path)) && statSync(path).isFile());
    if (found.length > 0) return found.sort();
  } catch (error) {
    throw fileError(`--at ${folder}`, error);
  }
  throw new InputError(
    `--at ${folder}: no quarantine in it: name a folder that replay wrote, or one that the quarantine's objects were copied to`,
  );
}

function isObject(path: string): boolean {
  const within = (prefix: string) => `/${path}`.includes(`/${prefix}`);
  return within(GIVEN_UP) || (within(QUARANTINE) && path.endsWith('.json'));
}

function slashed(path: string): string {
  return path.replaceAll(sep, '/');
}
