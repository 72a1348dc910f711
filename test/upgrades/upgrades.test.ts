/**
 * A new version reads what the ones before it stored, and an old one stops at what it does not know. The fixtures are
 * items as the first version of each layout wrote them: never change one. A new layout gets a file of its own, which
 * `STILLWATCH_WRITE_LAYOUT=yes npx vitest run test/upgrades` writes.
 */
import { existsSync, globSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ITEM_LAYOUT, type Item } from '../../lambdas/adapters/dynamo-items.ts';
import { createTable, type DynamoServer, startDynalite } from '../support/dynamodb.ts';
import { fromText, itemsOf, putItems, READERS, storesOf, TABLES, type Tables, toText, writeAll } from './stored.ts';

const FOLDER = join(import.meta.dirname, '../fixtures/layouts');
const fileOf = (layout: number, what: 'items' | 'read') => join(FOLDER, `${layout}.${what}.json`);
const layouts = globSync('*.items.json', { cwd: FOLDER }).map((file) => Number.parseInt(file, 10));

let server: DynamoServer;
let written: Record<string, Item[]>;
beforeAll(async () => {
  server = await startDynalite();
  const tables = await newTables();
  await writeAll(storesOf(server.client, tables));
  written = await allItems(tables);
  if (process.env.STILLWATCH_WRITE_LAYOUT !== 'yes' || existsSync(fileOf(ITEM_LAYOUT, 'items'))) return;
  writeFileSync(fileOf(ITEM_LAYOUT, 'items'), toText(written));
  writeFileSync(fileOf(ITEM_LAYOUT, 'read'), toText(await readAll(tables)));
});
afterAll(() => server.stop());

async function newTables(items: Record<string, Item[]> = {}): Promise<Tables> {
  const tables: Partial<Tables> = {};
  for (const name of TABLES) {
    tables[name] = await createTable(server, name);
    await putItems(server.client, tables[name], items[name] ?? []);
  }
  return tables as Tables;
}

async function allItems(tables: Tables): Promise<Record<string, Item[]>> {
  const all: Record<string, Item[]> = {};
  for (const name of TABLES) all[name] = await itemsOf(server.client, tables[name]);
  return all;
}

async function readAll(tables: Tables): Promise<Record<string, unknown>> {
  const stores = storesOf(server.client, tables);
  const read: Record<string, unknown> = {};
  for (const [name, reader] of Object.entries(READERS)) read[name] = await reader(stores);
  return read;
}

describe('what is stored', () => {
  it('says its layout, in every item of every table', () => {
    for (const name of TABLES) {
      expect(written[name]!.length, name).toBeGreaterThan(0);
      for (const item of written[name]!)
        expect(item.layout, `${name} ${item.pk!.S} ${item.sk!.S}`).toEqual({ N: String(ITEM_LAYOUT) });
    }
  });

  it('has not changed since its layout was given a number: another shape needs another number', () => {
    const fixture = fromText(readFileSync(fileOf(ITEM_LAYOUT, 'items'), 'utf8'));
    for (const name of TABLES) expect(shapes(written[name]!), name).toEqual(shapes(fixture[name]!));
  });

  /** Keys, and names and types of attributes. */
  function shapes(items: Item[]) {
    return items.map(({ pk, sk, ...attributes }) => [
      pk!.S,
      sk!.S,
      Object.entries(attributes)
        .map(([name, value]) => `${name} ${Object.keys(value)[0]}`)
        .sort(),
    ]);
  }
});

describe.each(layouts)('after an upgrade from layout %i', (layout) => {
  const items = () => fromText(readFileSync(fileOf(layout, 'items'), 'utf8'));

  it.each(Object.keys(READERS))('nothing is misread: %s', async (name) => {
    const expected = JSON.parse(readFileSync(fileOf(layout, 'read'), 'utf8')) as Record<string, unknown>;
    const stores = storesOf(server.client, await newTables(items()));
    expect(JSON.parse(toText((await READERS[name]!(stores)) ?? null))).toEqual(expected[name]);
  });

  it('what was counted before is not counted again', async () => {
    const stores = storesOf(server.client, await newTables(items()));
    expect(await READERS.repeats!(stores)).toMatchObject({ folded: 0 });
  });
});

describe('after a roll-back, with items of a newer layout', () => {
  let tables: Tables;
  let before: Record<string, Item[]>;
  beforeAll(async () => {
    const newer = (item: Item) => ({ ...item, layout: { N: String(ITEM_LAYOUT + 1) } });
    tables = await newTables(Object.fromEntries(Object.entries(written).map(([name, all]) => [name, all.map(newer)])));
    before = await allItems(tables);
  });

  it.each(Object.keys(READERS))('the older version stops rather than misread: %s', async (name) => {
    const stores = storesOf(server.client, tables);
    await expect(READERS[name]!(stores)).rejects.toThrow(
      /item of layout \d+; this version reads up to \d+: deploy the newer version/,
    );
  });

  it('and has changed nothing', async () => {
    expect(toText(await allItems(tables))).toEqual(toText(before));
  });
});
