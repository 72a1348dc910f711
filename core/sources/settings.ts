/** What an operator says about the traffic of each foreign format: who is accountable, and what identifies nobody. */
import * as z from '../zod.ts';

const name = z.string().check(z.minLength(1), z.maxLength(256));
/**
 * Fields that identify nobody (a team number, say): their values are kept as they are. Every other account,
 * organisation and session is fingerprinted; so is a value of such a field that looks like an e-mail or IP address.
 */
const plain = z._default(z.array(name).check(z.maxLength(32)), []);

const bedrock = z.strictObject({
  /** Key of `requestMetadata` that names the accountable party. Where it is absent, the role of `identity.arn` is. */
  account: z.optional(name),
  /** Key of `requestMetadata` that names the conversation. */
  session: z.optional(name),
  /** Key of `requestMetadata` that names the customer. */
  org: z.optional(name),
  /** Keys of `requestMetadata`, or `identity.arn`; users and single sign-on sessions are fingerprinted all the same. */
  plain,
  /** Whether `inputTokenCount` already holds the cached tokens. */
  tokensIncludeCache: z._default(z.boolean(), false),
});

const litellm = z.strictObject({
  /** Field of `metadata` that names the accountable party. */
  account: z._default(
    z.enum(['user_api_key_hash', 'user_api_key_team_id', 'user_api_key_user_id', 'user_api_key_end_user_id']),
    'user_api_key_hash',
  ),
  /** Field of the payload, else of its `metadata`, that names the conversation. */
  session: z._default(name, 'trace_id'),
  /** Field of `metadata` that names the customer. */
  org: z._default(name, 'user_api_key_org_id'),
  /** Fields of `metadata`. */
  plain,
  /** Whether `prompt_tokens` already holds the cached tokens. */
  tokensIncludeCache: z._default(z.boolean(), true),
});

const otel = z.strictObject({
  /** Attributes that may name the accountable party, of which the first present counts. There is no standard one. */
  account: z._default(z.array(name).check(z.minLength(1), z.maxLength(32)), [
    'user.id',
    'enduser.id',
    'enduser.pseudo.id',
  ]),
  /** Attributes that may name the conversation. */
  session: z._default(z.array(name).check(z.maxLength(32)), ['gen_ai.conversation.id', 'session.id']),
  /** Attributes that may name the customer. */
  org: z._default(z.array(name).check(z.maxLength(32)), []),
  /** Attributes. */
  plain,
  /** Whether `gen_ai.usage.input_tokens` already holds the cached tokens, as the conventions ask. */
  tokensIncludeCache: z._default(z.boolean(), true),
});

/** Attribution of each foreign format. Every field has a default, so `{}` is valid. */
export const sourceSettingsSchema = z.prefault(
  z.strictObject({ bedrock: z.prefault(bedrock, {}), litellm: z.prefault(litellm, {}), otel: z.prefault(otel, {}) }),
  {},
);

export type SourceSettings = z.infer<typeof sourceSettingsSchema>;
