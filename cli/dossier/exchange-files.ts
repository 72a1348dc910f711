/** The exchanges of a finding as `exchanges-NNNN.tsv.gz`: no header, at most a million rows a part, no fingerprint. */
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { type ExchangeRow, publicColumns } from '../../core/dossier/exchange-row.ts';
import { LineSorter } from '../adapters/line-sorter.ts';

const PART_ROWS = 1_000_000;
/** Characters compressed at a time. A gzip file may have several members one behind the other (RFC 1952). */
const BLOCK = 4 * 1024 * 1024;

export class ExchangeFiles {
  readonly names: string[] = [];
  private readonly folder: string;
  private rows = 0;
  private held = '';

  constructor(folder: string) {
    this.folder = folder;
  }

  add(row: ExchangeRow): void {
    if (this.rows % PART_ROWS === 0) this.begin();
    this.rows++;
    this.held += `${publicColumns(row)}\n`;
    if (this.held.length >= BLOCK) this.flush();
  }

  /** To be called once all rows are in. */
  close(): void {
    this.flush();
  }

  private begin(): void {
    this.flush();
    this.names.push(`exchanges-${String(this.names.length + 1).padStart(4, '0')}.tsv.gz`);
  }

  private flush(): void {
    const name = this.names.at(-1);
    if (name === undefined || this.held === '') return;
    appendFileSync(join(this.folder, name), gzipSync(this.held));
    this.held = '';
  }
}

/** The same for readers outside: accounts by number, exchanges numbered in their order, in a new order of lines. */
export class NumberedExchanges {
  private readonly sorter = new LineSorter();
  private readonly numbers: ReadonlyMap<string, string>;

  constructor(numbers: ReadonlyMap<string, string>) {
    this.numbers = numbers;
  }

  add({ account, ...row }: ExchangeRow): void {
    const number = this.numbers.get(account)!;
    this.sorter.add(JSON.stringify([number.padStart(16), row.time, row.id, { ...row, account: number }]));
  }

  writeTo(files: ExchangeFiles): void {
    let count = 0;
    for (const line of this.sorter.sorted()) {
      const row = (JSON.parse(line) as [string, string, string, ExchangeRow])[3];
      files.add({ ...row, id: `E-${String(++count).padStart(9, '0')}` });
    }
  }

  remove(): void {
    this.sorter.remove();
  }
}
