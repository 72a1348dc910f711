/** What every store of findings must do, whatever it is made of. */
import { beforeEach, describe, expect, it } from 'vitest';
import { NO_MEMORY } from '../../core/campaigns/tracked.ts';
import type { FindingStore } from '../../core/ports.ts';
import { memory, tracked, transition } from './sample-findings.ts';

const MONDAY = '2026-05-11T00:00:00.000Z';
const TUESDAY = '2026-05-12T00:00:00.000Z';

export function findingStoreContract(name: string, make: () => Promise<FindingStore>): void {
  describe(`findings: ${name}`, () => {
    let store: FindingStore;
    beforeEach(async () => {
      store = await make();
    });

    it('begins with none', async () => {
      expect(await store.load()).toEqual(NO_MEMORY);
    });

    it('gives back what a sweep saved, with every one of 5,000 members', async () => {
      const saved = memory(tracked('f_large', 5000), tracked('f_small'));
      await store.save(MONDAY, saved, [transition('f_large')]);
      expect(await store.load()).toEqual(saved);
    });

    it('changes nothing when the same sweep is saved again', async () => {
      await store.save(MONDAY, memory(tracked('f_1')), []);
      await store.save(MONDAY, memory(tracked('f_other')), []);
      expect(await store.load()).toEqual(memory(tracked('f_1')));
    });

    it('refuses a sweep older than the last, so that a late retry cannot bring back cleared findings', async () => {
      await store.save(TUESDAY, memory(tracked('f_1')), []);
      await expect(store.save(MONDAY, memory(tracked('f_old')), [])).rejects.toThrow(/older/);
      expect(await store.load()).toEqual(memory(tracked('f_1')));
    });

    it('replaces the findings of the sweep before', async () => {
      await store.save(MONDAY, memory(tracked('f_1'), tracked('f_2')), []);
      await store.save(TUESDAY, memory(tracked('f_2')), []);
      expect(await store.load()).toEqual(memory(tracked('f_2')));
    });

    it('is not changed by what the caller does to its own copy', async () => {
      const mine = memory(tracked('f_1'));
      await store.save(MONDAY, mine, []);
      mine.tracked[0]!.members.length = 0;
      expect(await store.load()).toEqual(memory(tracked('f_1')));
    });
  });
}
