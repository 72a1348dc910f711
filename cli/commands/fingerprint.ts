/** `fingerprint`: what a value is called, and which of one's own values a fingerprint is of. Each asking is written down. */
import { readFileSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { checkKind, checkReason, ExplainError } from '../../core/keys/explain.ts';
import type { Explainer, Explanation } from '../../core/keys/explainer.ts';
import { MAX_AMONG } from '../../core/keys/find.ts';
import type { FingerprintKind } from '../../core/records/fingerprint.ts';
import { InputError } from '../adapters/input/input-error.ts';
import { localExplainer } from '../adapters/local-explainer.ts';
import { stackNamed } from '../adapters/place/open.ts';
import { loadConfig } from '../config.ts';

export interface FingerprintArguments {
  reason: string;
  explain?: string;
  among?: string;
  at?: string;
  config?: string;
  json?: boolean;
}

export async function fingerprintCommand(
  kind: string,
  value: string | undefined,
  { reason, explain, among, at, config, json }: FingerprintArguments,
): Promise<void> {
  if ((value === undefined) === (explain === undefined))
    throw new InputError('fingerprint: give a value, or --explain with a fingerprint, and not both');
  if ((explain === undefined) !== (among === undefined))
    throw new InputError(
      'fingerprint: --explain needs --among: a keyed hash cannot be undone, so name a file of the values it may be of',
    );
  try {
    checkKind(kind);
    checkReason(reason);
    const explainer = await explainerAt(at, config);
    if (explain === undefined) {
      const request = { kind, reason, value: value === '-' ? (await text(process.stdin)).replace(/\n$/, '') : value! };
      tell(await explainer.explain(request), json);
    } else {
      const values = await valuesIn(among!);
      tellValues(await found(explainer, { kind, reason, fingerprint: explain }, values), values.length, json);
    }
  } catch (error) {
    if (error instanceof ExplainError) throw new InputError(`fingerprint: ${error.message}`);
    throw error;
  }
}

async function explainerAt(at: string | undefined, config: string | undefined): Promise<Explainer> {
  const stack = at === undefined ? undefined : stackNamed(at);
  if (stack === undefined) return localExplainer(loadConfig(config).fingerprintKeyFile, Date.now);
  const { stackExplainer } = await import('../adapters/place/stack-explain.ts');
  return stackExplainer(stack);
}

async function valuesIn(file: string): Promise<string[]> {
  let content: string;
  try {
    content = file === '-' ? await text(process.stdin) : readFileSync(file, 'utf8');
  } catch (error) {
    throw new InputError(`--among ${file}: cannot be read (${(error as NodeJS.ErrnoException).code})`);
  }
  const values = [...new Set(content.split(/\r?\n/))].filter((line) => line !== '');
  if (values.length === 0) throw new InputError(`--among ${file}: has no values; one a line is needed`);
  return values;
}

async function found(
  explainer: Explainer,
  request: { kind: FingerprintKind; reason: string; fingerprint: string },
  values: readonly string[],
): Promise<string[]> {
  const all: string[] = [];
  for (let i = 0; i < values.length; i += MAX_AMONG)
    all.push(...(await explainer.find({ ...request, among: values.slice(i, i + MAX_AMONG) })));
  return all;
}

function tell({ explained, names }: Explanation, json: boolean | undefined): void {
  const lines = [
    ...explained.map(({ epoch, fingerprint }) => `${fingerprint}  ${epoch}`),
    ...names.map(({ fingerprint }) => `${fingerprint}  kept under this name since before`),
  ];
  console.log(json ? JSON.stringify({ explained, names }) : lines.join('\n'));
}

function tellValues(values: readonly string[], tried: number, json: boolean | undefined): void {
  if (json) console.log(JSON.stringify({ values, tried }));
  else if (values.length > 0) console.log(values.join('\n'));
  else console.log(`none of ${tried.toLocaleString('en-US')} values has this fingerprint`);
}
