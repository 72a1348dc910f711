/** `npm run bench [-- name ... [size ...]]`: runs the named benchmarks, or all of them, one after the other. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const BENCHES = {
  parse: 'a line to a record, against JSON.parse',
  ingest: 'records through the ingest function with the memory store, against JSON.parse of the same records',
  bundles: 'each function as it is deployed: its size, and its import in a fresh process on one core',
  sweep: 'one sweep over packed profiles, against reading them; growth with accounts',
  scale: 'one sweep at each size, kept beside docs/scale.md, which is written anew',
  loading: 'one segment of a sweep from its kept days, by accounts, kept beside docs/scale.md',
  replay: 'a file through the pipeline, against reading and JSON.parse of the same file; memory as the file grows',
  headline: 'the campaign of the letter: what is found, how soon, against the floor; --scale 0.1 for a tenth',
} as const;
/** Half an hour and 9 GB at full size, or a page that is written: so only by name. */
const BY_NAME = ['headline', 'scale', 'loading'];

const args = process.argv.slice(2);
if (args[0] === 'headline') {
  const { status } = spawnSync(process.execPath, [join(import.meta.dirname, 'headline.ts'), ...args.slice(1)], {
    stdio: 'inherit',
  });
  process.exit(status ?? 1);
}
const sizes = args.filter((arg) => /^\d+$/.test(arg));
const names = args.filter((arg) => !sizes.includes(arg));
const unknown = names.find((name) => !Object.hasOwn(BENCHES, name));
if (unknown !== undefined) {
  const known = Object.entries(BENCHES).map(([name, about]) => `  ${name.padEnd(8)}${about}`);
  console.error(`bench: no benchmark ${unknown}. Known:\n${known.join('\n')}`);
  process.exit(2);
}
for (const name of names.length > 0 ? names : Object.keys(BENCHES).filter((name) => !BY_NAME.includes(name))) {
  console.log(`\n${name}: ${BENCHES[name as keyof typeof BENCHES]}`);
  const { status } = spawnSync(process.execPath, [join(import.meta.dirname, `${name}.ts`), ...argumentsOf(name)], {
    stdio: 'inherit',
  });
  if (status !== 0) process.exit(1);
}

function argumentsOf(name: string): string[] {
  if (name === 'replay' || name === 'bundles') return [];
  return name === 'ingest' ? sizes.slice(0, 1).flatMap((size) => ['--records', size]) : sizes;
}
