/** Lays a dossier down as a folder: written beside the place it goes to, and put there only when it is whole. */
import { chmodSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
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
import { digestFile } from './digest-file.ts';
import { type DossierLine, previousRoot } from './dossier-log.ts';
import { printPdf } from './print-pdf.ts';
import { signManifest } from './signature.ts';

const CONTRACTS = ['stillwatch.dossier/1', 'finding/1', 'records/1', 'ocsf/1.8.0', 'stix/2.1'];

export interface Writing {
  dossier: Dossier;
  exports: Record<'ocsf.json' | 'stix.json', unknown>;
  sources: ManifestContent['sources'];
  hold: ManifestContent['hold'];
  log: readonly DossierLine[];
  /** RFC 3339: only the manifest has it. */
  made: string;
  signKey?: string | undefined;
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

  async finish(writing: Writing): Promise<{ manifest: Manifest; isNew: boolean; body: string }> {
    const { dossier, sources, hold, log } = writing;
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
    const { prev, known } = previousRoot(log, { finding: finding.id, edition, body });
    const content: ManifestContent = { ...open, prev };
    this.write('index.html', dossierPage(dossier, { root: rootOf(content), prev, sources }));
    const listed = new Set(files.map(({ path }) => path));
    if (writing.browser !== undefined) await printPdf(writing.browser, this.staging);
    const pages = (await this.digests()).filter(({ path }) => !listed.has(path));
    const made = manifest(content, pages, writing.made);
    const text = manifestText(made);
    this.write('manifest.json', text);
    if (writing.signKey !== undefined) this.write('manifest.sig', signManifest(text, writing.signKey));
    this.putInPlace();
    return { manifest: made, isNew: !known, body };
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
