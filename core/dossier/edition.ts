/**
 * The edition for readers outside the house: accounts and organisations by number in order of first exchange, no note,
 * no name of who acted, no fingerprint. What each number stands for is a file of its own.
 */
import type { Dossier, DossierMember } from './dossier.ts';

export interface Pseudonyms {
  accounts: ReadonlyMap<string, string>;
  orgs: ReadonlyMap<string, string>;
}

/** Numbers by first exchange; of equals, by account. */
export function pseudonyms(members: readonly Pick<DossierMember, 'account' | 'since' | 'org'>[]): Pseudonyms {
  const byFirst = members.toSorted((a, b) => compare(a.since, b.since) || compare(a.account, b.account));
  const accounts = new Map<string, string>();
  const orgs = new Map<string, string>();
  for (const { account, org } of byFirst) {
    if (!accounts.has(account)) accounts.set(account, numbered('A', accounts.size + 1));
    if (org !== undefined && !orgs.has(org)) orgs.set(org, numbered('O', orgs.size + 1));
  }
  return { accounts, orgs };
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
const numbered = (letter: string, number: number) => `${letter}-${String(number).padStart(5, '0')}`;

export function externalEdition(dossier: Dossier, { accounts, orgs }: Pseudonyms): Dossier {
  return {
    ...dossier,
    edition: 'external',
    members: dossier.members.map(({ account, org, ...member }) => ({
      account: accounts.get(account)!,
      ...(org === undefined ? {} : { org: orgs.get(org)! }),
      ...member,
    })),
    timeline: dossier.timeline.map((entry) =>
      entry.kind === 'case' ? { ...entry, words: entry.action ?? 'case entry' } : entry,
    ),
  };
}

/** The mapping, as it is kept apart: never in the dossier's folder, never mailed. */
export function mappingText({ accounts, orgs }: Pseudonyms, finding: string, root: string): string {
  const value = { schema: 'stillwatch.mapping/1', finding, root, accounts: swapped(accounts), orgs: swapped(orgs) };
  return `${JSON.stringify(value, null, 2)}\n`;
}

function swapped(names: ReadonlyMap<string, string>): Record<string, string> {
  return Object.fromEntries([...names].map(([name, number]) => [number, name]));
}
