/** `simulate`: writes a world as NDJSON, and beside it what really happened in it. */
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { Readable, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip, createZstdCompress } from 'node:zlib';
import { InputError } from '../adapters/input/input-error.ts';
import { parseWorld, type WorldSpec, WorldSpecError } from '../simulate/spec.ts';
import { Simulation } from '../simulate/world.ts';
import { isWorldName, namedWorld, WORLD_NAMES } from '../simulate/worlds.ts';

export interface SimulateOptions {
  /** Replaces the seed of the description. */
  seed?: string;
  /** Called with the count so far, about every 10,000 records. */
  onProgress?: (records: number) => void;
}

export interface Simulated {
  records: number;
  /** File of the truth. */
  truth: string;
  seconds: number;
}

const DEFAULT_SEED = 'stillwatch';
/** Lines are joined up to about this many characters before they are written. */
const CHUNK = 256 * 1024;
const PROGRESS_EVERY = 10_000;

/**
 * `source`: the name of a world or a JSON file that describes one. `out`: `.ndjson`, or `.gz` or `.zst` of it; the truth
 * goes to `<out>.truth.json`.
 *
 * @throws InputError where the description or the output cannot be used
 */
export async function runSimulate(source: string, out: string, options: SimulateOptions = {}): Promise<Simulated> {
  const started = performance.now();
  const simulation = open(await describe(source, options.seed), source);
  const progress = { records: 0 };
  await write(out, lines(simulation, progress, options.onProgress));
  const truth = `${out}.truth.json`;
  await writeFile(truth, `${JSON.stringify(simulation.truth(), null, 2)}\n`);
  return { records: progress.records, truth, seconds: (performance.now() - started) / 1000 };
}

async function describe(source: string, seed: string | undefined): Promise<WorldSpec> {
  if (isWorldName(source)) return namedWorld(source, seed ?? DEFAULT_SEED);
  const value = parseJson(await read(source), source);
  return seed === undefined || typeof value !== 'object' ? (value as WorldSpec) : { ...(value as WorldSpec), seed };
}

async function read(source: string): Promise<string> {
  try {
    return await readFile(source, 'utf8');
  } catch (error) {
    const known = WORLD_NAMES.join(', ');
    throw new InputError(`${source}: no such world and no readable file (${code(error)}). Known worlds: ${known}.`);
  }
}

function parseJson(text: string, source: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new InputError(`${source}: not JSON. A world is one JSON object with at least "seed" and "days".`);
  }
}

function open(spec: WorldSpec, source: string): Simulation {
  try {
    return new Simulation(parseWorld(spec, source));
  } catch (error) {
    if (error instanceof WorldSpecError) throw new InputError(error.message);
    throw error;
  }
}

function* lines(simulation: Simulation, progress: { records: number }, onProgress?: (records: number) => void) {
  let chunk = '';
  for (const record of simulation.records()) {
    chunk += `${JSON.stringify(record)}\n`;
    if (++progress.records % PROGRESS_EVERY === 0) onProgress?.(progress.records);
    if (chunk.length < CHUNK) continue;
    yield Buffer.from(chunk);
    chunk = '';
  }
  if (chunk) yield Buffer.from(chunk);
}

async function write(out: string, chunks: Iterable<Buffer>): Promise<void> {
  const file = createWriteStream(out);
  try {
    await once(file, 'open');
  } catch (error) {
    throw new InputError(`${out}: cannot be written (${code(error)}). Name a file in an existing folder.`);
  }
  const packed = compressor(out);
  const source = Readable.from(chunks);
  if (packed) await pipeline(source, packed, file);
  else await pipeline(source, file);
}

function compressor(out: string): (Writable & NodeJS.ReadWriteStream) | undefined {
  if (out.endsWith('.gz')) return createGzip({ level: 4 });
  return out.endsWith('.zst') ? createZstdCompress() : undefined;
}

function code(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error);
}

/** The command line's `simulate`. */
export async function simulateCommand(source: string, { out, seed }: { out: string; seed?: string }): Promise<void> {
  const { records, truth, seconds } = await runSimulate(source, out, seed === undefined ? {} : { seed });
  console.log(`${records.toLocaleString('en-US')} records in ${seconds.toFixed(1)} s: ${out}, truth in ${truth}`);
}
