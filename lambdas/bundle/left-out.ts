/**
 * What the AWS SDK brings along and a function on Lambda never reaches, left out of its bundle: docs/decisions/0031.
 * Where the SDK no longer looks as a plugin expects, what it left out comes back, and the limit of a bundle is passed.
 */
import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { OnLoadResult, Plugin } from 'esbuild';

const IN_SDK = String.raw`[\\/]node_modules[\\/]@(?:aws-sdk|smithy)(?:[\\/].*)?[\\/]`;
const inSdk = (file: string) => new RegExp(`${IN_SDK}${file}$`);

/** Replaces the whole of a file. `text`: of what stands there. */
function replacing(name: string, filter: RegExp, text: (path: string) => OnLoadResult): Plugin {
  return { name, setup: (build) => build.onLoad({ filter }, ({ path }) => text(path)) };
}

/** Lambda gives credentials in the environment: the first link of the chain that this stands for, and the last reached. */
const credentials = replacing('credentials', inSdk('credential-provider-node/dist-es/index\\.js'), (path) => ({
  contents: "export { fromEnv as defaultProvider } from '@aws-sdk/credential-provider-env';",
  resolveDir: dirname(path),
}));

/** Of S3 Select and Kinesis' enhanced fan-out, of which no function makes use. */
const eventStreams = replacing('event-streams', inSdk('submodules/event-streams/index\\.js'), () => ({
  contents: `
    const none = () => { throw new Error('event streams are not in this bundle: lambdas/bundle/left-out.ts'); };
    export const eventStreamSerdeProvider = () => ({ serialize: none, deserialize: none });
    export const resolveEventStreamSerdeConfig = (config) => config;
    export class EventStreamSerde { constructor() { none(); } }`,
}));

/** For systems without `node:crypto`; the SDK asks before it takes them. */
const hashes = replacing('hashes', inSdk('(?:Sha1|Sha256|Md5)Js\\.js'), (path) => ({
  contents: `export const ${/(\w+)\.js$/.exec(path)![1]} = undefined;`,
}));

/** Of Timestream, which is asked where it is; DynamoDB is asked only by those who turn it on. */
const endpointCache = replacing('endpoint-cache', inSdk('endpoint-cache/dist-es/EndpointCache\\.js'), () => ({
  contents: `
    export class EndpointCache {
      getEndpoint() { throw new Error('endpoint discovery is not in this bundle: lambdas/bundle/left-out.ts'); }
    }`,
}));

/** The SDK reads its version, and nothing else. */
const manifests = replacing('manifests', inSdk('package\\.json'), (path) => ({
  contents: JSON.stringify({ version: (JSON.parse(readFileSync(path, 'utf8')) as { version: string }).version }),
  loader: 'json',
}));

/**
 * The shapes of a service, each a constant. Of many a key is another constant, `[_hE]: 404`, which esbuild cannot prove to
 * be without effect; with the text itself in its place it drops the shapes of calls that nobody makes. So do the classes
 * of errors that no function names: the SDK throws these as its base class under their name, as it does with an error
 * that is newer than itself.
 */
const shapes = replacing('shapes', inSdk('schemas_\\d+\\.js'), (path) => {
  const text = readFileSync(path, 'utf8');
  const keys = new Map([...text.matchAll(/^const (_\w+) = ("[^"\\]*");$/gm)].map((match) => [match[1]!, match[2]!]));
  const contents = text
    .replace(/\[(_\w+)\]:/g, (key, name: string) => (keys.has(name) ? `[${keys.get(name)}]:` : key))
    .replace(/^n0_registry\.registerError\(\w+\$, (\w+)\);$/gm, (call, name: string) =>
      named().has(name) ? call : '',
    );
  return { contents };
});

let words: Set<string> | undefined;

/** Every word in the sources of the functions. */
function named(): ReadonlySet<string> {
  const folder = join(import.meta.dirname, '..');
  words ??= new Set(
    globSync('**/*.ts', { cwd: folder }).flatMap(
      (file) => readFileSync(join(folder, file), 'utf8').match(/\w+/g) ?? [],
    ),
  );
  return words;
}

export const LEFT_OUT: readonly Plugin[] = [credentials, eventStreams, hashes, endpointCache, manifests, shapes];
