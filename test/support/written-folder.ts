/** A folder as a replay leaves it, of what a contract says was found and told. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { alertFiles } from '../../cli/adapters/outbox.ts';
import { contextLine, moveLines } from '../../cli/adapters/place/folder.ts';
import { KNOWN, type Written } from '../contracts/place.ts';
import { SETTINGS } from '../core/messages/sample.ts';
import { ndjson, type Scratch, scratch } from './cli.ts';

export function writtenFolder({ transitions, findings, book }: Written): Scratch {
  const tmp = scratch();
  tmp.file('findings.ndjson', ndjson(transitions.map(({ finding }) => finding)));
  tmp.file('contexts.ndjson', ndjson(transitions.map(contextLine)));
  tmp.file('members.ndjson', ndjson(findings.flatMap(({ members }) => members)));
  const seen = Object.fromEntries(findings.map(({ finding, seen }) => [finding.id, seen]));
  tmp.file('desk.json', JSON.stringify({ book, seen }));
  tmp.file('known.bin', new Uint8Array(KNOWN.buffer));
  tmp.file('moves.ndjson', ndjson(findings.flatMap(moveLines)));
  mkdirSync(tmp.at('outbox'));
  for (const told of transitions)
    for (const { name, content } of alertFiles(told, SETTINGS)) writeFileSync(tmp.at('outbox', name), content);
  return tmp;
}
