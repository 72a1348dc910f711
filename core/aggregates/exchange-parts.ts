/** The objects in a usage line but its prompt, each from its opening brace to past its end, into the row at `at`. */
import { MAX_ASN, MAX_MARKS, MAX_TEMPERATURE, NETWORK_KINDS } from '../records/format.ts';
import { END, type LineCursor } from '../records/line-cursor.ts';
import { Words } from '../records/words.ts';
import { ABSENT, paramsCell, ROW } from './exchange.ts';
import { hashBytes, hashNumbersLow, lanes, lanes48 } from './hash.ts';

/** All counts: the most that fifteen digits can say. */
const MAX_COUNT = 999_999_999_999_999;

const TOKENS = { input: 0, output: 1, reasoning: 2, cacheRead: 3, cacheWrite: 4 } as const;
const NEEDED_TOKENS = (1 << TOKENS.input) | (1 << TOKENS.output);
const PARAMS = { maxTokens: 0, temperature: 1, tools: 2, stream: 3 } as const;
const NETWORK = { ip: 0, subnet: 1, asn: 2, kind: 3 } as const;
const CLIENT = { tls: 0, agent: 1 } as const;
const CUSTODY = { minted: 0, presented: 1 } as const;

const tokens = Words.of(TOKENS);
const params = Words.of(PARAMS);
const network = Words.of(NETWORK);
const networkKinds = new Words(NETWORK_KINDS);
const client = Words.of(CLIENT);
const custody = Words.of(CUSTODY);

export function readTokens(cursor: LineCursor, rows: Float64Array, at: number): void {
  for (let key = cursor.first(tokens); key !== END; key = cursor.next(tokens)) {
    const count = cursor.whole(MAX_COUNT);
    switch (key) {
      case TOKENS.input:
        rows[at + ROW.input] = count;
        break;
      case TOKENS.output:
        rows[at + ROW.output] = count;
        break;
      case TOKENS.reasoning:
        rows[at + ROW.reasoning] = count;
        break;
      case TOKENS.cacheRead:
        rows[at + ROW.cacheRead] = count;
    }
  }
  if ((tokens.seen & NEEDED_TOKENS) !== NEEDED_TOKENS) cursor.miss();
}

export function readParams(cursor: LineCursor, rows: Float64Array, at: number): void {
  let maxTokens: number = ABSENT;
  let temperature: number = ABSENT;
  let tools = false;
  let stream = false;
  for (let key = cursor.first(params); key !== END; key = cursor.next(params)) {
    switch (key) {
      case PARAMS.maxTokens:
        maxTokens = cursor.whole(MAX_COUNT);
        break;
      case PARAMS.temperature:
        temperature = cursor.decimal(MAX_TEMPERATURE);
        break;
      case PARAMS.tools:
        tools = cursor.whole(MAX_COUNT) > 0;
        break;
      case PARAMS.stream:
        stream = cursor.boolean();
    }
  }
  rows[at + ROW.params] = paramsCell(maxTokens, temperature, tools, stream);
}

export function readNetwork(cursor: LineCursor, rows: Float64Array, at: number): void {
  for (let key = cursor.first(network); key !== END; key = cursor.next(network)) {
    switch (key) {
      case NETWORK.ip:
        rows[at + ROW.ip] = hashedFingerprint(cursor);
        break;
      case NETWORK.subnet:
        rows[at + ROW.subnet] = hashedFingerprint(cursor);
        break;
      case NETWORK.asn:
        rows[at + ROW.asn] = hashNumbersLow(cursor.whole(MAX_ASN), 0);
        break;
      case NETWORK.kind:
        rows[at + ROW.networkKind] = cursor.word(networkKinds);
    }
  }
}

/** Both as one hash, `tls` first, in whichever order they stand; one that is absent is an empty text. */
export function readClient(cursor: LineCursor, rows: Float64Array, at: number): void {
  const { bytes } = cursor;
  let agentFrom = 0;
  let agentTo = 0;
  hashBytes(bytes, 0, 0);
  for (let key = cursor.first(client); key !== END; key = cursor.next(client)) {
    switch (key) {
      case CLIENT.tls:
        cursor.fingerprint();
        if (agentTo > 0) hashBytes(bytes, agentFrom, agentTo, lanes.low, lanes.high);
        break;
      case CLIENT.agent:
        cursor.fingerprint(lanes.low, lanes.high);
        agentFrom = cursor.from;
        agentTo = cursor.to;
    }
  }
  if (client.seen === 0) return;
  if (agentTo === 0) hashBytes(bytes, 0, 0, lanes.low, lanes.high);
  rows[at + ROW.client] = lanes48();
}

export function readCustody(cursor: LineCursor, rows: Float64Array, at: number): void {
  for (let key = cursor.first(custody); key !== END; key = cursor.next(custody)) {
    readMarks(cursor, rows, at + (key === CUSTODY.minted ? ROW.minted : ROW.presented));
  }
}

/** Their number, then each. */
function readMarks(cursor: LineCursor, rows: Float64Array, at: number): void {
  if (!cursor.openList()) return;
  let held = 0;
  do {
    if (held === MAX_MARKS) {
      cursor.miss();
      return;
    }
    rows[at + ++held] = hashedFingerprint(cursor);
  } while (cursor.moreList());
  rows[at] = held;
}

/** 48 bits of the fingerprint at the cursor. */
export function hashedFingerprint(cursor: LineCursor): number {
  cursor.fingerprint();
  return lanes48();
}
