/** Where a replayed folder came from, so that its figures can be counted again without naming the inputs once more. */
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { ReplayConfig } from '../../config.ts';

export interface Origin {
  /** As they were given, made absolute; `-` where it was standard input. */
  inputs: string[];
  format?: string;
  config: ReplayConfig;
}

interface Replaying {
  inputs: readonly string[];
  format?: string | undefined;
  config: ReplayConfig;
}

/** The text of `origin.json`. */
export function originOf({ inputs, format, config }: Replaying): string {
  const origin: Origin = {
    inputs: inputs.map((input) => (input === '-' ? input : resolve(input))),
    ...(format === undefined ? {} : { format }),
    config,
  };
  return `${JSON.stringify(origin, null, 2)}\n`;
}

/** Undefined where the folder was written by an earlier version, or is a deployment. */
export function readOrigin(at: string): Origin | undefined {
  if (at.startsWith('stack:')) return undefined;
  try {
    return JSON.parse(readFileSync(join(at, 'origin.json'), 'utf8')) as Origin;
  } catch {
    return undefined;
  }
}
