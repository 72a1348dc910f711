/** A gate between a container and the servers: passes requests on, refuses some, and kills the caller at a write. */
import { once } from 'node:events';
import { Agent, createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { randomFrom } from '../lib/usage-lines.ts';
import type { Fate } from './deliver.ts';

const THROTTLED = JSON.stringify({
  __type: 'com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException',
  message: 'The level of configured provisioned throughput for the table was exceeded.',
});

export class Gate {
  private readonly server: Server;
  private readonly endpoint: URL;
  private readonly agent = new Agent({ keepAlive: true });
  private fate: Fate = { crashAt: undefined, takesEffect: true, throttled: 0 };
  private kill = () => {};
  private writes = 0;
  private readonly random = randomFrom(1);

  private constructor(endpoint: string) {
    this.endpoint = new URL(endpoint);
    this.server = createServer((from, to) => this.pass(from, to));
  }

  static async open(endpoint: string): Promise<Gate> {
    const gate = new Gate(endpoint);
    gate.server.listen(0, '127.0.0.1');
    await once(gate.server, 'listening');
    return gate;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** For the call that begins now. */
  rule(fate: Fate, kill: () => void): void {
    this.fate = fate;
    this.kill = kill;
    this.writes = 0;
  }

  close(): void {
    this.agent.destroy();
    this.server.closeAllConnections();
    this.server.close();
  }

  private pass(from: IncomingMessage, to: ServerResponse): void {
    const target = String(from.headers['x-amz-target'] ?? '');
    if (target !== '' && this.random() < this.fate.throttled) {
      from.resume();
      to.writeHead(400, { 'content-type': 'application/x-amz-json-1.0' }).end(THROTTLED);
      return;
    }
    const isWrite = /PutItem|UpdateItem|DeleteItem|TransactWrite|BatchWrite/.test(target) || from.method === 'PUT';
    const last = isWrite && ++this.writes === this.fate.crashAt;
    if (last && !this.fate.takesEffect) this.kill();
    else this.forward(from, to, last);
  }

  private forward(from: IncomingMessage, to: ServerResponse, last: boolean): void {
    const { hostname, port } = this.endpoint;
    const onward = request({
      hostname,
      port,
      agent: this.agent,
      method: from.method,
      path: from.url,
      headers: from.headers,
    });
    onward.on('response', (reply) => {
      if (last) {
        reply.resume().on('end', this.kill);
        return;
      }
      to.writeHead(reply.statusCode!, reply.headers);
      reply.pipe(to);
    });
    onward.on('error', () => to.destroy());
    from.pipe(onward);
  }
}
