import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '../../..');
const files = (folder: string): string[] =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => join(folder, name));
const imports = (file: string) => [
  ...readFileSync(join(root, file), 'utf8').matchAll(/import\s+(type\s)?[^;]*?from\s+'([^']+)'/gs),
];

describe('worlds prove nothing if they share numbers with the detectors', () => {
  it('so the simulator imports nothing of the core but the types of records', () => {
    const found = files('cli/simulate').flatMap((file) =>
      imports(file)
        .filter(([, , from]) => from!.startsWith('.'))
        .map(([, type, from]) => ({ file, type: Boolean(type), target: relative(root, join(root, file, '..', from!)) }))
        .filter(({ target }) => !target.startsWith('cli/simulate/')),
    );
    expect(found.length).toBeGreaterThan(5);
    expect(found.filter(({ type, target }) => !type || target !== 'core/records/schema.ts')).toEqual([]);
  });

  it('and nothing of the core imports the simulator', () => {
    const users = files('core').filter((file) => imports(file).some(([, , from]) => from!.includes('simulate')));
    expect(users).toEqual([]);
  });
});
