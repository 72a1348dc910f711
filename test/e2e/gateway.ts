/**
 * Stands before the emulator and does what it does not: refuses what the caller's role does not allow. Also the place
 * where a chaos run breaks things. Speaks HTTP/1.1 and HTTP/2 without TLS, since the Kinesis client speaks the latter.
 */
import { once } from 'node:events';
import {
  Agent,
  createServer as createHttp,
  type IncomingMessage,
  type ServerResponse,
  request as send,
} from 'node:http';
import { createServer as createHttp2, type Http2ServerRequest } from 'node:http2';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { OPERATOR } from './clients.ts';
import type { Call, Policies } from './iam/policy.ts';
import { callsOf, neededToSeeAbsence, type Request } from './iam/requests.ts';

export interface Answer {
  status: number;
  headers: Record<string, string>;
  body: Buffer | string;
}

export interface Passing extends Request {
  /** Logical id of the caller's role. */
  principal: string;
  calls: readonly Call[];
}

/** An answer in place of the emulator's, or nothing where the request passes. */
export type Fault = (passing: Passing) => Answer | undefined;

type From = IncomingMessage | Http2ServerRequest;
/** What both kinds of response have in common. */
type To = Pick<ServerResponse, 'end'> & { writeHead(status: number, headers: Record<string, string>): unknown };

export class Gateway {
  /** Calls of roles that were refused, as `ROLE may not ACTION on RESOURCE`. */
  readonly refused = new Set<string>();
  /** Requests that passed. */
  passed = 0;
  policies: Policies | undefined;
  fault: Fault = () => undefined;
  /** Told of what the emulator has done, before the caller is. */
  after: (passing: Passing) => void = () => undefined;
  private readonly server: Server;
  private readonly sockets = new Set<Socket>();
  private readonly agent = new Agent({ keepAlive: true });
  private readonly emulator: URL;

  private constructor(emulator: string) {
    this.emulator = new URL(emulator);
    const pass = (from: From, to: To) => void this.pass(from, to);
    const http1 = createHttp(pass);
    const http2 = createHttp2((from, to) => pass(from, to as unknown as To));
    this.server = createServer((socket) => {
      this.sockets.add(socket);
      socket.on('error', () => socket.destroy()).on('close', () => this.sockets.delete(socket));
      socket.once('data', (first) => {
        socket.pause();
        socket.unshift(first);
        (first.toString('latin1', 0, 3) === 'PRI' ? http2 : http1).emit('connection', socket);
        process.nextTick(() => socket.resume());
      });
    });
  }

  static async open(emulator: string): Promise<Gateway> {
    const gateway = new Gateway(emulator);
    gateway.server.listen(0, '127.0.0.1');
    await once(gateway.server, 'listening');
    return gateway;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  close(): void {
    this.agent.destroy();
    for (const socket of this.sockets) socket.destroy();
    this.server.close();
  }

  private async pass(from: From, to: To): Promise<void> {
    try {
      const { status, headers, body } = await this.answer(await read(from));
      to.writeHead(status, headers);
      to.end(body);
    } catch (error) {
      this.refused.add(`the gateway cannot judge a request: ${(error as Error).message}`);
      to.writeHead(500, {});
      to.end();
    }
  }

  private async answer(request: Request & { principal: string }): Promise<Answer> {
    if (request.principal === OPERATOR) return this.forward(request);
    const passing: Passing = { ...request, calls: callsOf(request) };
    for (const call of passing.calls) if (!this.may(passing.principal, call)) return denied(request, call);
    const broken = this.fault(passing);
    if (broken) return broken;
    this.passed++;
    const answer = await this.forward(request);
    this.after(passing);
    const [call] = passing.calls;
    if (call?.action !== 's3:GetObject' || answer.status !== 404) return answer;
    return this.may(passing.principal, neededToSeeAbsence(call)) ? answer : denied(request, call);
  }

  private may(role: string, call: Call): boolean {
    if (this.policies?.allows(role, call)) return true;
    this.refused.add(`${role} may not ${call.action} on ${call.resource}`);
    return false;
  }

  private async forward({ method, path, headers, body }: Request): Promise<Answer> {
    const { hostname, port } = this.emulator;
    const kept = Object.entries(headers).filter(([name]) => !name.startsWith(':') && !HOP.includes(name));
    const host = String(headers[':authority'] ?? headers.host);
    const onward = send({
      hostname,
      port,
      agent: this.agent,
      method,
      path,
      headers: { ...Object.fromEntries(kept), host, 'content-length': body.length },
    });
    onward.end(body);
    const [reply] = (await once(onward, 'response')) as [IncomingMessage];
    const chunks: Buffer[] = await reply.toArray();
    const answered = Object.entries(reply.headers).filter(([name]) => !HOP.includes(name));
    return {
      status: reply.statusCode!,
      headers: Object.fromEntries(answered.map(([name, value]) => [name, String(value)])),
      body: Buffer.concat(chunks),
    };
  }
}

/** Of one connection, not of the message. */
const HOP = ['connection', 'keep-alive', 'transfer-encoding', 'content-length', 'expect', 'upgrade', 'host'];

async function read(from: From): Promise<Request & { principal: string }> {
  const chunks: Buffer[] = await from.toArray();
  const scope = /Credential=([^/]+)\/[^/]+\/[^/]+\/([^/]+)\//.exec(String(from.headers.authorization));
  return {
    principal: scope?.[1] ?? 'nobody',
    service: scope?.[2] ?? 'unsigned',
    method: from.method!,
    path: from.url!,
    headers: from.headers,
    body: Buffer.concat(chunks),
  };
}

/** As each kind of service says it; the name of the error is what matters to a client. */
export function refusal({ service }: Request, status: number, name: string, message: string): Answer {
  if (service === 's3' || service === 'sns') {
    const error = `<Code>${name}</Code><Message>${message}</Message>`;
    const body =
      service === 's3' ? `<Error>${error}</Error>` : `<ErrorResponse><Error>${error}</Error></ErrorResponse>`;
    return { status, headers: { 'content-type': 'text/xml' }, body };
  }
  const headers = { 'content-type': 'application/x-amz-json-1.1', 'x-amzn-errortype': name };
  return { status, headers, body: JSON.stringify({ __type: name, message }) };
}

function denied(request: Request, { action, resource }: Call): Answer {
  const name = request.service === 's3' ? 'AccessDenied' : 'AccessDeniedException';
  return refusal(request, 403, name, `not authorized to perform: ${action} on ${resource}`);
}
