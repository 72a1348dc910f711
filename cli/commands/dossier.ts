/** `dossier`: a finding with its proof as a folder, its figures counted again, and a folder checked. */
import { InputError } from '../adapters/input/input-error.ts';
import { DIFFERS, type DossierArguments } from '../dossier/arguments.ts';
import { openCustody } from '../dossier/custody.ts';
import { make } from '../dossier/making.ts';
import { figuresOf, recount } from '../dossier/recounting.ts';
import { sourcesFor, subjectOf } from '../dossier/subject.ts';
import { verifyFolder } from '../dossier/verify.ts';

export async function dossierCommand(id: string | undefined, inputs: string[], args: DossierArguments): Promise<void> {
  if (args.verify !== undefined) return verify(args.verify, id, args);
  if (id === undefined) throw new InputError('dossier: name a finding, or a folder with --verify');
  if (args.at === undefined)
    throw new InputError('dossier: --at must name the folder that replay wrote, or stack:NAME');
  const subject = await subjectOf(id, args.at);
  const custody = await openCustody(args.at);
  const figures = args.recount === undefined ? undefined : figuresOf(args.recount);
  if (figures === undefined && args.hold) await custody.canHold();
  const sources = await sourcesFor(subject, custody, inputs, args);
  try {
    if (figures !== undefined) await recount(subject, sources, figures, args);
    else await make(subject, sources, custody, { ...args, at: args.at });
  } finally {
    sources.remove();
  }
}

async function verify(folder: string, id: string | undefined, { signer, json }: DossierArguments): Promise<void> {
  if (id !== undefined) throw new InputError(`--verify ${folder}: takes a folder alone, not ${id} beside it`);
  const { manifest, signed, faults } = await verifyFolder(folder, signer);
  if (json) console.log(JSON.stringify({ folder, root: manifest?.root ?? null, signed, faults }));
  else if (faults.length > 0) for (const fault of faults) console.log(fault);
  else
    console.log(
      `${manifest!.finding}, ${manifest!.edition}: ${manifest!.files.length + manifest!.pages.length} files as they were made, ${signed ? 'signed' : 'not signed'}\nroot ${manifest!.root}`,
    );
  if (faults.length > 0) process.exitCode = DIFFERS;
}
