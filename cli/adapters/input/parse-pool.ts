/**
 * Threads that read lines while the caller folds the batch before. Blocks come back in the order in which they were
 * given, whichever thread was first, so that nothing that is made of them depends on the threads.
 */
import { Worker } from 'node:worker_threads';
import type { Piece } from './document.ts';
import type { Parsed } from './parse-worker.ts';

/** Blocks that lie ready for each thread: one at work, one to go on with. */
const BLOCKS_A_THREAD = 2;
/** Blocks of an input that are read before threads are worth their start. */
const FEW_BLOCKS = 16;

interface Thread {
  worker: Worker;
  waiting: ((parsed: Parsed) => void)[];
  failed: ((error: Error) => void)[];
  accounts: ThreadAccounts;
}

/** By the thread's number of an account: its name, and the reader's own number once it has asked for one. */
interface ThreadAccounts {
  names: string[];
  codes: number[];
}

/** What a thread made of a block, and how it numbers the accounts. */
export interface ParsedBlock extends Parsed {
  accounts: ThreadAccounts;
}

export class ParsePool {
  private readonly threads: Thread[] = [];
  private readonly size: number;

  /** `size`: threads beside the caller's own. They start when there is work. */
  constructor(size: number) {
    this.size = size;
  }

  get ahead(): number {
    return this.size === 0 ? 0 : this.size * BLOCKS_A_THREAD + 1;
  }

  /** Undefined where all threads have enough to do: then the caller reads the block. Takes the bytes away. */
  submit(bytes: Uint8Array<ArrayBuffer>): Promise<ParsedBlock> | undefined {
    const thread = this.idlest();
    if (thread === undefined) return undefined;
    const parsed = new Promise<Parsed>((resolve, reject) => {
      thread.waiting.push(resolve);
      thread.failed.push(reject);
    });
    thread.worker.postMessage(bytes, [bytes.buffer]);
    return parsed.then((block) => {
      for (const name of block.names) thread.accounts.names.push(name);
      return { ...block, accounts: thread.accounts };
    });
  }

  async close(): Promise<void> {
    await Promise.all(this.threads.map(({ worker }) => worker.terminate()));
    this.threads.length = 0;
  }

  private idlest(): Thread | undefined {
    let idlest: Thread | undefined;
    for (const thread of this.threads) {
      if (idlest === undefined || thread.waiting.length < idlest.waiting.length) idlest = thread;
    }
    if (idlest?.waiting.length === 0) return idlest;
    if (this.threads.length < this.size) return this.start();
    return idlest !== undefined && idlest.waiting.length < BLOCKS_A_THREAD ? idlest : undefined;
  }

  private start(): Thread {
    const worker = new Worker(new URL('./parse-worker.ts', import.meta.url));
    const thread: Thread = { worker, waiting: [], failed: [], accounts: { names: [], codes: [] } };
    worker.on('message', (parsed: Parsed) => {
      thread.failed.shift();
      thread.waiting.shift()!(parsed);
    });
    worker.on('error', (error) => {
      for (const fail of thread.failed.splice(0)) fail(error);
    });
    this.threads.push(thread);
    return thread;
  }
}

/** Blocks with what a thread made of them; those that no thread had time for come as they are. */
export type PieceAhead = Piece & { parsed?: ParsedBlock };

/** Reads on while the threads work, by a bounded number of blocks. `isReady`: the lines are known to be for them. */
export async function* parsedAhead(
  pieces: AsyncIterable<Piece>,
  pool: ParsePool | undefined,
  isReady: () => boolean,
): AsyncGenerator<PieceAhead> {
  if (pool === undefined || pool.ahead === 0) {
    yield* pieces;
    return;
  }
  const source = pieces[Symbol.asyncIterator]();
  const queue: { piece: Piece; parsed: Promise<ParsedBlock> | undefined }[] = [];
  let read = 0;
  let ended = false;
  try {
    for (;;) {
      while (!ended && queue.length < (isReady() && read >= FEW_BLOCKS ? pool.ahead : 1)) {
        const { value: piece, done } = await source.next();
        if (done) ended = true;
        else queue.push({ piece, parsed: ++read > FEW_BLOCKS && isReady() ? given(piece, pool) : undefined });
      }
      const head = queue.shift();
      if (head === undefined) return;
      yield head.parsed === undefined ? head.piece : Object.assign(head.piece, { parsed: await head.parsed });
    }
  } finally {
    await Promise.allSettled(queue.map(({ parsed }) => parsed));
    await source.return?.();
  }
}

function given(piece: Piece, pool: ParsePool): Promise<ParsedBlock> | undefined {
  if ('document' in piece || piece.bytes === undefined) return undefined;
  const { bytes } = piece;
  // The next batch is numbered from this one's lines, which are counted while its bytes are still here.
  piece.count?.();
  const whole = bytes.byteLength === bytes.buffer.byteLength ? bytes : new Uint8Array(bytes);
  const parsed = pool.submit(whole as Uint8Array<ArrayBuffer>);
  parsed?.catch(() => undefined);
  return parsed;
}
