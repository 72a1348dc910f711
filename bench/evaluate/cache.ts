/** Results as they come, kept outside the checkout so that an interrupted run goes on where it stopped. */
import { createHash } from 'node:crypto';
import { appendFileSync, existsSync, globSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Whatever a result depends on. A change to any of it starts afresh. */
const SOURCES = [
  'core/**/*.ts',
  'cli/replay/**/*.ts',
  'cli/simulate/**/*.ts',
  'bench/{baselines,evaluate/trial}/**/*.ts',
];

/** Names the code that makes the results. */
export function codeFingerprint(root: string): string {
  const hash = createHash('sha256');
  for (const path of globSync(SOURCES, { cwd: root }).sort()) hash.update(path).update(readFileSync(join(root, path)));
  return hash.digest('hex').slice(0, 12);
}

export class ResultCache {
  private readonly file: string;
  private readonly held = new Map<string, unknown>();

  constructor(dir: string) {
    mkdirSync(dir, { recursive: true });
    this.file = join(dir, 'results.ndjson');
    for (const line of existsSync(this.file) ? readFileSync(this.file, 'utf8').split('\n') : []) this.load(line);
  }

  get(key: string): unknown {
    return this.held.get(key);
  }

  save(key: string, result: unknown): void {
    this.held.set(key, result);
    // The line break first: what an interruption cut short stays a line of its own.
    appendFileSync(this.file, `\n${JSON.stringify({ key, result })}\n`);
  }

  /** A line that an interruption cut short is run again. */
  private load(line: string): void {
    try {
      const { key, result } = JSON.parse(line) as { key: string; result: unknown };
      this.held.set(key, result);
    } catch {
      return;
    }
  }
}
