/**
 * Sorts more lines than memory holds: runs are sorted in memory, laid in a temporary folder, and merged. Lines come out
 * in the order of their UTF-8 bytes, as `LC_ALL=C sort` has them, so that anybody can check the order.
 */
import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Characters held before a run is laid down: about 100 MB with the strings' own weight. */
const RUN_CHARACTERS = 32 * 1024 * 1024;
const BLOCK_BYTES = 256 * 1024;

export class LineSorter {
  private held: string[] = [];
  private characters = 0;
  private runs: string[] = [];
  private folder: string | undefined;
  private readonly runCharacters: number;
  private readonly leave = () => {
    if (this.folder !== undefined) rmSync(this.folder, { recursive: true, force: true });
  };

  constructor(runCharacters = RUN_CHARACTERS) {
    this.runCharacters = runCharacters;
  }

  /** `line` must hold no line feed. */
  add(line: string): void {
    const bytes = toBytes(line);
    this.held.push(bytes);
    this.characters += bytes.length + 1;
    if (this.characters >= this.runCharacters) this.layDown();
  }

  /** All lines in order; to be asked for once. */
  *sorted(): Generator<string> {
    if (this.runs.length === 0) {
      for (const bytes of this.held.sort()) yield fromBytes(bytes);
      return;
    }
    if (this.held.length > 0) this.layDown();
    const readers = this.runs.map((run) => new Run(run));
    try {
      for (const bytes of merged(readers)) yield fromBytes(bytes);
    } finally {
      for (const reader of readers) reader.close();
    }
  }

  remove(): void {
    process.removeListener('exit', this.leave);
    this.leave();
    this.held = [];
  }

  private layDown(): void {
    if (this.folder === undefined) {
      this.folder = mkdtempSync(join(tmpdir(), 'stillwatch-sort-'));
      process.once('exit', this.leave);
    }
    const path = join(this.folder, String(this.runs.length));
    const file = openSync(path, 'wx', 0o600);
    try {
      const lines = this.held.sort();
      for (let i = 0; i < lines.length; i += 4096)
        writeSync(file, Buffer.from(`${lines.slice(i, i + 4096).join('\n')}\n`, 'latin1'));
    } finally {
      closeSync(file);
    }
    this.runs.push(path);
    this.held = [];
    this.characters = 0;
  }
}

/** One character for each byte of UTF-8: comparing such strings compares bytes. */
function toBytes(text: string): string {
  return isAscii(text) ? text : Buffer.from(text, 'utf8').toString('latin1');
}

function fromBytes(bytes: string): string {
  return isAscii(bytes) ? bytes : Buffer.from(bytes, 'latin1').toString('utf8');
}

function isAscii(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 127) return false;
  return true;
}

/** The next line of each run in a heap, the smallest on top. */
function* merged(runs: readonly Run[]): Generator<string> {
  const heap = runs.filter((run) => run.advance());
  for (let i = (heap.length >> 1) - 1; i >= 0; i--) sink(heap, i);
  while (heap.length > 0) {
    const top = heap[0]!;
    yield top.line;
    if (!top.advance()) {
      const last = heap.pop()!;
      if (heap.length === 0) return;
      if (last !== top) heap[0] = last;
    }
    sink(heap, 0);
  }
}

function sink(heap: Run[], from: number): void {
  for (let at = from; ; ) {
    const left = 2 * at + 1;
    if (left >= heap.length) return;
    const right = left + 1;
    const least = right < heap.length && heap[right]!.line < heap[left]!.line ? right : left;
    if (heap[at]!.line <= heap[least]!.line) return;
    [heap[at], heap[least]] = [heap[least]!, heap[at]!];
    at = least;
  }
}

class Run {
  line = '';
  private readonly file: number;
  private readonly block = Buffer.alloc(BLOCK_BYTES);
  private lines: string[] = [];
  private at = 0;
  private rest = '';
  private open = true;

  constructor(path: string) {
    this.file = openSync(path, 'r');
  }

  /** False at the end. */
  advance(): boolean {
    while (this.at >= this.lines.length) {
      const read = this.open ? readSync(this.file, this.block, 0, BLOCK_BYTES, null) : 0;
      if (read === 0) return false;
      const parts = (this.rest + this.block.toString('latin1', 0, read)).split('\n');
      this.rest = parts.pop()!;
      this.lines = parts;
      this.at = 0;
    }
    this.line = this.lines[this.at++]!;
    return true;
  }

  close(): void {
    this.open = false;
    closeSync(this.file);
  }
}
