/** `show --reveal`: who stands behind a number of an external edition. It is written down before it is said. */
import { readFileSync } from 'node:fs';
import { NOTE_LIMIT } from '../../core/cases/entry.ts';
import { InputError } from '../adapters/input/input-error.ts';
import { actor, openPlace } from '../adapters/place/open.ts';

export interface RevealArguments {
  at: string;
  reveal: string;
  reason?: string;
  mapping?: string;
  by?: string;
  json?: boolean;
}

/** Tries against others who write to the log at the same time. */
const TRIES = 5;

export async function revealCommand(id: string, args: RevealArguments): Promise<void> {
  const { at, reveal, reason = '' } = args;
  if (reason.trim() === '') throw new InputError('--reveal: --reason must say why; it goes into the log');
  const made = args.mapping === undefined ? await (await openPlace(at)).dossiers.read() : [];
  const file = args.mapping ?? made.findLast((line) => line.finding === id && line.mapping)?.mapping;
  if (file === undefined)
    throw new InputError(`--reveal ${reveal}: no external dossier of ${id} was made here; --mapping names its file`);
  const { name, root } = lookUp(file, id, reveal);
  const text = `revealed ${reveal} of the dossier ${root.slice(0, 16)}: ${reason.trim()}`;
  if (text.length > NOTE_LIMIT) throw new InputError(`--reason: at most ${NOTE_LIMIT - 100} characters`);
  await writeDown(id, at, text, await actor(at, args.by));
  console.log(args.json ? JSON.stringify({ reference: reveal, name }) : name);
}

/** @throws InputError where the file is no mapping of this finding, or does not hold the number */
function lookUp(file: string, id: string, reference: string): { name: string; root: string } {
  let mapping: { finding: string; root: string; accounts: Record<string, string>; orgs: Record<string, string> };
  try {
    mapping = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    throw new InputError(`${file}: ${code ? `cannot be read (${code})` : 'is no mapping'}; --mapping names another`);
  }
  const names = new Map([...Object.entries(mapping.accounts ?? {}), ...Object.entries(mapping.orgs ?? {})]);
  const name = names.get(reference);
  if (mapping.finding !== id) throw new InputError(`${file}: is of ${mapping.finding}, not of ${id}`);
  if (name === undefined) throw new InputError(`--reveal ${reference}: not in ${file}; numbers look like A-00001`);
  return { name, root: mapping.root };
}

/** As a note of the finding: the log of decisions is never changed, in a folder as in a deployment. */
async function writeDown(finding: string, at: string, text: string, by: string): Promise<void> {
  const { cases } = await openPlace(at);
  for (let attempt = 0; attempt < TRIES; attempt++) {
    const held = await cases.read();
    const entry = { action: 'note', finding, text, by, at: new Date().toISOString() } as const;
    if ((await cases.append(entry, held.length)) !== undefined) return;
  }
  throw new Error('the log is being written by others: try again');
}
