/** Reads the environment of a function: once, typed, and loudly when a variable is missing or wrong. */
export type Env = Readonly<Record<string, string | undefined>>;

export class EnvError extends Error {
  override name = 'EnvError';
}

export function text(env: Env, name: string): string {
  const value = env[name];
  if (value === undefined || value === '') throw new EnvError(`${name} is not set; the stack sets it on deployment`);
  return value;
}

export function integer(env: Env, name: string, min: number, max: number): number {
  const value = Number(text(env, name));
  if (!Number.isInteger(value) || value < min || value > max) {
    throw new EnvError(`${name} must be a whole number from ${min} to ${max}, not "${env[name]}"`);
  }
  return value;
}

export function oneOf<T extends string>(env: Env, name: string, choices: readonly T[]): T {
  const value = text(env, name);
  const choice = choices.find((known) => known === value);
  if (choice === undefined) throw new EnvError(`${name} must be ${choices.join(' or ')}, not "${value}"`);
  return choice;
}

/** `parse` throws with one clear line. */
export function json<T>(env: Env, name: string, parse: (value: unknown) => T): T {
  const value = text(env, name);
  try {
    return parse(JSON.parse(value));
  } catch (error) {
    throw new EnvError(`${name}: ${error instanceof Error ? error.message : String(error)}`);
  }
}
