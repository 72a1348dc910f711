/**
 * Writes the documents that are made from the code; with `--check`, writes nothing and names those that are stale.
 * Exit 0: written, or all up to date. 3: some are stale. 2: the call is wrong.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { detectorsPage } from './docs/detectors.ts';
import type { GeneratedDocument } from './docs/document.ts';
import { recordSchemas } from './docs/record-schemas.ts';
import { settingsPage } from './docs/settings.ts';

const DOCUMENTS: readonly GeneratedDocument[] = [
  ...recordSchemas,
  { path: 'docs/detectors.md', render: detectorsPage },
  { path: 'docs/settings.md', render: settingsPage },
];

const STALE = 3;
const WRONG_CALL = 2;

/** Paths, relative to `root`, of the documents whose file differs from what the code makes, or is not there. */
export function staleDocuments(root: string, documents = DOCUMENTS): string[] {
  return documents.filter(({ path, render }) => contentOf(join(root, path)) !== render()).map(({ path }) => path);
}

export function writeDocuments(root: string, documents = DOCUMENTS): void {
  for (const { path, render } of documents) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), render());
  }
}

/** `undefined` where there is no such file; any other trouble in reading it is thrown. */
function contentOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

function main(args: readonly string[], root: string): number {
  const wrong = args.find((arg) => arg !== '--check');
  if (wrong !== undefined) {
    console.error(`docs: unknown argument ${wrong}; the only one is --check`);
    return WRONG_CALL;
  }
  const stale = staleDocuments(root);
  if (!args.includes('--check')) writeDocuments(root);
  for (const path of stale) console.log(args.includes('--check') ? `stale: ${path} (npm run docs)` : `wrote ${path}`);
  return args.includes('--check') && stale.length > 0 ? STALE : 0;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  process.exitCode = main(process.argv.slice(2), join(import.meta.dirname, '..'));
}
