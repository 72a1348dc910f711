/** A function as it is deployed: one file, with the SDK in it, since that of the runtime is another on another day. */
import { globSync } from 'node:fs';
import { join } from 'node:path';
import { type BuildOptions, type BuildResult, build } from 'esbuild';
import { LEFT_OUT } from './left-out.ts';

const ROOT = join(import.meta.dirname, '../..');
/** The SDK and Powertools call `require`, which an ES module does not have. */
const REQUIRE = "import{createRequire}from'node:module';const require=createRequire(import.meta.url);";

/** Bytes of JavaScript that a cold start reads and compiles: all that is in the package of a function. */
export const LIMIT_BYTES = 500_000;

const OPTIONS = {
  bundle: true,
  platform: 'node',
  target: 'node24',
  format: 'esm',
  minify: true,
  legalComments: 'none',
  mainFields: ['module', 'main'],
  banner: { js: REQUIRE },
  plugins: [...LEFT_OUT],
  metafile: true,
  logLevel: 'error',
} as const satisfies BuildOptions;

/** Folders under `lambdas/` that hold a function, as `collect/http`. */
export function functionNames(): string[] {
  return globSync('**/handler.ts', { cwd: join(ROOT, 'lambdas') })
    .map((path) => path.replaceAll('\\', '/').replace(/\/handler\.ts$/, ''))
    .sort();
}

export function handlerOf(name: string): string {
  return `lambdas/${name}/handler.ts`;
}

/** `entry`: from the root of the checkout. */
export function bundle(entry: string, outfile: string): Promise<BuildResult<typeof OPTIONS>> {
  return build({ ...OPTIONS, entryPoints: [join(ROOT, entry)], outfile });
}
