/** Stands for every host on the internet that a function calls: PagerDuty, the webhook. Keeps what it is sent. */
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Received {
  host: string;
  path: string;
  headers: Record<string, string | string[] | undefined>;
  body: string;
}

export class Receiver {
  readonly received: Received[] = [];
  /** Status to answer with. */
  status = 202;
  private readonly server: Server;

  private constructor() {
    this.server = createServer(async (from, to) => {
      const [, host = '', ...path] = from.url!.split('/');
      const body = Buffer.concat(await from.toArray()).toString();
      if (this.status < 300) this.received.push({ host, path: `/${path.join('/')}`, headers: from.headers, body });
      to.writeHead(this.status).end();
    });
  }

  static async open(): Promise<Receiver> {
    const receiver = new Receiver();
    receiver.server.listen(0, '127.0.0.1');
    await once(receiver.server, 'listening');
    return receiver;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  close(): void {
    this.server.closeAllConnections();
    this.server.close();
  }
}
