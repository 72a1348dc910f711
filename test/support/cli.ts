/** The command line under test: as a process of its own, and its replay within this one. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadConfig, type ReplayConfig } from '../../cli/config.ts';
import { type Replayed, type ReplayOptions, runReplay } from '../../cli/replay/run.ts';
import type { WorldSpec } from '../../cli/simulate/spec.ts';
import type { WorldTruth } from '../../cli/simulate/truth.ts';
import { Simulation } from '../../cli/simulate/world.ts';
import type { StillwatchRecord } from '../../core/records/schema.ts';

export const MAIN = join(import.meta.dirname, '../../cli/main.ts');
const DAY_MS = 86_400_000;
/** After every world of the tests, so that nothing in them is from the future. */
export const NOW = Date.parse('2026-08-01T00:00:00.000Z');

export interface Scratch {
  folder: string;
  /** Path of a name in it. */
  at: (...names: string[]) => string;
  /** Writes a file and returns its path. */
  file: (name: string, content: string | Uint8Array) => string;
  remove: () => void;
}

export function scratch(): Scratch {
  const folder = mkdtempSync(join(tmpdir(), 'stillwatch-test-'));
  const at = (...names: string[]) => join(folder, ...names);
  const file = (name: string, content: string | Uint8Array) => {
    writeFileSync(at(name), content);
    return at(name);
  };
  return { folder, at, file, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** Four days, 300 accounts, and a campaign of 40 from the second day on. */
export const SMALL_WORLD: WorldSpec = {
  seed: 'small',
  days: 4,
  benign: { accounts: 300, maxPerDay: 300 },
  campaigns: [{ scenario: 'A1', name: 'clone', accounts: 40, ratePerDay: 20, start: 1, days: 3 }],
};

export function simulated(spec: WorldSpec = SMALL_WORLD): { records: StillwatchRecord[]; truth: WorldTruth } {
  const simulation = new Simulation(spec);
  return { records: [...simulation.records()], truth: simulation.truth() };
}

export function ndjson(records: readonly unknown[]): string {
  return records.map((record) => `${JSON.stringify(record)}\n`).join('');
}

export function defaultConfig(): ReplayConfig {
  return loadConfig(undefined);
}

export function replay(inputs: string[], out: string, more: Partial<ReplayOptions> = {}): Promise<Replayed> {
  return runReplay({ inputs, out, sweepMs: DAY_MS, config: defaultConfig(), now: NOW, ...more });
}

/** Every file under a folder, by its name relative to it. */
export function filesUnder(folder: string): Map<string, Buffer> {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const named = entries.map((entry) => join(entry.parentPath, entry.name)).sort();
  return new Map(named.map((path) => [path.slice(folder.length + 1), readFileSync(path)]));
}

export interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

export interface Running {
  child: ChildProcess;
  ended: Promise<Ended>;
}

/** Starts `stillwatch` with its own settings folder; `home` holds that folder. */
export function start(args: string[], home: string, env: Record<string, string> = {}): Running {
  const child = spawn(process.execPath, [MAIN, ...args], {
    cwd: home,
    env: { ...process.env, XDG_CONFIG_HOME: join(home, 'settings'), NO_COLOR: '1', ...env },
  });
  const output = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output.stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    output.stderr += text;
  });
  const ended = new Promise<Ended>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, ...output }));
  });
  return { child, ended };
}

/** Runs `stillwatch` to its end. Without `stdin` its standard input is empty. */
export function stillwatch(args: string[], home: string, stdin?: string | Uint8Array): Promise<Ended> {
  const { child, ended } = start(args, home);
  // A process that refuses its call does not read what it is given.
  child.stdin!.on('error', () => {});
  child.stdin!.end(stdin ?? '');
  return ended;
}
