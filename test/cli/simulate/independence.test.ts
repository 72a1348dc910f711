import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '../../..');
const files = (...folders: string[]): string[] =>
  folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .map((name) => join(folder, name)),
  );
const text = (file: string) => readFileSync(join(root, file), 'utf8');

const SIMULATOR = files('cli/simulate');
const DETECTION = files('core/detectors', 'core/campaigns', 'core/population');

interface Import {
  file: string;
  typeOnly: boolean;
  target: string;
}

/** `import`, `export from`, `import()` and imports for effect. */
function importsOf(file: string, source: string): Import[] {
  const found = source.matchAll(
    /(?:\b(?:import|export)\s+(type\s)?[^;'"]*?from\s*|\bimport\s*\(?\s*)['"]([^'"]+)['"]/gs,
  );
  return [...found].map(([, type, from]) => ({
    file,
    typeOnly: Boolean(type),
    target: from!.startsWith('.') ? relative(root, join(root, file, '..', from!)) : from!,
  }));
}

const code = (source: string) =>
  source
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .replace(/\/\/[^\n]*/g, '')
    .replace(/^(?:import|export)\b[^;]*?from[^;]*;/gms, '');
const numberOf = (literal: string) => Number(literal.replaceAll('_', ''));
const NUMBER = String.raw`(?:0x[\da-f_]+|\d[\d_]*(?:\.\d+)?(?:e[+-]?\d+)?|\.\d+)`;

/** Powers of two and lengths of time belong to arithmetic and the calendar. */
function belongsToAll(value: number): boolean {
  return Number.isInteger(Math.log2(value)) || [365, 86_400, 86_400_000, 3_600_000].includes(value);
}

/** Numbers of three significant digits and more: two authors do not choose one of those independently. */
function distinctiveNumbers(source: string): Set<number> {
  const found = new Set<number>();
  for (const [literal] of code(source).matchAll(new RegExp(String.raw`(?<![\w.$'#])${NUMBER}`, 'gi'))) {
    const digits = numberOf(literal)
      .toExponential()
      .replace(/e.*|\./g, '');
    if (digits.length >= 3 && !belongsToAll(numberOf(literal))) found.add(numberOf(literal));
  }
  return found;
}

/** `name=value` of everything that has both, however round: 0 and 1 say nothing. */
function namedNumbers(source: string): Set<string> {
  const pairs = code(source).matchAll(
    new RegExp(String.raw`\b([A-Za-z_]\w*)\??\s*(?:=|:)\s*(${NUMBER})\s*[,;)}\n]`, 'gi'),
  );
  const kept = [...pairs].filter(([, , value]) => numberOf(value!) > 1 || numberOf(value!) % 1 !== 0);
  return new Set(kept.map(([, name, value]) => `${name!.replaceAll('_', '').toLowerCase()}=${numberOf(value!)}`));
}

/** Runs of three numbers and more: tables of weights, knots, hours. */
function tables(source: string): Set<string> {
  const found = code(source).matchAll(new RegExp(String.raw`${NUMBER}(?:\s*,\s*${NUMBER}){2,}`, 'gi'));
  return new Set(
    [...found].map(([run]) =>
      run
        .split(',')
        .map((one) => numberOf(one.trim()))
        .join(),
    ),
  );
}

/** Texts with a digit, a space or a sign inside, so no names of fields: models, prefixes, masks, messages. */
function distinctiveTexts(source: string): Set<string> {
  const found = [...code(source).matchAll(/(['"`])((?:(?!\1)[^\\\n])*)\1/g)].map(([, , value]) => value!);
  return new Set(found.filter((value) => value.length > 3 && /[^A-Za-z_]/.test(value)));
}

const READERS = { distinctiveNumbers, namedNumbers, tables, distinctiveTexts };
const inAll = <T>(sources: string[], read: (source: string) => Set<T>) =>
  new Set(sources.flatMap((source) => [...read(source)]));

function shared<T>(one: string[], other: string[], read: (source: string) => Set<T>): T[] {
  const theirs = inAll(other, read);
  return [...inAll(one, read)].filter((value) => theirs.has(value));
}

describe('worlds prove nothing if they share numbers with the detectors', () => {
  it('so the simulator imports nothing of the core but the types of records', () => {
    const outside = SIMULATOR.flatMap((file) => importsOf(file, text(file))).filter(
      ({ target }) => !target.startsWith('cli/simulate/') && (target.includes('/') || target.endsWith('.ts')),
    );
    expect(outside.length).toBeGreaterThan(5);
    expect(outside.filter(({ typeOnly, target }) => !typeOnly || target !== 'core/records/schema.ts')).toEqual([]);
  });

  it('and nothing of the core imports the simulator', () => {
    const users = files('core').flatMap((file) => importsOf(file, text(file)));
    expect(users.length).toBeGreaterThan(100);
    expect(users.filter(({ target }) => target.startsWith('cli/') || target.includes('simulate'))).toEqual([]);
  });

  it.each(Object.entries(READERS))('and both sides have no %s in common', (_, read) => {
    const [worlds, detection] = [SIMULATOR.map(text), DETECTION.map(text)];
    expect(Math.min(...[worlds, detection].map((side) => inAll<unknown>(side, read).size))).toBeGreaterThan(2);
    expect(shared<unknown>(worlds, detection, read)).toEqual([]);
  });
});

describe('the comparison of both sides', () => {
  it.each([
    ['a number', 'distinctiveNumbers', 'const A = 0.0137;', 'evaluate(x, 0.0137)'],
    ['a number written otherwise', 'distinctiveNumbers', 'const RATE = 2.57e3;', '{ rate: 2_570 }'],
    ['a round number of the same name', 'namedNumbers', 'const MAX_AGE = 14;', 'const params = { maxAge: 14 };'],
    ['a table', 'tables', 'new Weighted(x, [5, 10, 20]);', 'const EDGES = [\n  5,\n  10,\n  20,\n];'],
    ['a text', 'distinctiveTexts', "const M = 'opus-5';", 'if (model === "opus-5") return;'],
  ] as const)('would notice %s on both', (_, reader, one, other) => {
    expect(shared<unknown>([one], [other], READERS[reader])).toHaveLength(1);
    expect(shared<unknown>([one], ['const OTHER = 0.51;'], READERS[reader])).toEqual([]);
  });

  it('would notice any constant of the detectors that was copied into the simulator', () => {
    const detection = DETECTION.map(text);
    for (const read of Object.values(READERS)) {
      const copied = detection.find((source) => read(source).size > 0)!;
      expect(shared<unknown>([...SIMULATOR.map(text), copied], detection, read).length).toBeGreaterThan(0);
    }
  });

  it('passes over comments, small round numbers and the calendar', () => {
    const source = '/* 0.0137 */ const DAY = 86_400_000; // 1234\nconst SHARE = 0.25; const BITS = 4096;';
    expect([...distinctiveNumbers(source)]).toEqual([]);
  });

  it('sees every way to import', () => {
    const ways = [
      "import 'a';",
      "import x from 'b';",
      "export { y } from 'c';",
      "await import('d');",
      "import type z from 'e';",
    ];
    expect(ways.flatMap((way) => importsOf('f.ts', way)).map(({ target }) => target)).toEqual([
      'a',
      'b',
      'c',
      'd',
      'e',
    ]);
  });
});
