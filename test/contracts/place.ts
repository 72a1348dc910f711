/** What every place must do, whether a folder, tables or memory: the commands know no difference. */
import { beforeEach, describe, expect, it } from 'vitest';
import { hash48 } from '../../core/aggregates/hash.ts';
import { NO_MEMORY } from '../../core/campaigns/tracked.ts';
import { advance } from '../../core/cases/advance.ts';
import { type CaseBook, EMPTY_BOOK } from '../../core/cases/book.ts';
import type { Seen } from '../../core/cases/cover.ts';
import type { NewEntry } from '../../core/cases/entry.ts';
import { knownOf } from '../../core/cases/reach.ts';
import { type DossierLine, previousRoot } from '../../core/dossier/chain.ts';
import type { Transition } from '../../core/findings/transition.ts';
import { type Envelope, envelope } from '../../core/messages/envelope.ts';
import type { Place } from '../../core/place.ts';
import { SETTINGS } from '../core/messages/sample.ts';
import { tracked, transition } from './sample-findings.ts';

export interface Written {
  transitions: Transition[];
  findings: ReturnType<typeof tracked>[];
  messages: Envelope[];
  book: CaseBook;
}

const OPENED = transition('cmp-1');
const UPDATED = transition(
  'cmp-1',
  { state: 'updated', at: '2026-05-16T00:00:00.000Z', reason: 'accounts 37 -> 80 (2.2x)' },
  { message: 'updated', sequence: 2 },
);
const OTHER = transition('con-2', { kind: 'consumer', at: '2026-05-16T00:00:00.000Z' });
const SEEN: Seen = {
  dataTo: '2026-05-15T23:59:00.000Z',
  daily: OPENED.context.daily,
  reach: { k_00000001: { org: 'o1', templates: [hash48('t1')] } },
};
/** As the notifier left it after both sweeps. */
const BOOK = advance(EMPTY_BOOK, {
  log: [],
  findings: new Map(),
  now: Date.parse(UPDATED.finding.at),
  news: { at: UPDATED.finding.at, transitions: [OPENED, OTHER] },
  rules: { deployment: 'test', foldMs: 0, maxPagesPerDay: 20 },
}).book;
export const KNOWN = knownOf(['k_00000001', 'somebody'], ['o1', 'o2']);
export const WRITTEN: Written = {
  book: BOOK,
  transitions: [OPENED, UPDATED, OTHER],
  findings: [
    {
      ...tracked('cmp-1', 12),
      seen: SEEN,
      movedSinceTold: [
        ['k_00000001', 'out'],
        ['k_00000002', 'probable'],
      ],
    },
    tracked('con-2', 1),
  ],
  messages: [OPENED, UPDATED, OTHER].map((told) => envelope(told, SETTINGS)),
};
const ACK: NewEntry = { action: 'ack', finding: 'cmp-1', at: '2026-05-15T00:06:00.000Z', by: 'mara' };
const NOTE: NewEntry = {
  action: 'note',
  finding: 'cmp-1',
  at: '2026-05-15T00:07:00.000Z',
  by: 'tom',
  text: 'Ünïcode, "quoted"\nand two lines',
};

export function placeContract(name: string, make: (written: Written) => Promise<Place>): void {
  describe(`a place: ${name}`, () => {
    let place: Place;
    beforeEach(async () => {
      place = await make(WRITTEN);
    });

    it('gives the transitions in time order, with what they were told with', async () => {
      expect(await place.transitions()).toEqual(WRITTEN.transitions);
    });

    it('gives the members of all findings, or of one', async () => {
      expect(await place.members()).toHaveLength(13);
      expect(await place.members('cmp-1')).toEqual(WRITTEN.findings[0]!.members);
      expect(await place.members('cmp-none')).toEqual([]);
    });

    it('gives the members of the last message, however they moved since', async () => {
      const then = new Map(
        (await place.membersWhenTold('cmp-1')).map(({ account, confidence }) => [account, confidence]),
      );
      const now = await place.members('cmp-1');
      expect(then.has('k_00000001')).toBe(false);
      expect(then.get('k_00000002')).toBe('probable');
      const others = now.filter(
        ({ account, until }) => until === undefined && account !== 'k_00000001' && account !== 'k_00000002',
      );
      for (const { account, confidence } of others) expect(then.get(account)).toBe(confidence);
      expect(then.size).toBe(others.length + 1);
    });

    it('gives the messages in time order, or those of one finding', async () => {
      expect((await place.messages()).map(({ at }) => at)).toEqual(
        WRITTEN.transitions.map(({ finding }) => finding.at),
      );
      const own = await place.messages('cmp-1');
      expect(own.map(({ message }) => message)).toEqual(WRITTEN.messages.slice(0, 2));
      expect(own[0]!.deliveries.map(({ channel }) => channel)).toEqual(['sns', 'chat', 'pagerduty', 'webhook', 'mail']);
    });

    it('gives the cases as of the last look, and what their findings have in common with others', async () => {
      const { book, findings } = await place.desk();
      expect(book).toEqual(BOOK);
      expect(findings.get('cmp-1')).toEqual({ members: WRITTEN.findings[0]!.members, seen: SEEN });
      expect(findings.get('con-2')!.members).toHaveLength(1);
    });

    it.each([
      [{ account: 'somebody' }, true],
      [{ account: 'o1' }, false],
      [{ org: 'o2' }, true],
      [{ org: 'somebody' }, false],
      [{ template: 't1' }, true],
      [{ template: 'o1' }, false],
    ])('knows what there is: %j is %j', async (scope, known) => {
      expect(await place.knows(scope)).toBe(known);
    });

    it('begins with an empty log, and gives back each entry with its place in it', async () => {
      expect(await place.cases.read()).toEqual([]);
      expect(await place.cases.append(ACK, 0)).toEqual({ ...ACK, seq: 1 });
      expect(await place.cases.append(NOTE, 1)).toEqual({ ...NOTE, seq: 2 });
      expect(await place.cases.read()).toEqual([
        { ...ACK, seq: 1 },
        { ...NOTE, seq: 2 },
      ]);
      expect(await place.cases.read(1)).toEqual([{ ...NOTE, seq: 2 }]);
    });

    it('lets the first of two at the same place in, and changes nothing for the second', async () => {
      const both = await Promise.all([place.cases.append(ACK, 0), place.cases.append(NOTE, 0)]);
      const won = both.filter((entry) => entry !== undefined);
      expect(won).toHaveLength(1);
      expect(await place.cases.read()).toEqual(won);
    });

    it('leaves no hole: who counted too many entries writes nothing', async () => {
      expect(await place.cases.append(ACK, 3)).toBeUndefined();
      expect(await place.cases.read()).toEqual([]);
    });

    it('chains a dossier to the one before it, and tells the second of two who make one at once', async () => {
      const line: DossierLine = {
        finding: 'cmp-1',
        edition: 'internal',
        at: '2026-05-16T00:00:00.000Z',
        body: 'b1',
        root: 'r1',
        prev: null,
        exchangeList: 'x',
        made: '2026-05-17T09:00:00.000Z',
        held: 'held/cmp-1.ndjson.gz',
      };
      expect(await place.dossiers.read()).toEqual([]);
      expect(await place.dossiers.append(line, 0)).toBe(true);
      const next: DossierLine = { ...line, body: 'b2', root: 'r2', prev: 'r1' };
      expect(await place.dossiers.append(next, 0)).toBe(false);
      expect(await place.dossiers.append(next, 2)).toBe(false);
      expect(await place.dossiers.append(next, 1)).toBe(true);
      const lines = await place.dossiers.read();
      expect(lines).toEqual([line, next]);
      expect(previousRoot(lines, { ...line, body: 'b3' })).toEqual({ prev: 'r2', known: false });
      expect(previousRoot(lines, { ...line, body: 'b2' })).toEqual({ prev: 'r1', known: true });
      expect(previousRoot(lines, { ...line, edition: 'external', body: 'b2' })).toEqual({ prev: null, known: false });
      expect(await place.cases.read()).toEqual([]);
    });

    it('refuses an entry that the log could not be read with', async () => {
      await expect(place.cases.append({ ...ACK, by: '' }, 0)).rejects.toThrow(/by: must not be empty/);
      expect(await place.cases.read()).toEqual([]);
    });
  });
}

export const memoryOf = ({ findings }: Written) => ({ ...NO_MEMORY, tracked: findings });
