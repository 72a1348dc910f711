/** How items of both tables are written and read back: typed attributes, and a layout version in every item. */
import type { AttributeValue } from '@aws-sdk/client-dynamodb';

export type Item = Record<string, AttributeValue>;

/** Layout of every item; a reader refuses a newer one rather than misread it. */
export const ITEM_LAYOUT = 2;

export class ItemError extends Error {
  override name = 'ItemError';
}

export function checkLayout(item: Item): Item {
  const layout = numberOf(item, 'layout');
  if (layout > ITEM_LAYOUT) {
    throw new ItemError(`item of layout ${layout}; this version reads up to ${ITEM_LAYOUT}: deploy the newer version`);
  }
  return item;
}

export const layout: AttributeValue = { N: String(ITEM_LAYOUT) };

export function textOf(item: Item, name: string): string {
  const value = item[name]?.S;
  if (value === undefined) throw new ItemError(`item without the text ${name}`);
  return value;
}

export function numberOf(item: Item, name: string): number {
  const value = Number(item[name]?.N);
  if (Number.isNaN(value)) throw new ItemError(`item without the number ${name}`);
  return value;
}

export function bytesOf(item: Item, name: string): Uint8Array {
  const value = item[name]?.B;
  if (value === undefined) throw new ItemError(`item without the bytes ${name}`);
  return value;
}

/** A map of texts. */
export function textsOf(item: Item, name: string): Record<string, string> {
  const entries = Object.entries(item[name]?.M ?? {});
  return Object.fromEntries(entries.map(([key, value]) => [key, value.S ?? '']));
}

export function texts(values: Record<string, string>): AttributeValue {
  return { M: Object.fromEntries(Object.entries(values).map(([key, value]) => [key, { S: value }])) };
}
