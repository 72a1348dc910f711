import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AccountCodes } from '../../../core/aggregates/account-codes.ts';
import { packAccountDay } from '../../../core/aggregates/account-day-codec.ts';
import { ROW_FIELDS } from '../../../core/aggregates/exchange.ts';
import { writeRow } from '../../../core/aggregates/exchange-rows.ts';
import { OpenDays } from '../../../core/aggregates/open-days.ts';
import { BLOCK_BYTES, Blocks } from '../../../core/aggregates/short-rows.ts';
import type { UsageRecord } from '../../../core/records/schema.ts';
import { DAY, exchange, fold } from './days.ts';

const rows = new Float64Array(ROW_FIELDS);

function add(open: OpenDays, codes: AccountCodes, record: UsageRecord): void {
  writeRow(record, codes, rows, 0);
  open.add(rows, 0);
}

/** By account, packed. */
function closed(open: OpenDays, codes: AccountCodes): Record<string, string> {
  const days: Record<string, string> = {};
  open.close((code, delta) => {
    days[codes.names[code]!] = Buffer.from(packAccountDay(delta, DAY)).toString('hex');
  });
  return days;
}

describe('account-days that are open', () => {
  it('are those of their exchanges, whenever what waits is folded', () => {
    const step = fc.oneof(
      { weight: 9, arbitrary: fc.tuple(exchange(), fc.nat(4)) },
      { weight: 1, arbitrary: fc.constant('fold') },
    );
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 60 }), (steps) => {
        const [codes, blocks] = [new AccountCodes(), new Blocks()];
        const open = new OpenDays(DAY, blocks);
        const records: UsageRecord[] = [];
        for (const one of steps) {
          if (typeof one === 'string') {
            open.fold();
            expect(blocks.taken).toBe(0);
          } else {
            const record = { ...one[0], account: `k_${one[1]}` };
            records.push(record);
            add(open, codes, record);
          }
        }
        const expected = [...Map.groupBy(records, ({ account }) => account)].map(([account, group]) => {
          return [account, Buffer.from(packAccountDay(fold(group), DAY)).toString('hex')];
        });
        expect(closed(open, codes)).toEqual(Object.fromEntries(expected));
        expect(blocks.taken).toBe(0);
      }),
      { numRuns: 100 },
    );
  });

  it('use the same memory again, day after day', () => {
    const [codes, blocks] = [new AccountCodes(), new Blocks()];
    const [record] = fc.sample(exchange(), { numRuns: 1, seed: 7 });
    let [taken, most] = [0, 0];
    const take = blocks.take.bind(blocks);
    const made = new Set<unknown>();
    blocks.take = () => {
      const block = take();
      made.add(block);
      taken++;
      return block;
    };
    for (let day = 0; day < 3; day++) {
      const open = new OpenDays(DAY, blocks);
      for (let i = 0; i < 3000; i++) add(open, codes, { ...record!, id: `${day} ${i}` });
      most = Math.max(most, blocks.taken);
      closed(open, codes);
    }
    expect(made.size).toBe(most);
    expect(taken).toBe(3 * most);
    expect(most * BLOCK_BYTES).toBeLessThan(3000 * 8 * ROW_FIELDS);
  });
});
