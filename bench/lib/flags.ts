/** Flags of a benchmark: `--name value`, each with a default that gives its type. */
export class CallError extends Error {
  override name = 'CallError';
}

/** Throws a `CallError` that names the flag and what it takes. Numbers are whole and at least 1. */
export function flags<T extends Record<string, string | number>>(
  command: string,
  args: readonly string[],
  defaults: T,
): T {
  const found: Record<string, string | number> = { ...defaults };
  for (let i = 0; i < args.length; i += 2) {
    const name = args[i]!.replace(/^--/, '');
    const value = args[i + 1];
    if (!args[i]!.startsWith('--') || !Object.hasOwn(defaults, name) || value === undefined) {
      throw new CallError(
        `${command}: ${args[i]} is not a flag with a value; known: --${Object.keys(defaults).join(', --')}`,
      );
    }
    found[name] = typeof defaults[name] === 'number' ? whole(command, name, value) : value;
  }
  return found as T;
}

function whole(command: string, name: string, value: string): number {
  const number = Number(value);
  if (!Number.isSafeInteger(number) || number < 1) {
    throw new CallError(`${command}: --${name} ${value} is not a whole number of at least 1`);
  }
  return number;
}
