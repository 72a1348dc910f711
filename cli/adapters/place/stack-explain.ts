/** Asks the function of a deployment, signed as the caller: it is the function that has the key and writes the log. */
import { ExplainError } from '../../../core/keys/explain.ts';
import type { Explainer, Explanation } from '../../../core/keys/explainer.ts';
import { InputError } from '../input/input-error.ts';
import { outputsOf, required } from './stack-outputs.ts';
import { type Send, signedFor } from './stack-signed.ts';

export async function stackExplainer(stack: string): Promise<Explainer> {
  const url = new URL(required(stack, await outputsOf(stack), 'ExplainUrl'));
  // The Region is in the name of the host.
  return urlExplainer(url, signedFor('lambda', url.hostname.split('.')[2]!));
}

export function urlExplainer(url: URL, send: Send): Explainer {
  const ask = async <T>(request: object): Promise<T> => {
    const response = await send(url, JSON.stringify(request));
    const answer = (await response.json().catch(() => ({}))) as T & { error?: string };
    if (response.status === 400) throw new ExplainError(answer.error ?? 'the request is not understood');
    if (response.status === 403) {
      throw new InputError(
        'you may not ask: it needs lambda:InvokeFunctionUrl and lambda:InvokeFunction on the function KeysExplain',
      );
    }
    if (!response.ok) throw new Error(answer.error ?? `the function answered ${response.status}`);
    return answer;
  };
  return {
    explain: (request) => ask<Explanation>(request),
    find: async (request) => (await ask<{ values: string[] }>(request)).values,
  };
}
