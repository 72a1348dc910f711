/** Who may import whom. What keeps the core pure and the two runtimes apart is proven here on every source file. */
import { globSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '..');
const PARTS = ['core', 'lambdas', 'cli', 'cdk', 'bench'] as const;
type Part = (typeof PARTS)[number];

interface Import {
  file: string;
  /** A path from the root of the checkout, or the name of a package. */
  target: string;
  typeOnly: boolean;
}

const sources = new Map<string, string>();
for (const part of PARTS) {
  for (const file of globSync(`${part}/**/*.ts`, { cwd: ROOT })) {
    if (!file.endsWith('.d.ts')) sources.set(file, readFileSync(join(ROOT, file), 'utf8'));
  }
}

const STATEMENT = /^[ \t]*(?:import|export)\s+(type\s)?(?:[\w*{][^'";]*?\sfrom\s*)?['"]([^'"\n]+)['"]/gm;
const CALL = /\b(?:import|require)\s*\(\s*['"`]([^'"`\n]+)['"`]/g;

function importsOf(file: string, text: string): Import[] {
  const target = (name: string) => (name.startsWith('.') ? normalize(join(dirname(file), name)) : name);
  const code = text.replace(/\/\*[\s\S]*?\*\//g, '');
  return [
    ...[...code.matchAll(STATEMENT)].map((m) => ({ file, target: target(m[2]!), typeOnly: m[1] !== undefined })),
    ...[...code.matchAll(CALL)].map((m) => ({ file, target: target(m[1]!), typeOnly: false })),
  ];
}

const imports = [...sources].flatMap(([file, text]) => importsOf(file, text));
const within = (path: string, ...folders: string[]) => folders.some((folder) => path.startsWith(`${folder}/`));
const from = (...folders: string[]) => imports.filter(({ file }) => within(file, ...folders));
const inCheckout = ({ target }: Import) => PARTS.some((part) => within(target, part)) || within(target, 'test');
const isPackage = (target: string, ...names: string[]) =>
  names.some((name) => target === name || target.startsWith(`${name}/`));
const listed = (found: Import[]) => found.map(({ file, target }) => `${file} imports ${target}`);

describe('the reader of imports', () => {
  it('sees every way to import, tells types apart, and is not fooled by a comment', () => {
    const text = [
      "import type { A } from '../core/a.ts';",
      "import {\n  type B,\n  c,\n} from './b.ts';",
      "import * as d from 'node:fs';",
      "import './side-effect.ts';",
      "export { e } from '../cli/e.ts';",
      "export * from '../cli/all.ts';",
      "/** import { no } from 'comment'; */",
      "// import { no } from 'comment';",
      "const f = await import('aws-cdk-lib');",
    ].join('\n');
    expect(importsOf('lambdas/x.ts', text)).toEqual([
      { file: 'lambdas/x.ts', target: 'core/a.ts', typeOnly: true },
      { file: 'lambdas/x.ts', target: 'lambdas/b.ts', typeOnly: false },
      { file: 'lambdas/x.ts', target: 'node:fs', typeOnly: false },
      { file: 'lambdas/x.ts', target: 'lambdas/side-effect.ts', typeOnly: false },
      { file: 'lambdas/x.ts', target: 'cli/e.ts', typeOnly: false },
      { file: 'lambdas/x.ts', target: 'cli/all.ts', typeOnly: false },
      { file: 'lambdas/x.ts', target: 'aws-cdk-lib', typeOnly: false },
    ]);
  });

  it.each(['core', 'lambdas', 'cli', 'cdk'] as const)('found the sources of %s and what they import', (part) => {
    expect(from(part).length).toBeGreaterThan(10);
  });
});

/** Plain functions over bytes. Imported by file: their main files reach for the file system. */
const PARQUET = ['hyparquet', 'hyparquet-writer'];

describe('core', () => {
  it('imports nothing but core, zod, the Parquet codec, keyed hashes and compression: it runs the same in the cloud and on a laptop', () => {
    const allowed = ({ target }: Import) =>
      within(target, 'core') || isPackage(target, 'zod', 'node:crypto', 'node:zlib', ...PARQUET);
    expect(listed(from('core').filter((found) => !allowed(found)))).toEqual([]);
  });

  it.each([
    ['clock', /\bDate\.now\b|\bnew Date\(\s*\)|(?<!new )\bDate\(|\bperformance\.now\b/],
    ['dice', /\bMath\.random\b|\brandomUUID\b|\brandomBytes\b|\bgetRandomValues\b/],
    ['process', /\bprocess\s*[.[]|\bglobalThis\.process\b/],
    ['console', /\bconsole\s*[.[]/],
    ['network or timers', /\bfetch\s*\(|\bsetTimeout\s*\(|\bsetInterval\s*\(/],
    ['Buffer', /\bBuffer\s*[.(]/],
  ])('has no %s of its own: a replay of the same records repeats every finding', (_, forbidden) => {
    const found = [...sources]
      .filter(([file]) => within(file, 'core'))
      .flatMap(([file, text]) =>
        codeOf(text)
          .split('\n')
          .filter((line) => forbidden.test(line))
          .map((line) => `${file}: ${line.trim()}`),
      );
    expect(found).toEqual([]);
  });
});

/** The text without comments and quoted strings. */
function codeOf(text: string): string {
  return text
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .replace(/'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"/g, "''")
    .replace(/(^|\s)\/\/.*$/gm, '');
}

/** Folders that each part may import from, besides its own. */
const NEIGHBOURS: Record<Part, readonly string[]> = {
  core: [],
  lambdas: ['core'],
  cli: ['core'],
  cdk: ['core', 'lambdas'],
  bench: ['core', 'cli', 'lambdas'],
};

/**
 * The command line reads and writes a deployment's tables by the adapters of the functions, and sends a report as the
 * function does: one layout, one reader, one claim.
 */
const isStack = (file: string) => /^cli\/adapters\/place\/stack(?:-[a-z]+)?\.ts$/.test(file);
const readsTables = ({ file, target }: Import) =>
  isStack(file) &&
  (within(target, 'lambdas/adapters') || target === 'lambdas/sweep/tasks.ts' || target === 'lambdas/report/report.ts');

/** The page of settings is made of the schemas that parse them, in the one file of the stack that is not infrastructure. */
const readsStages = ({ file, target }: Import) => file === 'cli/docs/settings.ts' && target === 'cdk/config.ts';

describe('the parts', () => {
  it('make the page of settings without the infrastructure that they are of', () => {
    const reached = new Set(imports.filter(readsStages).map(({ target }) => target));
    expect(reached.size).toBe(1);
    for (const file of reached)
      for (const found of imports) if (found.file === file && !found.typeOnly) reached.add(found.target);
    expect([...reached].filter((target) => isPackage(target, 'aws-cdk-lib', 'constructs', 'cdk-nag'))).toEqual([]);
  });

  it('let the files of a stack alone at a deployment, and load them only on demand', () => {
    expect(imports.some(readsTables)).toBe(true);
    const eager = imports.filter(
      ({ file, target }) => isStack(target) && !isStack(file) && !/await import\(/.test(sources.get(file)!),
    );
    expect(listed(eager)).toEqual([]);
  });

  it.each(PARTS)('%s imports only the parts it stands on', (part) => {
    const stranger = (found: Import) =>
      inCheckout(found) &&
      !within(found.target, part, ...NEIGHBOURS[part]) &&
      !readsTables(found) &&
      !readsStages(found);
    expect(listed(from(part).filter(stranger))).toEqual([]);
  });

  it('leave nothing outside the source folders to be imported', () => {
    const relative = imports.filter(
      ({ target }) => target.startsWith('..') || (/\.(?:ts|js)$/.test(target) && !isPackage(target, ...PARQUET)),
    );
    expect(listed(relative.filter((found) => !inCheckout(found)))).toEqual([]);
  });

  it('use the infrastructure library in cdk only, and the cloud clients in lambdas and in those files only', () => {
    const infrastructure = imports.filter(({ target }) => isPackage(target, 'aws-cdk-lib', 'constructs', 'cdk-nag'));
    const clients = imports.filter(({ target }) => isPackage(target, '@aws-sdk', '@aws-lambda-powertools'));
    expect(listed(infrastructure.filter(({ file }) => !within(file, 'cdk')))).toEqual([]);
    expect(listed(clients.filter(({ file }) => !within(file, 'lambdas') && !isStack(file)))).toEqual([]);
  });
});

describe('cdk', () => {
  it('takes types alone from lambdas, never an adapter: a synth runs no handler code', () => {
    const taken = from('cdk').filter(({ target }) => within(target, 'lambdas'));
    expect(taken.length).toBeGreaterThan(0);
    expect(listed(taken.filter(({ target, typeOnly }) => !typeOnly || within(target, 'lambdas/adapters')))).toEqual([]);
  });

  it('takes from core the settings and the metadata of the detectors', () => {
    const taken = from('cdk').filter(({ target }) => within(target, 'core'));
    const SETTINGS = ['core/settings.ts', 'core/sources/settings.ts'];
    const allowed = ({ target }: Import) => SETTINGS.includes(target) || within(target, 'core/detectors');
    expect(listed(taken.filter((found) => !allowed(found)))).toEqual([]);
  });
});

/** What the reader of records makes of bytes before anything is counted. */
const READER = [
  'exchange',
  'exchange-parts',
  'exchange-prompt',
  'exchange-reader',
  'exchange-rows',
  'decode-sketch',
  'hash',
].map((name) => `core/aggregates/${name}.ts`);

describe('the recount', () => {
  it('shares no code with the sweep: of what counts the platform it knows the reader of records alone', () => {
    const reached = new Set(['cli/dossier/gather.ts', 'cli/dossier/count.ts', 'core/dossier/recount.ts']);
    for (const file of reached)
      for (const found of imports)
        if (found.file === file && !found.typeOnly && sources.has(found.target)) reached.add(found.target);
    const parts = ['aggregates', 'audit', 'campaigns', 'detectors', 'findings', 'population'];
    const counts = (file: string) => within(file, ...parts.map((part) => `core/${part}`)) || file === 'core/sweep.ts';
    expect(reached.size).toBeGreaterThan(30);
    expect([...reached].filter((file) => counts(file) && !READER.includes(file))).toEqual([]);
  });
});

describe('the simulator', () => {
  it('shares no constant with the detectors that it tests: of core it knows the types of a record alone', () => {
    const taken = from('cli/simulate').filter(({ target }) => !within(target, 'cli/simulate'));
    const allowed = ({ target, typeOnly }: Import) =>
      target === 'core/records/schema.ts' ? typeOnly : !inCheckout({ file: '', target, typeOnly });
    expect(listed(taken.filter((found) => !allowed(found)))).toEqual([]);
  });

  it('is not known to core or lambdas', () => {
    expect(listed(from('core', 'lambdas').filter(({ target }) => within(target, 'cli')))).toEqual([]);
  });
});
