/**
 * The short way from a line of our own format to a row: checked and hashed in one pass over its bytes, without an object
 * or a text on the way. It takes the lines that nearly all are, exactly as `parseRecord` would, and leaves the others to
 * it: a property test holds the two together.
 */

import { FLAGS, NETWORK_KINDS, STATUSES, TASKS } from '../records/format.ts';
import { END, LineCursor } from '../records/line-cursor.ts';
import { Words } from '../records/words.ts';
import type { AccountCodes } from './account-codes.ts';
import { BASE64_DIGIT } from './decode-sketch.ts';
import { ABSENT, EMPTY_ROW, paramsCell, ROW, ROW_FIELDS } from './exchange.ts';
import { hashBytes, hashNumbersLow, lanes, lanes48 } from './hash.ts';

const USAGE = {
  type: 0,
  id: 1,
  time: 2,
  account: 3,
  model: 4,
  tokens: 5,
  provider: 6,
  operation: 7,
  status: 8,
  finish: 9,
  latencyMs: 10,
  params: 11,
  network: 12,
  client: 13,
  session: 14,
  prompt: 15,
  custody: 16,
} as const;
/** `type` to `tokens`. */
const NEEDED = 0b111_111;
const TOKENS = { input: 0, output: 1, reasoning: 2, cacheRead: 3, cacheWrite: 4 } as const;
const NEEDED_TOKENS = 0b11;
const PARAMS = { maxTokens: 0, temperature: 1, tools: 2, stream: 3 } as const;
const NETWORK = { ip: 0, subnet: 1, asn: 2, kind: 3 } as const;
const CLIENT = { tls: 0, agent: 1 } as const;
const PROMPT = { system: 0, template: 1, sketch: 2, contract: 3, topic: 4, task: 5, language: 6, flags: 7 } as const;
const CUSTODY = { minted: 0, presented: 1 } as const;

/** All counts: the most that fifteen digits can say. */
const MAX_COUNT = 999_999_999_999_999;
const MAX_ASN = 4_294_967_295;
const MAX_MARKS = 8;
const MAX_FLAGS = 32;
const SKETCH_LETTERS = 43;

const wordsOf = (places: Record<string, number>) => new Words(Object.keys(places));

export class ExchangeReader {
  /** Where the line after the latest one begins. */
  next = 0;
  private readonly codes: AccountCodes;
  private readonly cursor = new LineCursor();
  private readonly words = {
    usage: wordsOf(USAGE),
    tokens: wordsOf(TOKENS),
    params: wordsOf(PARAMS),
    network: wordsOf(NETWORK),
    client: wordsOf(CLIENT),
    prompt: wordsOf(PROMPT),
    custody: wordsOf(CUSTODY),
    types: new Words(['usage']),
    statuses: new Words(STATUSES),
    kinds: new Words(NETWORK_KINDS),
    tasks: new Words(TASKS),
    flags: new Words(FLAGS),
  };
  private rows: Float64Array = EMPTY_ROW;
  private row = 0;
  /** Keys of the object at hand that were seen, as bits. */
  private seen = 0;

  constructor(codes: AccountCodes) {
    this.codes = codes;
  }

  /**
   * The line of `bytes` that begins at `from`, into the row at `at`: all but its line number. False where it is not for
   * this reader; then the row is as good as empty. A newline must end the line.
   */
  read(bytes: Uint8Array, from: number, rows: Float64Array, at: number): boolean {
    const { cursor } = this;
    cursor.bytes = bytes;
    cursor.at = from;
    cursor.strange = false;
    for (let i = 0; i < ROW_FIELDS; i++) rows[at + i] = EMPTY_ROW[i]!;
    this.rows = rows;
    this.row = at;
    this.usage();
    if (!cursor.end()) return false;
    this.next = cursor.at;
    return true;
  }

  private usage(): void {
    const { cursor, rows, row } = this;
    let seen = 0;
    let idFrom = 0;
    let idTo = 0;
    let accountFrom = 0;
    let accountTo = 0;
    const { usage } = this.words;
    for (let key = cursor.first(usage); key !== END; key = cursor.next(usage)) {
      if ((seen & (1 << key)) !== 0 || cursor.strange) {
        this.miss();
        return;
      }
      seen |= 1 << key;
      switch (key) {
        case USAGE.type:
          cursor.word(this.words.types);
          break;
        case USAGE.id:
          cursor.text(128);
          idFrom = cursor.from;
          idTo = cursor.to;
          break;
        case USAGE.time:
          rows[row + ROW.time] = cursor.time();
          break;
        case USAGE.account:
          cursor.text(256);
          accountFrom = cursor.from;
          accountTo = cursor.to;
          break;
        case USAGE.model:
          cursor.text(128);
          this.hash();
          rows[row + ROW.model] = lanes.low;
          break;
        case USAGE.tokens:
          this.tokens();
          break;
        case USAGE.provider:
        case USAGE.operation:
        case USAGE.finish:
          cursor.text(128);
          break;
        case USAGE.status:
          rows[row + ROW.status] = cursor.word(this.words.statuses);
          break;
        case USAGE.latencyMs:
          rows[row + ROW.latency] = Math.round(cursor.decimal(1e12));
          break;
        case USAGE.params:
          this.params();
          break;
        case USAGE.network:
          this.network();
          break;
        case USAGE.client:
          this.client();
          break;
        case USAGE.session:
          cursor.fingerprint();
          rows[row + ROW.session] = lanes.low;
          break;
        case USAGE.prompt:
          this.prompt();
          break;
        default:
          this.custody();
      }
    }
    if ((seen & NEEDED) !== NEEDED || cursor.strange) {
      this.miss();
      return;
    }
    hashBytes(cursor.bytes, accountFrom, accountTo);
    rows[row + ROW.account] = this.codes.ofBytes(cursor.bytes, accountFrom, accountTo, lanes.low);
    hashBytes(cursor.bytes, idFrom, idTo, lanes.low, lanes.high);
    rows[row + ROW.idLow] = lanes.low;
    rows[row + ROW.idHigh] = lanes.high;
  }

  private tokens(): void {
    const { cursor, rows, row } = this;
    const { tokens } = this.words;
    this.seen = 0;
    for (let key = cursor.first(tokens); this.isKey(key); key = cursor.next(tokens)) {
      switch (key) {
        case TOKENS.input:
          rows[row + ROW.input] = cursor.whole(MAX_COUNT);
          break;
        case TOKENS.output:
          rows[row + ROW.output] = cursor.whole(MAX_COUNT);
          break;
        case TOKENS.reasoning:
          rows[row + ROW.reasoning] = cursor.whole(MAX_COUNT);
          break;
        case TOKENS.cacheRead:
          rows[row + ROW.cacheRead] = cursor.whole(MAX_COUNT);
          break;
        case TOKENS.cacheWrite:
          cursor.whole(MAX_COUNT);
      }
    }
    if ((this.seen & NEEDED_TOKENS) !== NEEDED_TOKENS) this.miss();
  }

  private params(): void {
    const { cursor } = this;
    let maxTokens: number = ABSENT;
    let temperature: number = ABSENT;
    let tools = false;
    let stream = false;
    const { params } = this.words;
    this.seen = 0;
    for (let key = cursor.first(params); this.isKey(key); key = cursor.next(params)) {
      switch (key) {
        case PARAMS.maxTokens:
          maxTokens = cursor.whole(MAX_COUNT);
          break;
        case PARAMS.temperature:
          temperature = cursor.decimal(100);
          break;
        case PARAMS.tools:
          tools = cursor.whole(MAX_COUNT) > 0;
          break;
        case PARAMS.stream:
          stream = cursor.boolean();
      }
    }
    this.rows[this.row + ROW.params] = paramsCell(maxTokens, temperature, tools, stream);
  }

  private network(): void {
    const { cursor, rows, row } = this;
    const { network } = this.words;
    this.seen = 0;
    for (let key = cursor.first(network); this.isKey(key); key = cursor.next(network)) {
      switch (key) {
        case NETWORK.ip:
          rows[row + ROW.ip] = this.fingerprint();
          break;
        case NETWORK.subnet:
          rows[row + ROW.subnet] = this.fingerprint();
          break;
        case NETWORK.asn:
          rows[row + ROW.asn] = hashNumbersLow(cursor.whole(MAX_ASN), 0);
          break;
        case NETWORK.kind:
          rows[row + ROW.networkKind] = cursor.word(this.words.kinds);
      }
    }
  }

  private client(): void {
    const { cursor } = this;
    let tlsFrom = 0;
    let tlsTo = 0;
    let agentFrom = 0;
    let agentTo = 0;
    const { client } = this.words;
    this.seen = 0;
    for (let key = cursor.first(client); this.isKey(key); key = cursor.next(client)) {
      switch (key) {
        case CLIENT.tls:
          cursor.fingerprint();
          tlsFrom = cursor.from;
          tlsTo = cursor.to;
          break;
        case CLIENT.agent:
          cursor.fingerprint();
          agentFrom = cursor.from;
          agentTo = cursor.to;
      }
    }
    if (this.seen === 0) return;
    hashBytes(cursor.bytes, tlsFrom, tlsTo);
    hashBytes(cursor.bytes, agentFrom, agentTo, lanes.low, lanes.high);
    this.rows[this.row + ROW.client] = lanes48();
  }

  private prompt(): void {
    const { cursor, rows, row } = this;
    const { prompt } = this.words;
    this.seen = 0;
    for (let key = cursor.first(prompt); this.isKey(key); key = cursor.next(prompt)) {
      switch (key) {
        case PROMPT.system:
          rows[row + ROW.system] = this.fingerprint();
          break;
        case PROMPT.template:
          rows[row + ROW.template] = this.fingerprint();
          break;
        case PROMPT.contract:
          rows[row + ROW.contract] = this.fingerprint();
          break;
        case PROMPT.sketch:
          this.sketch();
          break;
        case PROMPT.topic:
          rows[row + ROW.topic] = cursor.whole(63);
          break;
        case PROMPT.task:
          rows[row + ROW.task] = cursor.word(this.words.tasks);
          break;
        case PROMPT.language:
          this.language();
          break;
        case PROMPT.flags:
          this.flags();
      }
    }
  }

  private custody(): void {
    const { cursor } = this;
    const { custody } = this.words;
    this.seen = 0;
    for (let key = cursor.first(custody); this.isKey(key); key = cursor.next(custody)) {
      switch (key) {
        case CUSTODY.minted:
          this.marks(ROW.minted);
          break;
        case CUSTODY.presented:
          this.marks(ROW.presented);
      }
    }
  }

  private marks(place: number): void {
    const { cursor, rows } = this;
    const at = this.row + place;
    if (!cursor.openList()) return;
    let held = 0;
    do {
      if (held === MAX_MARKS) {
        this.miss();
        return;
      }
      rows[at + ++held] = this.fingerprint();
    } while (cursor.moreList());
    rows[at] = held;
  }

  private flags(): void {
    const { cursor } = this;
    if (!cursor.openList()) return;
    let flags = 0;
    let held = 0;
    do {
      if (held++ === MAX_FLAGS) {
        this.miss();
        return;
      }
      flags |= 1 << cursor.word(this.words.flags);
    } while (cursor.moreList());
    this.rows[this.row + ROW.flags] = flags;
  }

  /** Two to eight letters; only small ones, since the hash is of small letters. */
  private language(): void {
    const { cursor } = this;
    cursor.text(8);
    if (cursor.to - cursor.from < 2) this.miss();
    for (let i = cursor.from; i < cursor.to; i++) if (cursor.bytes[i]! < 97 || cursor.bytes[i]! > 122) this.miss();
    this.hash();
    this.rows[this.row + ROW.language] = lanes.low & 0xffff;
  }

  /** 43 letters of base64url: eight words of 32 bits, written as the bytes that they are. */
  private sketch(): void {
    const { cursor, rows, row } = this;
    cursor.text(SKETCH_LETTERS);
    const { bytes, from, to } = cursor;
    if (to - from !== SKETCH_LETTERS) {
      this.miss();
      return;
    }
    if (this.sketchesOf !== rows.buffer) {
      this.sketchesOf = rows.buffer;
      this.sketches = new Uint8Array(rows.buffer);
    }
    const { sketches } = this;
    let into = rows.byteOffset + 8 * (row + ROW.sketch);
    let faults = 0;
    for (let i = from; i < to; i += 4) {
      const a = BASE64_DIGIT[bytes[i]!]!;
      const b = BASE64_DIGIT[bytes[i + 1]!]!;
      const c = BASE64_DIGIT[bytes[i + 2]!]!;
      const last = i + 3 >= to;
      const d = last ? 0 : BASE64_DIGIT[bytes[i + 3]!]!;
      faults |= a | b | c | d;
      sketches[into++] = (a << 2) | (b >> 4);
      sketches[into++] = (b << 4) | (c >> 2);
      if (!last) sketches[into++] = (c << 6) | d;
    }
    if (faults > 63) {
      this.miss();
      return;
    }
    rows[row + ROW.sketched] = 1;
  }

  private sketchesOf: ArrayBufferLike | undefined;
  private sketches: Uint8Array = new Uint8Array(0);

  /** Whether a key was found, for the first time in its object. */
  private isKey(key: number): boolean {
    if (key === END || this.cursor.strange) return false;
    if (this.seen & (1 << key)) this.miss();
    this.seen |= 1 << key;
    return true;
  }

  /** 48 bits of the fingerprint at the cursor. */
  private fingerprint(): number {
    this.cursor.fingerprint();
    return lanes48();
  }

  private hash(): void {
    hashBytes(this.cursor.bytes, this.cursor.from, this.cursor.to);
  }

  private miss(): void {
    this.cursor.strange = true;
  }
}
