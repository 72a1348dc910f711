/** Files of the archive, or of another tool that kept its columns, as batches of records. */
import { type FileHandle, open } from 'node:fs/promises';
import { compressors } from 'hyparquet-compressors';
import { type Bytes, openParquet, ParquetError } from '../../../core/archive/parquet.ts';
import { fileError, InputError } from './input-error.ts';
import { ParquetReader, type RowMaker } from './parquet-reader.ts';
import type { RecordBatch } from './record-batch.ts';

const MAGIC = 'PAR1';

/** By its first bytes, whatever its name. False where it cannot be read: who opens it next says why. */
export async function isParquet(path: string): Promise<boolean> {
  try {
    return await withFile(path, async (file) => {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(MAGIC.length), 0, MAGIC.length, 0);
      return buffer.toString('latin1', 0, bytesRead) === MAGIC;
    });
  } catch {
    return false;
  }
}

/** Earliest of the first rows, ms since 1970, from the one column. Undefined where it does not tell: the records will. */
export async function firstTimeOf(path: string): Promise<number | undefined> {
  try {
    return await withFile(path, async (handle) => {
      const file = await openParquet(bytesOf(handle, (await handle.stat()).size));
      const cells = await file.openColumns([{ name: 'time', kind: 'time' }], compressors)?.(file.ranges[0]!);
      const times = cells?.numbers.get('time')?.filter((ms) => ms >= 0);
      return times?.length ? times.reduce((least, ms) => Math.min(least, ms)) : undefined;
    });
  } catch {
    return undefined;
  }
}

/**
 * Gives exchanges as records where `maker` is undefined. Adds to `progress` what has been read, in bytes as stored. Throws
 * `InputError`.
 */
export async function* readParquet(
  path: string,
  progress: { read: number; total: number | undefined },
  maker?: RowMaker,
): AsyncGenerator<RecordBatch> {
  const handle = await open(path).catch((error: unknown) => {
    throw fileError(path, error);
  });
  try {
    const { size } = await handle.stat();
    const file = await openParquet(bytesOf(handle, size));
    const reader = new ParquetReader(file, maker);
    for (const range of file.ranges) {
      yield* reader.read(range);
      progress.read += Math.round((size * (range.end - range.from)) / file.rows);
    }
  } catch (error) {
    throw error instanceof ParquetError ? new InputError(`${path}: ${error.message}`) : fileError(path, error);
  } finally {
    await handle.close();
  }
}

function bytesOf(file: FileHandle, byteLength: number): Bytes {
  const slice = async (start: number, end = byteLength) => {
    const length = Math.min(end, byteLength) - start;
    const { buffer } = await file.read(new Uint8Array(length), 0, length, start);
    return buffer.buffer as ArrayBuffer;
  };
  return { byteLength, slice };
}

async function withFile<T>(path: string, use: (file: FileHandle) => Promise<T>): Promise<T> {
  const file = await open(path);
  try {
    return await use(file);
  } finally {
    await file.close();
  }
}
