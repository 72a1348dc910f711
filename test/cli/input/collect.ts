import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { openInputs } from '../../../cli/adapters/input/open.ts';
import { type InputBatch, inflateBase64, readInputs } from '../../../cli/adapters/input/read.ts';
import type { ReadOptions } from '../../../cli/adapters/input/values.ts';
import { createFingerprinter } from '../../../core/records/fingerprint.ts';
import { sourceSettingsSchema } from '../../../core/sources/settings.ts';
import { sourceContext } from '../../../core/sources/source.ts';

/** A folder of its own, removed after the file's tests. */
export function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'stillwatch-input-'));
  afterAll(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

export function readOptions(): ReadOptions {
  const fingerprinter = createFingerprinter(new Uint8Array(32));
  return { source: sourceContext(fingerprinter, sourceSettingsSchema.parse({}), inflateBase64) };
}

/** All batches of the inputs as one. */
export async function readAll(paths: string[], options: Partial<ReadOptions> = {}): Promise<Omit<InputBatch, 'input'>> {
  const all: Omit<InputBatch, 'input'> = { records: [], lines: [], rejections: [], skipped: new Map() };
  for await (const batch of readInputs(await openInputs(paths), { ...readOptions(), ...options })) {
    all.records.push(...batch.records);
    all.lines.push(...batch.lines);
    all.rejections.push(...batch.rejections);
    for (const [reason, count] of batch.skipped) all.skipped.set(reason, (all.skipped.get(reason) ?? 0) + count);
  }
  return all;
}

export function usageLine(id: number | string): string {
  return JSON.stringify({
    type: 'usage',
    id: `r${id}`,
    time: '2026-04-22T09:14:07.120Z',
    account: 'k_1',
    model: 'opus-5',
    tokens: { input: 1, output: 2 },
  });
}

export function usageLines(from: number, to: number): string {
  return Array.from({ length: to - from }, (_, i) => `${usageLine(from + i)}\n`).join('');
}
