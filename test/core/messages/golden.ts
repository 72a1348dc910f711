/** Compares with a checked-in file; `UPDATE_GOLDEN=1` writes it instead. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { expect } from 'vitest';

const FOLDER = new URL('../../fixtures/messages/', import.meta.url);

export function expectGolden(name: string, actual: string): void {
  const file = new URL(name, FOLDER).pathname;
  if (process.env.UPDATE_GOLDEN) {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, actual);
  }
  expect(actual).toBe(readFileSync(file, 'utf8'));
}
