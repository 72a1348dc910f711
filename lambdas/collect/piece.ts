/** One JSON value as it was delivered, and where it came from. */
import { createHash } from 'node:crypto';
import { shapeOf } from '../../core/sources/detect.ts';
import { jsonOf } from '../../core/sources/split-body.ts';

export interface Piece {
  /** Where whoever mends the producer finds it again: bucket, key and line; message id; log event; request and index. */
  position: string;
  /** Undefined where the text is not JSON. */
  value: unknown;
  /** As it was sent, where that is known. */
  text?: string;
}

/** What could not be read. It says where and why, and nothing of what was in it. */
export interface Unread {
  position: string;
  /** Where in the value, as `tokens.input`; empty for the whole of it. */
  path: string;
  reason: string;
  /** The value's shape in words. */
  shape: string;
  bytes: number;
  /** Tells equal payloads from different ones. */
  sha256: string;
}

export function pieceOfText(position: string, text: string): Piece {
  return { position, value: jsonOf(text), text };
}

export function unread(piece: Piece, path: string, reason: string): Unread {
  const bytes = Buffer.from(piece.text ?? textOf(piece.value));
  return {
    position: piece.position,
    path,
    reason,
    shape: piece.value === undefined ? 'not JSON' : shapeOf(piece.value),
    bytes: bytes.length,
    sha256: createHash('sha256').update(bytes).digest('hex'),
  };
}

/** Empty for a value that is nested too deep to be written. */
function textOf(value: unknown): string {
  try {
    return JSON.stringify(value) ?? '';
  } catch {
    return '';
  }
}
