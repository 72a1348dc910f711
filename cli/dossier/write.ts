/** Lays a dossier down as a folder: written beside the place it goes to, and put there only when it is whole. */
import { chmodSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type DossierLog, previousRoot } from '../../core/dossier/chain.ts';
import type { Dossier } from '../../core/dossier/dossier.ts';
import {
  bodyOf,
  type FileDigest,
  type Manifest,
  type ManifestContent,
  manifest,
  manifestText,
  rootOf,
} from '../../core/dossier/manifest.ts';
import { dossierPage } from '../../core/dossier/page.ts';
import { tables } from '../../core/dossier/tables.ts';
import { InputError } from '../adapters/input/input-error.ts';
import type { Signer } from './custody.ts';
import { digestFile } from './digest-file.ts';
import { printPdf } from './print-pdf.ts';

/** Tries against others who make dossiers at the same time. */
const TRIES = 5;

const CONTRACTS = ['stillwatch.dossier/1', 'finding/1', 'records/1', 'ocsf/1.8.0', 'stix/2.1'];

export interface Writing {
  dossier: Dossier;
  exports: Record<'ocsf.json' | 'stix.json', unknown>;
  sources: ManifestContent['sources'];
  hold: ManifestContent['hold'];
  /** What it is chained to, and added to. */
  chain: DossierLog;
  /** What the log says beside the manifest. */
  noted: { held?: string; mapping?: string };
  /** Of an internal edition: what follows `--recount FIGURE` to count from the same records. */
  countedFrom: string | undefined;
  /** RFC 3339: only the manifest has it. */
  made: string;
  signer?: Signer | undefined;
  /** A Chromium-like browser. */
  browser?: string | undefined;
}

export class DossierFolder {
  readonly staging: string;
  private readonly folder: string;
  private readonly leave = () => rmSync(this.staging, { recursive: true, force: true });

  /** @throws InputError where something else lies there, or nothing can be written */
  constructor(folder: string) {
    this.folder = folder;
    this.staging = `${folder.replace(/\/+$/, '')}.in-progress`;
    const isOther = existsSync(folder) && readdirSync(folder).length > 0 && !existsSync(join(folder, 'manifest.json'));
    if (isOther) throw new InputError(`--out ${folder}: holds something that is no dossier: name an empty folder`);
    try {
      this.leave();
      mkdirSync(this.staging, { recursive: true });
    } catch (error) {
      throw new InputError(`--out ${folder}: cannot be written (${(error as NodeJS.ErrnoException).code})`);
    }
    process.once('exit', this.leave);
  }

  /** Written, signed, added to the chain, and only then put in its place. */
  async finish(writing: Writing): Promise<Manifest> {
    const { dossier, sources, hold, chain } = writing;
    this.write('dossier.json', pretty(dossier));
    for (const [name, text] of Object.entries(tables(dossier))) this.write(name, text);
    for (const [name, value] of Object.entries(writing.exports)) this.write(name, pretty(value));
    const files = await this.digests();
    const { finding, edition, build, exchangeList } = dossier;
    const { version, config } = build;
    const open = {
      finding: finding.id,
      edition,
      version,
      config,
      contracts: CONTRACTS,
      exchangeList,
      files,
      sources,
      hold,
    };
    const body = bodyOf(open);
    for (let tries = 0; tries < TRIES; tries++) {
      const log = await chain.read();
      const { prev, known } = previousRoot(log, { finding: finding.id, edition, body });
      const made = await this.close({ ...open, prev }, writing);
      const { root } = made;
      const line = { finding: finding.id, edition, at: finding.at, body, root, prev, exchangeList, made: writing.made };
      if (!known && !(await chain.append({ ...line, ...writing.noted }, log.length))) continue;
      this.putInPlace();
      return made;
    }
    throw new Error('others make dossiers at this moment: try again');
  }

  /** What names the one before it: page, print, manifest and signature. */
  private async close(content: ManifestContent, writing: Writing): Promise<Manifest> {
    const { files, prev, sources, hold } = content;
    const { dossier, browser, signer, made, countedFrom } = writing;
    const exchangesListed = files.some(({ path }) => path.startsWith('exchanges-'));
    this.write(
      'index.html',
      dossierPage(dossier, { root: rootOf(content), prev, sources, hold, exchangesListed, countedFrom }),
    );
    if (browser !== undefined) await printPdf(browser, this.staging);
    const closing = ['manifest.json', 'manifest.sig', ...files.map(({ path }) => path)];
    const pages = (await this.digests()).filter(({ path }) => !closing.includes(path));
    const value = manifest(content, pages, made);
    const text = manifestText(value);
    this.write('manifest.json', text);
    if (signer !== undefined) this.write('manifest.sig', await signer(text));
    return value;
  }

  discard(): void {
    process.removeListener('exit', this.leave);
    this.leave();
  }

  private write(name: string, text: string): void {
    writeFileSync(join(this.staging, name), text);
  }

  private async digests(): Promise<FileDigest[]> {
    const names = readdirSync(this.staging).sort();
    return Promise.all(names.map((name) => digestFile(join(this.staging, name), name)));
  }

  private putInPlace(): void {
    chmodSync(this.staging, 0o700);
    mkdirSync(dirname(this.folder), { recursive: true });
    rmSync(this.folder, { recursive: true, force: true });
    renameSync(this.staging, this.folder);
    this.discard();
  }
}

function pretty(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
