/** The case log as `cases.ndjson`, one entry a line, only ever appended to. */
import { join } from 'node:path';
import { type CaseEntry, CaseEntryError, type NewEntry, parseEntry } from '../../../core/cases/entry.ts';
import type { CaseLog } from '../../../core/place.ts';
import { InputError } from '../input/input-error.ts';
import { AppendFile } from './append-file.ts';

export class FolderCases implements CaseLog {
  private readonly log: AppendFile;

  constructor(folder: string) {
    this.log = new AppendFile(join(folder, 'cases.ndjson'));
  }

  async read(after = 0): Promise<CaseEntry[]> {
    return this.all().slice(after);
  }

  async append(entry: NewEntry, after: number): Promise<CaseEntry | undefined> {
    const added = parseEntry({ ...entry, seq: after + 1 });
    return (await this.log.append(JSON.stringify(added), after, () => this.all().length)) ? added : undefined;
  }

  /** @throws InputError that names the line: a log of which a part is not understood decides nothing */
  private all(): CaseEntry[] {
    const entries: CaseEntry[] = [];
    for (const { line, number } of this.log.lines()) {
      const entry = this.parse(line, number);
      const seq = entries.length + 1;
      if (entry.seq !== seq) throw this.wrong(number, `seq: must be ${seq}, not ${entry.seq}`);
      entries.push(entry);
    }
    return entries;
  }

  private parse(line: string, number: number): CaseEntry {
    try {
      return parseEntry(JSON.parse(line));
    } catch (error) {
      throw this.wrong(number, error instanceof CaseEntryError ? error.message : 'is not JSON');
    }
  }

  private wrong(line: number, what: string): InputError {
    return new InputError(`${this.log.file}:${line}: ${what}`);
  }
}
