/** Files of the archive, or of another tool that kept its columns, as batches of records. */
import { type FileHandle, open } from 'node:fs/promises';
import { compressors } from 'hyparquet-compressors';
import { type Bytes, openParquet, ParquetError } from '../../../core/archive/parquet.ts';
import { recordOf } from '../../../core/archive/rows.ts';
import { parseRecord } from '../../../core/records/parse.ts';
import { fileError, InputError } from './input-error.ts';
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

/** Adds to `progress` what has been read, in bytes as stored. Throws `InputError`. */
export async function* readParquet(
  path: string,
  progress: { read: number; total: number | undefined },
): AsyncGenerator<RecordBatch> {
  const file = await open(path).catch((error: unknown) => {
    throw fileError(path, error);
  });
  try {
    const { size } = await file.stat();
    const { type, rows: total, read } = await openParquet(bytesOf(file, size));
    for await (const { from, rows } of read({ compressors })) {
      yield batchOf(
        rows.map((row) => recordOf(type, row)),
        from,
      );
      progress.read += Math.round((size * rows.length) / total);
    }
  } catch (error) {
    throw error instanceof ParquetError ? new InputError(`${path}: ${error.message}`) : fileError(path, error);
  } finally {
    await file.close();
  }
}

function batchOf(values: readonly unknown[], from: number): RecordBatch {
  const batch: RecordBatch = { records: [], lines: [], rejections: [], skipped: new Map() };
  values.forEach((value, i) => {
    const result = parseRecord(value);
    const line = from + i + 1;
    if (!result.ok) batch.rejections.push({ line, path: result.path, reason: result.reason });
    else {
      batch.records.push(result.record);
      batch.lines.push(line);
    }
  });
  return batch;
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
