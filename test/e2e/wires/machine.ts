/**
 * Runs a state machine from its definition: the kinds of states and fields that the template uses, and none that it
 * does not, so that a definition which asks for more stops the run instead of being read wrongly.
 */
import { FunctionError } from '../lambda/functions.ts';

interface Retrier {
  ErrorEquals: string[];
  MaxAttempts?: number;
}

export interface State {
  Type: string;
  Next?: string;
  End?: boolean;
  Resource?: string;
  Parameters?: Record<string, unknown>;
  ResultPath?: string | null;
  ItemsPath?: string;
  ItemSelector?: Record<string, unknown>;
  ItemProcessor?: Machine & { ProcessorConfig: { Mode: string } };
  MaxConcurrency?: number;
  Retry?: (Retrier & { IntervalSeconds?: number; BackoffRate?: number })[];
  Catch?: { ErrorEquals: string[]; Next: string }[];
}

export interface Machine {
  StartAt: string;
  States: Record<string, State>;
  TimeoutSeconds?: number;
}

/** `resource`: ARN of a function. Throws a `FunctionError` where it fails. */
export type Invoke = (resource: string, input: unknown) => Promise<unknown>;

type Data = Record<string, unknown>;

const MACHINE_FIELDS = ['StartAt', 'States', 'TimeoutSeconds', 'ProcessorConfig', 'Comment'];
const COMMON = ['Type', 'Next', 'End', 'Parameters', 'Comment'];
const FIELDS: Record<string, string[]> = {
  Task: [...COMMON, 'Resource', 'Retry', 'Catch'],
  Pass: COMMON,
  Map: [...COMMON, 'ResultPath', 'ItemsPath', 'ItemSelector', 'ItemProcessor', 'MaxConcurrency'],
};

/** Whether a map of it starts executions. */
export function isDistributed({ States }: Machine): boolean {
  return Object.values(States).some(({ ItemProcessor }) => ItemProcessor?.ProcessorConfig.Mode === 'DISTRIBUTED');
}

/** Waits between retries take no time here. */
export async function run(machine: Machine, input: Data, invoke: Invoke): Promise<unknown> {
  onlyKnown('the machine', machine, MACHINE_FIELDS);
  let name: string | undefined = machine.StartAt;
  let data: unknown = input;
  while (name !== undefined) {
    const state: State = machine.States[name]!;
    onlyKnown(name, state, FIELDS[state.Type] ?? []);
    const { output, next } = await step(state, data as Data, invoke);
    data = output;
    name = next;
  }
  return data;
}

async function step(state: State, input: Data, invoke: Invoke): Promise<{ output: unknown; next: string | undefined }> {
  try {
    const output = state.Type === 'Map' ? await mapped(state, input, invoke) : await single(state, input, invoke);
    return { output, next: state.Next };
  } catch (error) {
    const caught = error instanceof FunctionError && state.Catch?.find(({ ErrorEquals }) => names(ErrorEquals, error));
    if (!caught) throw error;
    return { output: { Error: error.errorType, Cause: error.message }, next: caught.Next };
  }
}

async function single(state: State, input: Data, invoke: Invoke): Promise<unknown> {
  const given = state.Parameters ? filled(state.Parameters, input) : input;
  return state.Type === 'Pass' ? given : retried(state, () => invoke(state.Resource!, given));
}

/** Each retrier counts for itself; the first that names the error decides. */
async function retried({ Retry = [] }: State, work: () => Promise<unknown>): Promise<unknown> {
  const used = new Map<Retrier, number>();
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof FunctionError)) throw error;
      const retrier = Retry.find(({ ErrorEquals }) => names(ErrorEquals, error));
      const attempts = retrier ? (used.get(retrier) ?? 0) : 0;
      if (!retrier || attempts >= (retrier.MaxAttempts ?? 3)) throw error;
      used.set(retrier, attempts + 1);
    }
  }
}

async function mapped(state: State, input: Data, invoke: Invoke): Promise<unknown> {
  const { ItemsPath = '$', ItemSelector, ItemProcessor, MaxConcurrency = 40, ResultPath = '$' } = state;
  if (!['INLINE', 'DISTRIBUTED'].includes(ItemProcessor!.ProcessorConfig.Mode))
    throw new Error('a map of an unknown mode');
  const items = read(input, ItemsPath) as unknown[];
  const results: unknown[] = [];
  const rest = items.entries();
  const worker = async () => {
    for (const [i, item] of rest) {
      const given = ItemSelector ? filled(ItemSelector, input, { Map: { Item: { Value: item, Index: i } } }) : item;
      results[i] = await run(ItemProcessor!, given as Data, invoke);
    }
  };
  await Promise.all(Array.from({ length: Math.min(MaxConcurrency, items.length) }, worker));
  if (ResultPath === null) return input;
  if (ResultPath !== '$') throw new Error(`ResultPath ${ResultPath} is not known to this tier`);
  return results;
}

/** A key that ends in `.$` takes its value from the input, or with `$$` from the context. */
function filled(template: unknown, input: Data, context: Data = {}): unknown {
  if (Array.isArray(template)) return template.map((one) => filled(one, input, context));
  if (typeof template !== 'object' || template === null) return template;
  const entries = Object.entries(template).map(([key, value]) => {
    if (!key.endsWith('.$')) return [key, filled(value, input, context)];
    const path = value as string;
    return [key.slice(0, -2), path.startsWith('$$') ? read(context, path.slice(1)) : read(input, path)];
  });
  return Object.fromEntries(entries);
}

/** @throws where the path leads nowhere, as Step Functions does */
function read(data: unknown, path: string): unknown {
  if (!/^\$(\.[A-Za-z0-9_]+)*$/.test(path)) throw new Error(`the path ${path} is not known to this tier`);
  let value = data;
  for (const name of path.split('.').slice(1)) {
    if (typeof value !== 'object' || value === null || !(name in value)) throw new Error(`${path} leads nowhere`);
    value = (value as Data)[name];
  }
  return value;
}

function names(errors: string[], { errorType }: FunctionError): boolean {
  return errors.some((name) => ['States.ALL', 'States.TaskFailed', errorType].includes(name));
}

function onlyKnown(name: string, what: object, known: string[]): void {
  const strange = Object.keys(what).filter((key) => !known.includes(key));
  if (strange.length > 0)
    throw new Error(`${name}: ${strange.join(', ')}: not known to this tier: add it to machine.ts`);
}
