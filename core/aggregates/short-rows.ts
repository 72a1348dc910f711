/** Rows without what their exchanges do not have, one after the other in blocks that are used again. */
import { ROW, ROW_FIELDS } from './exchange.ts';

/** Numbers of a block: 256 KiB. */
const BLOCK = 2 ** 15;
export const BLOCK_BYTES = 8 * BLOCK;
const SKETCH_WORDS = 2 * (ROW.line - ROW.sketch);

/** As numbers, and, since a sketch is none, as words. */
interface Block {
  numbers: Float64Array;
  words: Uint32Array;
}

/** Blocks that go round among those who keep rows. */
export class Blocks {
  private readonly spare: Block[] = [];
  /** Blocks that hold rows. */
  taken = 0;

  take(): Block {
    this.taken++;
    return this.spare.pop() ?? blockOf(BLOCK);
  }

  giveBack(blocks: readonly Block[]): void {
    this.taken -= blocks.length;
    for (const block of blocks) this.spare.push(block);
  }
}

export class ShortRows {
  private readonly pool: Blocks;
  private readonly blocks: Block[] = [];
  /** By row: its block and its place there, as one number. */
  private starts = new Uint32Array(1024);
  /** Numbers of the last block that are taken. */
  private used = BLOCK;
  private readonly row = blockOf(ROW_FIELDS);
  private given: Block = blockOf(0);
  count = 0;

  constructor(pool: Blocks) {
    this.pool = pool;
  }

  /** Keeps a copy of the row at `at`, all but its line. */
  push(rows: Float64Array, at: number): void {
    if (this.used + ROW_FIELDS > BLOCK) this.open();
    const block = this.blocks.at(-1)!;
    const { numbers } = block;
    if (this.count === this.starts.length) this.starts = doubled(this.starts);
    this.starts[this.count++] = (this.blocks.length - 1) * BLOCK + this.used;
    let to = this.used;
    to = copy(rows, at, numbers, to, ROW.minted);
    to = copy(rows, at + ROW.minted, numbers, to, 1 + rows[at + ROW.minted]!);
    to = copy(rows, at + ROW.presented, numbers, to, 1 + rows[at + ROW.presented]!);
    const sketched = rows[at + ROW.sketched]!;
    numbers[to++] = sketched;
    if (sketched === 1) {
      copyWords(this.wordsOf(rows), rows.byteOffset / 4 + 2 * (at + ROW.sketch), block.words, 2 * to);
      to += SKETCH_WORDS / 2;
    }
    this.used = to;
  }

  /** The row as it was pushed, good until the next is asked for. What it does not have is as others had it. */
  at(index: number): Float64Array {
    const start = this.starts[index]!;
    const { numbers, words } = this.blocks[Math.floor(start / BLOCK)]!;
    const row = this.row.numbers;
    let from = start % BLOCK;
    copy(numbers, from, row, 0, ROW.minted);
    from += ROW.minted;
    copy(numbers, from, row, ROW.minted, 1 + numbers[from]!);
    from += 1 + numbers[from]!;
    copy(numbers, from, row, ROW.presented, 1 + numbers[from]!);
    from += 1 + numbers[from]!;
    row[ROW.sketched] = numbers[from]!;
    if (numbers[from] === 1) copyWords(words, 2 * (from + 1), this.row.words, 2 * ROW.sketch);
    return row;
  }

  /** Holds nothing, and gives its blocks back. */
  clear(): void {
    this.pool.giveBack(this.blocks.splice(0));
    this.used = BLOCK;
    this.count = 0;
  }

  private open(): void {
    this.blocks.push(this.pool.take());
    this.used = 0;
  }

  /** All that `rows` lie in. Mostly the next row lies in the same. */
  private wordsOf(rows: Float64Array): Uint32Array {
    if (this.given.numbers !== rows) this.given = { numbers: rows, words: new Uint32Array(rows.buffer) };
    return this.given.words;
  }
}

function blockOf(length: number): Block {
  const numbers = new Float64Array(length);
  return { numbers, words: new Uint32Array(numbers.buffer) };
}

/** Returns where the copy ends. */
function copy(from: Float64Array, at: number, into: Float64Array, to: number, count: number): number {
  for (let i = 0; i < count; i++) into[to + i] = from[at + i]!;
  return to + count;
}

function copyWords(from: Uint32Array, at: number, into: Uint32Array, to: number): void {
  for (let i = 0; i < SKETCH_WORDS; i++) into[to + i] = from[at + i]!;
}

export function doubled(numbers: Uint32Array): Uint32Array<ArrayBuffer> {
  const larger = new Uint32Array(numbers.length * 2);
  larger.set(numbers);
  return larger;
}
