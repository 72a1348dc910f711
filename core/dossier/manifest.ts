/**
 * The manifest of a dossier: the hash of every file in it and of every source that was read, chained to the finding's
 * earlier dossier.
 *
 * `root` is the SHA-256 over the sorted list of files and sources, with the name of the earlier root. The page prints
 * the root, so the page itself cannot be under it; `seal` covers the page, the time of making and everything else.
 */
import { createHash } from 'node:crypto';

export const MANIFEST_SCHEMA = 'stillwatch.manifest/1';

export interface FileDigest {
  /** Within the folder, with `/`. */
  path: string;
  bytes: number;
  sha256: string;
}

export interface SourceDigest {
  /** File or object as it was named; numbered in an external edition. */
  name: string;
  bytes: number;
  sha256: string;
  /** Records of the finding's members that were used from it. */
  records: number;
}

export interface ManifestContent {
  finding: string;
  edition: 'internal' | 'external';
  version: string;
  /** Hash of the settings. */
  config: string;
  /** Names of the formats of what is in the folder. */
  contracts: string[];
  /** Of the sorted lines `account TAB id` of all exchanges of the finding. */
  exchangeList: string;
  files: FileDigest[];
  sources: SourceDigest[];
  /** The records themselves, kept out of the retention beside the folder; null where they are not held. */
  hold: (FileDigest & { records: number }) | null;
  /** Root of the finding's earlier dossier of this edition; null where there is none. */
  prev: string | null;
}

export interface Manifest extends ManifestContent {
  schema: typeof MANIFEST_SCHEMA;
  root: string;
  /** What shows the root and so is not under it: the page, and its print. */
  pages: FileDigest[];
  /** When it was made, RFC 3339. */
  made: string;
  seal: string;
}

export function sha256(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}

export function fileDigest(path: string, content: string | Uint8Array): FileDigest {
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
  return { path, bytes: bytes.byteLength, sha256: sha256(bytes) };
}

/** What a dossier is, whatever came before it: equal for the same dossier built again. */
export function bodyOf(content: Omit<ManifestContent, 'prev'>): string {
  return sha256(listOf(content));
}

export function rootOf(content: ManifestContent): string {
  return sha256(`prev ${content.prev ?? 'none'}\n${listOf(content)}`);
}

/** One line for each fact, sorted, as anybody can write them again. */
function listOf(content: Omit<ManifestContent, 'prev'>): string {
  const { finding, edition, version, config, contracts, exchangeList, files, sources, hold } = content;
  const lines = [
    `finding ${finding} ${edition}`,
    `made-with ${version} ${config} ${contracts.join(' ')}`,
    `exchanges ${exchangeList}`,
    ...files.map(({ path, bytes, sha256: hash }) => `file ${hash} ${bytes} ${path}`),
    ...(hold === null ? [] : [`hold ${hold.sha256} ${hold.bytes} ${hold.records} ${hold.path}`]),
    ...sources.map(({ name, bytes, sha256: hash, records }) => `source ${hash} ${bytes} ${records} ${name}`),
  ];
  return lines
    .sort()
    .map((line) => `${line}\n`)
    .join('');
}

export function manifest(content: ManifestContent, pages: FileDigest[], made: string): Manifest {
  const open = { schema: MANIFEST_SCHEMA, ...content, root: rootOf(content), pages, made } as const;
  return { ...open, seal: sealOf(open) };
}

function sealOf(open: Omit<Manifest, 'seal'>): string {
  return sha256(JSON.stringify(open));
}

export function manifestText(value: Manifest): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

/** What is wrong with a folder, one line each; none where it is as it was made. */
export function checkManifest(text: string, found: ReadonlyMap<string, FileDigest>): string[] {
  const value = parse(text);
  if (value === undefined) return ['manifest.json: is not a manifest that this version reads'];
  const { seal, ...open } = value;
  const faults: string[] = [];
  if (manifestText(value) !== text || sealOf(open) !== seal)
    faults.push('manifest.json: was changed: its seal does not fit');
  if (rootOf(value) !== value.root) faults.push('manifest.json: root does not follow from the list');
  const listed = [...value.files, ...value.pages];
  for (const { path, bytes, sha256: hash } of listed) {
    const file = found.get(path);
    if (file === undefined) faults.push(`${path}: is missing`);
    else if (file.sha256 !== hash || file.bytes !== bytes) faults.push(`${path}: was changed`);
  }
  for (const path of found.keys())
    if (!listed.some((file) => file.path === path)) faults.push(`${path}: is not in the manifest`);
  return faults;
}

export function parse(text: string): Manifest | undefined {
  try {
    const value = JSON.parse(text) as Manifest;
    const whole =
      value.schema === MANIFEST_SCHEMA &&
      [value.files, value.pages, value.sources, value.contracts].every(Array.isArray) &&
      [...value.files, ...value.pages].every(
        ({ path, sha256: hash }) => typeof path === 'string' && typeof hash === 'string',
      );
    return whole ? value : undefined;
  } catch {
    return undefined;
  }
}
