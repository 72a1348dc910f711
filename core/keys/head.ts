/** What the secret of a deployment says of its key: where the key of the epoch is, and never the key itself. */
import { isoTime } from '../records/time.ts';

/**
 * Deleting a secret destroys its key; removing a version of a secret only lets the service delete it some day. So each
 * epoch has a secret of its own, and the versions of the one that rotates name them.
 */
export interface KeyHead {
  epoch: string;
  /** Name of the secret that holds the key as 64 hex digits. */
  secret: string;
  /** When names change over to this epoch, ms since 1970. Absent for the first. */
  switchAt?: number;
}

const KEY = /^[0-9a-f]{64}$/i;

/** 32 bytes; undefined where the text is not 64 hex digits. */
export function keyOfHex(text: string): Uint8Array | undefined {
  if (!KEY.test(text)) return undefined;
  return Uint8Array.from(text.match(/../g)!, (pair) => Number.parseInt(pair, 16));
}

export function headText({ epoch, secret, switchAt }: KeyHead): string {
  return JSON.stringify({ epoch, secret, ...(switchAt === undefined ? {} : { switchAt: isoTime(switchAt) }) });
}

/** Undefined for anything else, such as the filler of a secret that was never rotated. */
export function headOf(text: string): KeyHead | undefined {
  const { epoch, secret, switchAt } = parsed(text);
  if (typeof epoch !== 'string' || typeof secret !== 'string' || epoch === '' || secret === '') return undefined;
  if (switchAt === undefined) return { epoch, secret };
  const at = typeof switchAt === 'string' ? Date.parse(switchAt) : Number.NaN;
  return Number.isNaN(at) ? undefined : { epoch, secret, switchAt: at };
}

function parsed(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
