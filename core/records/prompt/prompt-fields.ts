/** A prompt to what may be kept of it: fingerprints, a sketch and classes. The text itself goes no further. */
import type { Fingerprinter } from '../fingerprint.ts';
import type { UsageRecord } from '../schema.ts';
import { flagsOf, taskOf } from './classify.ts';
import { outputContract } from './contract.ts';
import { languageOf } from './language.ts';
import { maskPrompt } from './mask.ts';
import { sketchOf } from './sketch.ts';
import { topicOf } from './topic.ts';

export interface PromptText {
  system?: string;
  /** The conversation, oldest first. */
  turns: readonly { role: string; text: string }[];
  /** Whether token probabilities were asked for. */
  logprobs?: boolean;
  /** A JSON schema that the output is held to. */
  schema?: unknown;
  /** Whether the prompt carries images. */
  images?: boolean;
}

type Prompt = NonNullable<UsageRecord['prompt']>;

/**
 * The `prompt` of a usage record, `undefined` where there is no text.
 *
 * Template, sketch, topic, task and language are those of the user's latest turn: an exchange adds one turn, and the
 * first would count again with every exchange of its conversation. Without a user's turn they are left out.
 */
export function promptFields(request: PromptText, fp: Fingerprinter): UsageRecord['prompt'] {
  const system = request.system?.trim() ?? '';
  const user = request.turns.findLast((turn) => turn.role === 'user' && turn.text.trim() !== '')?.text ?? '';
  if (system === '' && user === '') return undefined;
  const flags = flagsOf({ ...request, system, user });
  const contract = outputContract([system, user], request.schema);
  return {
    ...(system === '' ? {} : { system: fp.system(system) }),
    ...(user === '' ? {} : userFields(request, system, user, fp)),
    ...(contract === undefined ? {} : { contract: fp.fingerprint('contract', contract) }),
    ...(flags.length > 0 ? { flags } : {}),
  };
}

function userFields(request: PromptText, system: string, user: string, fp: Fingerprinter): Prompt {
  const masked = maskPrompt(user);
  return {
    template: fp.fingerprint('template', masked),
    ...defined('sketch', sketchOf(masked, fp.sketchSeeds)),
    ...defined('topic', topicOf(masked)),
    task: taskOf({ ...request, system, user }),
    ...defined('language', languageOf(user)),
  };
}

function defined<K extends keyof Prompt>(key: K, value: Prompt[K] | undefined): Prompt {
  return value === undefined ? {} : { [key]: value };
}
