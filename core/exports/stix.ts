/**
 * A finding as a STIX 2.1 bundle: the campaign and what it does, and no indicator but for those who share its key. A keyed
 * fingerprint means nothing outside its key, and an account id is nobody else's business. Ids are UUIDv5, so the same
 * finding exported again is the same objects.
 */
import { targeted } from '../findings/lifecycle.ts';
import type { Transition } from '../findings/transition.ts';
import { alertTitle } from '../messages/title.ts';
import { CLASS_WORDS } from '../messages/words.ts';
import { techniqueName } from './atlas.ts';
import { FINGERPRINT_TYPE, type SharedValues, sharedObjects } from './shared-values.ts';
import { NAMESPACE, uuid5 } from './uuid5.ts';

/** TLP:AMBER as the specification defines it, id and date included. */
const AMBER = {
  type: 'marking-definition',
  spec_version: '2.1',
  id: 'marking-definition--f88d31f6-486f-44da-b317-01333bde0b82',
  created: '2017-01-20T00:00:00.000Z',
  definition_type: 'tlp',
  name: 'TLP:AMBER',
  definition: { tlp: 'amber' },
} as const;

/** The deployment has no birthday in the records; an object needs one that stays the same. */
const DEPLOYMENT_SINCE = '2026-01-01T00:00:00.000Z';

export interface StixBundle {
  type: 'bundle';
  id: string;
  objects: Record<string, unknown>[];
}

/** `transitions` of one finding, in time order; the bundle is of the last. `shared`: for those under the same key only. */
export function stix(transitions: readonly Transition[], deployment: string, shared?: SharedValues): StixBundle {
  const last = transitions.at(-1)!;
  const { finding } = last;
  const idOf = (type: string, ...name: string[]) =>
    `${type}--${uuid5(NAMESPACE, [type, deployment, ...name].join('|'))}`;
  const identity = idOf('identity');
  const times = { created: transitions[0]!.finding.at, modified: finding.at };
  const common = (type: string, name = finding.id) => ({
    type,
    spec_version: '2.1',
    id: idOf(type, name),
    created_by_ref: identity,
    ...times,
    object_marking_refs: [AMBER.id],
  });
  const attack = techniqueName(finding.classification);
  const pattern = {
    ...common('attack-pattern'),
    name: attack.name,
    external_references: [{ source_name: 'mitre-atlas', external_id: attack.uid }],
  };
  const subject =
    finding.kind === 'campaign' ? campaign(last, common('campaign')) : grouping(last, common('grouping'), pattern.id);
  return {
    type: 'bundle',
    id: idOf('bundle', finding.id, finding.at),
    objects: [
      AMBER,
      {
        type: 'identity',
        spec_version: '2.1',
        id: identity,
        created: DEPLOYMENT_SINCE,
        modified: DEPLOYMENT_SINCE,
        name: `Stillwatch deployment ${deployment}`,
        identity_class: 'system',
      },
      subject,
      pattern,
      {
        ...common('relationship'),
        relationship_type: finding.kind === 'campaign' ? 'uses' : 'related-to',
        source_ref: subject.id,
        target_ref: pattern.id,
      },
      { ...common('note'), abstract: alertTitle(last), content: figures(last), object_refs: [subject.id] },
      ...(shared === undefined
        ? []
        : sharedObjects(shared, finding.at, subject.id, (name) => common(FINGERPRINT_TYPE, `${finding.id}|${name}`))),
    ],
  };
}

function campaign({ finding }: Transition, common: { id: string }) {
  return {
    ...common,
    name: finding.id,
    description: `${CLASS_WORDS[finding.classification]}: accounts observed to act as one.`,
    objective: finding.classification === 'distillation' ? 'Model distillation' : CLASS_WORDS[finding.classification],
    first_seen: finding.window.from,
    last_seen: finding.window.to,
  };
}

function grouping({ finding }: Transition, common: { id: string }, pattern: string) {
  return {
    ...common,
    name: finding.id,
    description: `${CLASS_WORDS[finding.classification]} of one account.`,
    context: 'suspicious-activity',
    object_refs: [pattern],
  };
}

/** The four figures, whole. */
function figures({ finding, context }: Transition): string {
  const { certain, probable } = finding.accounts;
  const aimed = targeted(finding);
  return [
    `accounts: ${certain} certain, ${probable} probable`,
    `exchanges: ${finding.exchanges} (${context.ranges.exchanges[0]} of certain accounts)`,
    `window: ${finding.window.from} to ${finding.window.to}`,
    `targeted capabilities: ${aimed.length > 0 ? aimed.join(', ') : 'none'}`,
    `error: q ${finding.error.q} (${finding.error.method})`,
  ].join('\n');
}
