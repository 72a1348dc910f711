/**
 * What links the accounts of a campaign, for deployments that fingerprint under the same key: custom STIX objects under an
 * extension definition (STIX 2.1, 7.3). Never an account id, and no value that others use as well: who acts on it elsewhere
 * must not meet bystanders.
 */
import { heldValues, type Tie } from '../dossier/bonds.ts';
import { DAY_MS, isoTime } from '../records/time.ts';
import { NAMESPACE, uuid5 } from './uuid5.ts';

export const FINGERPRINT_TYPE = 'stillwatch-fingerprint';

/** Days for which a value is worth looking for: exits and cards change hands. */
const VALID_DAYS = 30;

/** Certain members that must hold a value for it to link them. */
const LEAST_HOLDERS = 2;

/** Share that certain members must be of its holders, probable ones left aside: the exit of a campus is nobody's mark. */
const OWN_SHARE = 0.9;

export interface LinkingValue {
  kind: string;
  value: string;
  /** Certain members that hold it. */
  accounts: number;
}

export interface SharedValues {
  /** Name of the group of deployments. */
  group: string;
  /** What the group calls its key. */
  key: string;
  values: readonly LinkingValue[];
}

/**
 * Of the lines of `tieLine` over members and all others, sorted, the values that link the certain members. States of
 * conversations are left out: each is given once, and never comes back elsewhere.
 */
export function* linkingValues(
  lines: Iterable<string>,
  certain: ReadonlySet<string>,
  probable: ReadonlySet<string>,
): Generator<LinkingValue> {
  for (const { group, kind, value, holders } of heldValues(lines)) {
    if (!TELLS[group]) continue;
    let [own, others] = [0, 0];
    for (const account of holders.keys()) {
      if (certain.has(account)) own++;
      else if (!probable.has(account)) others++;
    }
    if (own >= LEAST_HOLDERS && own >= OWN_SHARE * (own + others)) yield { kind, value, accounts: own };
  }
}

const TELLS: Record<Tie['group'], boolean> = { custody: false, identity: true, network: true, content: true };

const SCHEMA = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: FINGERPRINT_TYPE,
  description:
    'A value that links accounts of a campaign: the first half of an HMAC-SHA-256 under a key that the deployments of a group share. It means nothing under another key.',
  type: 'object',
  properties: {
    type: { const: FINGERPRINT_TYPE },
    key_group: { type: 'string', description: 'Name of the group of deployments that share the key.' },
    key_name: { type: 'string', description: 'What the group calls its key; values of another key never match.' },
    kind: {
      enum: ['instrument', 'phone', 'domain', 'referral', 'ip', 'subnet', 'system', 'template', 'contract'],
      description: 'What was fingerprinted.',
    },
    value: { type: 'string', minLength: 11, description: 'The fingerprint, in hex or base64url.' },
    accounts: { type: 'integer', minimum: LEAST_HOLDERS, description: 'Certain members of the campaign that hold it.' },
    valid_from: { type: 'string', description: 'When the campaign was last told, RFC 3339.' },
    valid_until: { type: 'string', description: `${VALID_DAYS} days later: do not look for it any more.` },
    campaign_ref: { type: 'string', pattern: '^campaign--', description: 'The campaign whose accounts it links.' },
  },
  required: ['key_group', 'key_name', 'kind', 'value', 'accounts', 'valid_from', 'valid_until', 'campaign_ref'],
};

/** The same wherever it is exported, so that readers know the type again. */
const MAKER = {
  type: 'identity',
  spec_version: '2.1',
  id: `identity--${uuid5(NAMESPACE, 'identity|stillwatch')}`,
  created: '2026-01-01T00:00:00.000Z',
  modified: '2026-01-01T00:00:00.000Z',
  name: 'Stillwatch',
  identity_class: 'system',
} as const;

const DEFINITION = {
  type: 'extension-definition',
  spec_version: '2.1',
  id: `extension-definition--${uuid5(NAMESPACE, `extension-definition|${FINGERPRINT_TYPE}`)}`,
  created_by_ref: MAKER.id,
  created: MAKER.created,
  modified: MAKER.modified,
  name: FINGERPRINT_TYPE,
  description: SCHEMA.description,
  schema: JSON.stringify(SCHEMA),
  version: '1.0.0',
  extension_types: ['new-sdo'],
} as const;

/** None where there are no values. `common`: the properties that every object of the bundle has, by its name. */
export function sharedObjects(
  { group, key, values }: SharedValues,
  at: string,
  campaign: string,
  common: (name: string) => object,
): Record<string, unknown>[] {
  if (values.length === 0) return [];
  const span = { valid_from: at, valid_until: isoTime(Date.parse(at) + VALID_DAYS * DAY_MS) };
  const told = values.map(({ kind, value, accounts }) => ({
    ...common([group, key, kind, value].join('|')),
    key_group: group,
    key_name: key,
    kind,
    value,
    accounts,
    ...span,
    campaign_ref: campaign,
    extensions: { [DEFINITION.id]: { extension_type: 'new-sdo' } },
  }));
  return [MAKER, DEFINITION, ...told];
}
