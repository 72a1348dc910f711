/** What other tools are given: valid by their own schemas, the same on every export, and silent about accounts. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Tie, tieLine } from '../../../core/dossier/bonds.ts';
import { ocsf } from '../../../core/exports/ocsf.ts';
import { linkingValues, type SharedValues } from '../../../core/exports/shared-values.ts';
import { stix } from '../../../core/exports/stix.ts';
import { uuid5 } from '../../../core/exports/uuid5.ts';
import type { Transition } from '../../../core/findings/transition.ts';
import { anyTransition } from '../messages/any-transition.ts';
import { CONSUMER_OPENED, UPDATED } from '../messages/sample.ts';
import { ocsfFaults, stixFaults } from './schemas.ts';

const CONTEXT = { deployment: 'acme-prod', version: '0.9.2', case: { state: 'new', verdict: null } } as const;

describe('an OCSF detection finding', () => {
  it('is valid by the published schema, whatever the finding', () => {
    fc.assert(
      fc.property(
        anyTransition,
        fc.constantFrom(null, 'confirmed', 'benign-planned', 'duplicate', 'unknown'),
        (transition, verdict) => {
          expect(ocsfFaults(ocsf(transition, { ...CONTEXT, case: { state: 'judged', verdict } }))).toEqual([]);
        },
      ),
      { numRuns: 200 },
    );
  });

  it('says what the finding says, in the numbers of class 2004', () => {
    expect(ocsf(UPDATED, CONTEXT)).toMatchObject({
      activity_id: 2,
      category_uid: 2,
      class_uid: 2004,
      type_uid: 200402,
      time: 1782086400000,
      start_time: 1781235669212,
      end_time: 1782086324031,
      count: 865_200,
      severity_id: 5,
      status_id: 1,
      confidence_id: 3,
      is_alert: true,
      finding_info: {
        uid: 'cmp-7f3a91',
        types: ['distillation'],
        analytic: { type_id: 3 },
        attacks: [{ sub_technique: { uid: 'AML.T0024.002' } }],
      },
      unmapped: { finding: UPDATED.finding },
    });
  });

  it.each([
    ['opened', 1, 200401, 2],
    ['cleared', 3, 200403, 4],
  ] as const)('tells %s apart', (state, activity, type, status) => {
    const told: Transition = { ...UPDATED, finding: { ...UPDATED.finding, state } };
    expect(ocsf(told, { ...CONTEXT, case: { state: 'acked', verdict: null } })).toMatchObject({
      activity_id: activity,
      type_uid: type,
      status_id: status,
    });
  });

  it('passes a verdict on to the evidence it is about', () => {
    const verdicts = ['confirmed', 'benign-reseller', 'duplicate', 'unknown'].map((verdict) => {
      const { evidences } = ocsf(UPDATED, { ...CONTEXT, case: { state: 'judged', verdict } });
      return (evidences as { verdict_id: number }[])[0]!.verdict_id;
    });
    expect(verdicts).toEqual([2, 5, 10, 7]);
  });

  it('would be refused with a field that the class does not have, or without one it needs', () => {
    const good = ocsf(UPDATED, CONTEXT);
    expect(ocsfFaults({ ...good, accounts: ['k_1'] })).not.toEqual([]);
    expect(ocsfFaults({ ...good, finding_info: {} })).not.toEqual([]);
    expect(ocsfFaults({ ...good, severity_id: 17 })).not.toEqual([]);
  });
});

describe('a STIX bundle', () => {
  it('is valid by the published schemas, whatever the finding', () => {
    fc.assert(
      fc.property(anyTransition, (transition) => {
        expect(stixFaults(stix([transition], 'acme-prod'))).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });

  it('holds the campaign, what it does and its figures, marked amber, and no indicator', () => {
    const { objects } = stix([UPDATED], 'acme-prod');
    expect(objects.map(({ type }) => type)).toEqual([
      'marking-definition',
      'identity',
      'campaign',
      'attack-pattern',
      'relationship',
      'note',
    ]);
    expect(objects.at(-1)!.content).toContain('accounts: 3310 certain, 810 probable');
    expect(objects[2]).toMatchObject({ first_seen: UPDATED.finding.window.from, last_seen: UPDATED.finding.window.to });
  });

  it('groups what one account did, since that is no campaign', () => {
    expect(stix([CONSUMER_OPENED], 'acme-prod').objects.map(({ type }) => type)).toContain('grouping');
  });

  it('keeps its ids when the finding goes on, so that a reader updates instead of adding', () => {
    const before: Transition = { ...UPDATED, finding: { ...UPDATED.finding, at: '2026-06-18T00:00:00.000Z' } };
    const ids = (told: Transition[]) => stix(told, 'acme-prod').objects.map(({ id }) => id);
    expect(ids([before, UPDATED])).toEqual(ids([before]));
    expect(ids([UPDATED])).not.toEqual(stix([UPDATED], 'other').objects.map(({ id }) => id));
  });

  it('makes ids as RFC 9562 does', () => {
    expect(uuid5('6ba7b810-9dad-11d1-80b4-00c04fd430c8', 'www.example.com')).toBe(
      '2ed6657d-e927-568b-95e1-2665a8aea6a2',
    );
  });

  it('would be refused with a time that is none, or an object without its name', () => {
    const bundle = stix([UPDATED], 'acme-prod');
    const spoilt = (change: object) => ({
      ...bundle,
      objects: bundle.objects.map((one) => (one.type === 'campaign' ? { ...one, ...change } : one)),
    });
    expect(stixFaults(spoilt({ first_seen: 'yesterday' }))).not.toEqual([]);
    expect(stixFaults(spoilt({ name: undefined }))).not.toEqual([]);
  });
});

describe('what is told under a shared key', () => {
  const shared: SharedValues = {
    group: 'vendors',
    key: '2026-1',
    values: [
      { kind: 'instrument', value: 'a'.repeat(16), accounts: 12 },
      { kind: 'template', value: 'b'.repeat(16), accounts: 40 },
    ],
  };
  const told = (more: Partial<SharedValues> = {}, transitions = [UPDATED]) =>
    stix(transitions, 'acme-prod', { ...shared, ...more });
  const fingerprints = (bundle = told()) => bundle.objects.filter(({ type }) => type === 'stillwatch-fingerprint');

  it('is valid by the published schemas and by the one that it brings', () => {
    expect(stixFaults(told())).toEqual([]);
    expect(fingerprints()).toHaveLength(2);
  });

  it('names the campaign, the group and its key, and is over 30 days after it was told', () => {
    expect(fingerprints()[0]).toMatchObject({
      key_group: 'vendors',
      key_name: '2026-1',
      kind: 'instrument',
      accounts: 12,
      valid_from: '2026-06-22T00:00:00.000Z',
      valid_until: '2026-07-22T00:00:00.000Z',
      campaign_ref: told().objects.find(({ type }) => type === 'campaign')!.id,
    });
  });

  it('has another id under another key, and the same when the finding goes on', () => {
    const ids = (bundle = told()) => fingerprints(bundle).map(({ id }) => id);
    const later: Transition = { ...UPDATED, finding: { ...UPDATED.finding, at: '2026-06-25T00:00:00.000Z' } };
    expect(ids(told({}, [UPDATED, later]))).toEqual(ids());
    expect(ids(told({ key: '2026-2' }))).not.toEqual(ids());
  });

  it('would be refused without its end, or without what defines it', () => {
    const { objects, ...bundle } = told();
    const endless = objects.map(({ valid_until: _, ...object }) => object);
    expect(stixFaults({ ...bundle, objects: endless })).not.toEqual([]);
    const undefinedType = objects.filter(({ type }) => type !== 'extension-definition');
    expect(stixFaults({ ...bundle, objects: undefinedType })).not.toEqual([]);
  });

  it('leaves the bundle as it is where nothing links', () => {
    expect(told({ values: [] })).toEqual(stix([UPDATED], 'acme-prod'));
  });

  const links = (held: [string, Tie][]) =>
    [
      ...linkingValues(
        held.map(([account, tie]) => tieLine(tie, account)).sort(),
        new Set(['a', 'b', 'c']),
        new Set(['maybe']),
      ),
    ].map(({ kind, value, accounts }) => `${kind} ${value} ${accounts}`);
  const card: Tie = { group: 'identity', kind: 'instrument', value: 'card' };
  const exit: Tie = { group: 'network', kind: 'ip', value: 'exit' };

  it('is what two certain accounts hold: not what one holds, nor one and a probable account', () => {
    expect(
      links([
        ['a', card],
        ['b', card],
        ['maybe', card],
        ['a', exit],
        ['maybe', exit],
      ]),
    ).toEqual(['instrument card 2']);
  });

  it('is no exit of a campus, on which others are as well: who acts on it would meet bystanders', () => {
    expect(
      links([
        ['a', exit],
        ['b', exit],
        ['stranger', exit],
      ]),
    ).toEqual([]);
  });

  it('is no state of a conversation, which never comes back elsewhere', () => {
    expect(
      links([
        ['a', { group: 'custody', kind: 'state', value: 's', role: 'minted' }],
        ['b', { group: 'custody', kind: 'state', value: 's', role: 'presented' }],
      ]),
    ).toEqual([]);
  });
});
