/** Seeded logs in foreign formats, with the texts, addresses and keys that must not get out. */

export interface ForeignSpec {
  seed: number;
  exchanges: number;
  /** Accounts take turns at random. */
  accounts: number;
  /** RFC 3339; exchanges follow each other by `stepMs`. */
  start: string;
  stepMs: number;
}

const DEFAULTS: ForeignSpec = {
  seed: 1,
  exchanges: 1000,
  accounts: 40,
  start: '2026-04-15T00:00:00.000Z',
  stepMs: 60_000,
};

/** Lines of a Bedrock invocation log: prompts and answers, no addresses. */
export function* bedrockLines(spec: Partial<ForeignSpec> = {}): Generator<string> {
  for (const call of calls({ ...DEFAULTS, ...spec })) {
    yield JSON.stringify({
      schemaType: 'ModelInvocationLog',
      schemaVersion: '1.0',
      timestamp: `${call.time.slice(0, 19)}Z`,
      accountId: '111122223333',
      region: 'eu-west-1',
      requestId: call.id,
      operation: 'Converse',
      modelId: 'eu.anthropic.claude-opus-5-v1:0',
      identity: { arn: `arn:aws:sts::111122223333:assumed-role/tenant-${call.account}/task-${call.id.slice(0, 4)}` },
      requestMetadata: { tenant: `tenant-${call.account}`, conversation: call.session },
      input: {
        inputContentType: 'application/json',
        inputBodyJson: {
          system: [{ text: call.system }],
          messages: [{ role: 'user', content: [{ text: call.prompt }] }],
          inferenceConfig: { maxTokens: 4096, temperature: 1 },
        },
        inputTokenCount: call.input,
      },
      output: {
        outputContentType: 'application/json',
        outputBodyJson: {
          output: { message: { role: 'assistant', content: [{ text: call.answer }] } },
          stopReason: 'end_turn',
          metrics: { latencyMs: call.latencyMs },
        },
        outputTokenCount: call.output,
      },
    });
  }
}

/** LiteLLM payloads, one a line: messages, addresses, user agents, key hashes, e-mail addresses. */
export function* litellmLines(spec: Partial<ForeignSpec> = {}): Generator<string> {
  for (const call of calls({ ...DEFAULTS, ...spec })) {
    const start = Date.parse(call.time) / 1000;
    yield JSON.stringify({
      id: `chatcmpl-${call.id.slice(0, 12)}`,
      litellm_call_id: call.id,
      trace_id: call.session,
      call_type: 'acompletion',
      stream: false,
      status: 'success',
      custom_llm_provider: 'anthropic',
      model: 'opus-5',
      prompt_tokens: call.input,
      completion_tokens: call.output,
      startTime: start,
      endTime: start + call.latencyMs / 1000,
      end_user: call.email,
      requester_ip_address: call.ip,
      user_agent: 'acme-sdk/3.2 node/24',
      messages: [
        { role: 'system', content: call.system },
        { role: 'user', content: call.prompt },
      ],
      response: {
        id: `chatcmpl-${call.id.slice(0, 12)}`,
        choices: [{ finish_reason: 'stop', message: { role: 'assistant', content: call.answer } }],
      },
      model_parameters: { max_tokens: 4096, temperature: 1 },
      metadata: {
        user_api_key_hash: call.keyHash,
        user_api_key_user_id: call.email,
        user_api_key_org_id: `org-${call.account % 7}`,
        user_api_key_team_id: `team-${call.account % 11}`,
      },
    });
  }
}

/** Everything of the lines above that must not be in any output: addresses, e-mail addresses, key hashes, prompt words. */
export function foreignSecrets(spec: Partial<ForeignSpec> = {}): string[] {
  const secrets = new Set<string>();
  for (const call of calls({ ...DEFAULTS, ...spec })) {
    for (const secret of [
      call.ip,
      call.email,
      call.keyHash,
      ...long(call.system),
      ...long(call.prompt),
      ...long(call.answer),
    ]) {
      secrets.add(secret);
    }
  }
  return [...secrets];
}

/** Words that are long enough to give a text away. */
function long(text: string): string[] {
  return text.split(/\W+/).filter((word) => word.length >= 8);
}

interface Call {
  id: string;
  time: string;
  account: number;
  session: string;
  system: string;
  prompt: string;
  answer: string;
  ip: string;
  email: string;
  keyHash: string;
  input: number;
  output: number;
  latencyMs: number;
}

function* calls(spec: ForeignSpec): Generator<Call> {
  const random = generator(spec.seed);
  const start = Date.parse(spec.start);
  for (let i = 0; i < spec.exchanges; i++) {
    const account = Math.floor(random() * spec.accounts);
    yield {
      id: uuid(random),
      time: new Date(start + i * spec.stepMs).toISOString(),
      account,
      session: uuid(generator(account * 1000 + (i >> 5))),
      system: `You are the assistant of workgroup${account % 9}quartz. Answer in plain sentences.`,
      prompt: `Explain step by step how component${i % 50}basalt of the plan meets requirement${i}granite, and grade it.`,
      answer: `Component first, requirement second. conclusion${i}feldspar follows from both of them, as shown above.`,
      // Documentation ranges of RFC 5737.
      ip: `203.0.113.${account % 250}`,
      email: `person${account}.canary@example.org`,
      keyHash: hex(generator(account + 1), 64),
      input: 200 + Math.floor(random() * 4000),
      output: 50 + Math.floor(random() * 2000),
      latencyMs: 300 + Math.floor(random() * 20_000),
    };
  }
}

function hex(random: () => number, digits: number): string {
  let text = '';
  while (text.length < digits) text += Math.floor(random() * 16).toString(16);
  return text;
}

function uuid(random: () => number): string {
  return [8, 4, 4, 4, 12].map((digits) => hex(random, digits)).join('-');
}

/** mulberry32 (Ettinger, 2017): good enough for test data. */
function generator(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
