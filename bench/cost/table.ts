/** A table that keeps items in memory and counts what DynamoDB would charge for each call. */

type Value = { S?: string; N?: string; B?: Uint8Array; M?: Record<string, Value> };
export type CountedItem = Record<string, Value>;

interface Input {
  Key?: CountedItem;
  Item?: CountedItem;
  ConsistentRead?: boolean;
}

const WRITE_BYTES = 1024;
const READ_BYTES = 4096;

export class CountedTable {
  readonly items = new Map<string, CountedItem>();
  dayWrites = 0;
  fileWrites = 0;
  writeUnits = 0;
  readUnits = 0;

  /** The commands of the aggregates, known by their input: a put has an item, a get has a key. One writer, so no condition fails. */
  async send({ input }: { input: Input }): Promise<object> {
    if (input.Item) return this.put(input.Item);
    const item = this.items.get(keyOf(input.Key!));
    const units = Math.max(1, Math.ceil(sizeOf(item ?? {}) / READ_BYTES));
    this.readUnits += input.ConsistentRead ? units : units / 2;
    return item ? { Item: item } : {};
  }

  /** Charged by the larger of the item before and after. */
  private put(item: CountedItem): object {
    const key = keyOf(item);
    const size = Math.max(sizeOf(item), sizeOf(this.items.get(key) ?? {}));
    this.writeUnits += Math.ceil(size / WRITE_BYTES);
    if (item.ids) this.fileWrites++;
    else this.dayWrites++;
    this.items.set(key, item);
    return {};
  }
}

function keyOf({ pk, sk }: CountedItem): string {
  return `${pk!.S} ${sk!.S}`;
}

/** Names and values, as the developer guide counts them ("DynamoDB item sizes and formats"). */
export function sizeOf(item: CountedItem): number {
  return Object.entries(item).reduce((sum, [name, value]) => sum + name.length + bytesOf(value), 0);
}

function bytesOf({ S, N, B, M }: Value): number {
  if (S !== undefined) return Buffer.byteLength(S);
  if (N !== undefined) return Math.ceil(N.length / 2) + 1;
  if (B !== undefined) return B.length;
  return 3 + Object.entries(M ?? {}).reduce((sum, [name, value]) => sum + 1 + name.length + bytesOf(value), 0);
}
