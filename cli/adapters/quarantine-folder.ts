/**
 * What was set aside, as a folder holds it: `quarantine.ndjson` of a replay, or objects of the deployed quarantine that
 * were copied here.
 */
import { createReadStream, existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileError, InputError } from './input/input-error.ts';

export interface SetAside {
  /** File of a replay, or source of the deployed quarantine. */
  source: string;
  /** Line of the file, or place in the stream or object. */
  position: string;
  /** Where in the record; empty for the whole. */
  path: string;
  reason: string;
}

/** In the order of the files. Throws `InputError` for a folder without a quarantine, or what is no entry of one. */
export async function* setAside(folder: string): AsyncGenerator<SetAside> {
  for (const file of filesOf(folder)) {
    let line = 0;
    for await (const text of createInterface({ input: createReadStream(file), crlfDelay: Number.POSITIVE_INFINITY })) {
      line++;
      if (text !== '') yield entryOf(text, `${file} line ${line}`);
    }
  }
}

function filesOf(folder: string): string[] {
  const own = join(folder, 'quarantine.ndjson');
  if (existsSync(own)) return [own];
  try {
    const found = readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.json'))
      .map((name) => join(folder, name))
      .filter((path) => statSync(path).isFile() && path.split(/[\\/]/).includes('quarantine'));
    if (found.length > 0) return found.sort();
  } catch (error) {
    throw fileError(`--at ${folder}`, error);
  }
  throw new InputError(
    `--at ${folder}: no quarantine in it: name a folder that replay wrote, or one that the quarantine's objects were copied to`,
  );
}

function entryOf(text: string, where: string): SetAside {
  const entry = parsed(text);
  const { input, line, source, shard, sequence, position, path, reason } = entry;
  if (typeof path !== 'string' || typeof reason !== 'string')
    throw new InputError(`${where}: is no entry of a quarantine: copy the objects again`);
  if (input !== undefined) return { source: String(input), position: String(line), path, reason };
  const place = position ?? (shard === undefined ? '' : `${String(shard)}:${String(sequence)}`);
  return { source: String(source ?? 'stream'), position: String(place), path, reason };
}

function parsed(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
