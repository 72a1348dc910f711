/** `1 finding`, `2 findings`, `1,204 entries`. */
export function counted(value: number, one: string, more = `${one}s`): string {
  return `${value.toLocaleString('en-US')} ${value === 1 ? one : more}`;
}
