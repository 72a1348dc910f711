/** What a call of the evaluation asks for. */
import { parseArgs } from 'node:util';
import type { Tier } from './plan.ts';
import { CASES } from './trial/worlds.ts';

export interface Call {
  tier: Tier;
  /** The reported seeds are for whole runs alone; everything else looks at development seeds. */
  reported: boolean;
  /** Cases to run; all where absent. */
  only?: string[];
  cache?: string;
  out?: string;
}

/** The call is wrong; the message is one line that says what and how to mend it. */
export class CallError extends Error {
  override name = 'CallError';
}

/** @throws CallError */
export function parseCall(args: readonly string[]): Call {
  const { quick, long, dev, only: list, cache, out } = parse(args);
  if (quick && long) throw new CallError('--quick and --long exclude each other');
  const only = list?.split(',');
  const unknown = only?.find((id) => !CASES.some((one) => one.id === id));
  if (unknown !== undefined)
    throw new CallError(`--only: no case ${unknown}. Known: ${CASES.map(({ id }) => id).join(' ')}`);
  return {
    tier: quick ? 'quick' : long ? 'long' : 'full',
    reported: !quick && !dev && only === undefined,
    ...(only === undefined ? {} : { only }),
    ...(cache === undefined ? {} : { cache }),
    ...(out === undefined ? {} : { out }),
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        quick: { type: 'boolean', default: false },
        long: { type: 'boolean', default: false },
        dev: { type: 'boolean', default: false },
        only: { type: 'string' },
        cache: { type: 'string' },
        out: { type: 'string' },
      },
    }).values;
  } catch (error) {
    throw new CallError(`${(error as Error).message.split('. ')[0]}. Known: --quick --long --dev --only --cache --out`);
  }
}
