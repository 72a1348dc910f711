/** The dossiers made of a folder's findings, `dossiers.ndjson`, one a line, only ever appended to. */
import { join } from 'node:path';
import { type DossierLine, DossierLineError, type DossierLog, parseDossierLine } from '../../../core/dossier/chain.ts';
import { InputError } from '../input/input-error.ts';
import { AppendFile } from './append-file.ts';

export class FolderDossiers implements DossierLog {
  private readonly log: AppendFile;

  constructor(folder: string) {
    this.log = new AppendFile(join(folder, 'dossiers.ndjson'));
  }

  async read(): Promise<DossierLine[]> {
    return this.all();
  }

  append(line: DossierLine, after: number): Promise<boolean> {
    return this.log.append(JSON.stringify(line), after, () => this.all().length);
  }

  /** @throws InputError that names the line: a chain with a link that is not understood is none */
  private all(): DossierLine[] {
    return this.log.lines().map(({ line, number }) => {
      try {
        return parseDossierLine(JSON.parse(line));
      } catch (error) {
        const what = error instanceof DossierLineError ? error.message : 'is not JSON';
        throw new InputError(`${this.log.file}:${number}: ${what}`);
      }
    });
  }
}
