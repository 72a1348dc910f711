/** Gives the fingerprints of a record the names they are kept under. What is no fingerprint stays as it is. */
import type { AccountRecord, StillwatchRecord, UsageRecord } from '../records/schema.ts';
import type { BridgePair, NameOf } from './bridge.ts';
import type { BridgeKind } from './kinds.ts';

export type Print = Pick<BridgePair, 'kind'> & { print: string };

/** As `createFingerprinter` makes them. Other ids were never paired. */
const OURS = /^[0-9a-f]{16}$/;

/** Each fingerprint of the records once, for one look at the bridge before they are renamed. */
export function printsOf(records: readonly StillwatchRecord[]): Print[] {
  const found = new Map<string, Print>();
  const see: NameOf = (kind, print) => {
    found.set(`${kind}\0${print}`, { kind, print });
    return print;
  };
  for (const record of records) renameRecord(record, see);
  return [...found.values()];
}

/** A record of its own; the one given is not changed. */
export function renameRecord<T extends StillwatchRecord>(record: T, nameOf: NameOf): T {
  const name = (kind: BridgeKind, text: string) => (OURS.test(text) ? nameOf(kind, text) : text);
  if (record.type === 'usage') return usage(record, name) as T;
  return record.type === 'account' ? (account(record, name) as T) : record;
}

function usage(record: UsageRecord, name: NameOf): UsageRecord {
  const { network, client, prompt, custody, session } = record;
  return {
    ...record,
    id: name('exchange', record.id),
    account: name('account', record.account),
    model: name('model', record.model),
    ...(session === undefined ? {} : { session: name('session', session) }),
    ...(network ? { network: named(network, { ip: 'ip', subnet: 'subnet' }, name) } : {}),
    ...(client ? { client: named(client, { tls: 'tls', agent: 'agent' }, name) } : {}),
    ...(prompt
      ? { prompt: named(prompt, { system: 'system', template: 'template', contract: 'contract' }, name) }
      : {}),
    ...(custody ? { custody: marks(custody, name) } : {}),
  };
}

function account(record: AccountRecord, name: NameOf): AccountRecord {
  const { org, payment, email, phone, referral } = record;
  return {
    ...record,
    account: name('account', record.account),
    ...(org === undefined ? {} : { org: name('org', org) }),
    ...(payment ? { payment: named(payment, { instrument: 'instrument', issuer: 'issuer' }, name) } : {}),
    ...(email ? { email: named(email, { domain: 'email-domain' }, name) } : {}),
    ...(phone ? { phone: named(phone, { prefix: 'phone-prefix' }, name) } : {}),
    ...(referral === undefined ? {} : { referral: name('referral', referral) }),
  };
}

type Custody = NonNullable<UsageRecord['custody']>;

function marks(custody: Custody, name: NameOf): Custody {
  const { minted, presented } = custody;
  const renamed = (prints: string[]) => prints.map((print) => name('custody', print));
  return {
    ...custody,
    ...(minted ? { minted: renamed(minted) } : {}),
    ...(presented ? { presented: renamed(presented) } : {}),
  };
}

function named<T extends object>(part: T, kinds: { [K in keyof T]?: BridgeKind }, name: NameOf): T {
  const changed = { ...part };
  for (const field of Object.keys(kinds) as (keyof T)[]) {
    const value = part[field];
    if (typeof value === 'string') changed[field] = name(kinds[field]!, value) as T[keyof T];
  }
  return changed;
}
