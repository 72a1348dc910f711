/** An emulator of AWS that is not ours, from PyPI, in a process of its own for as long as the run takes. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

export interface SentMail {
  source: string;
  recipients: string[];
  subject: string;
  html: string;
}

interface MotoMessage {
  source: string;
  destinations: { ToAddresses?: string[] };
  subject: string;
  body: string;
}

const ROOT = join(import.meta.dirname, '../..');
const MOTO = join(process.env.STILLWATCH_VENV ?? join(ROOT, '.venv'), 'bin/moto_server');

/** Where a running emulator is looked at. */
export class Emulated {
  readonly url: string;

  constructor(url: string) {
    this.url = url;
  }

  /** What SES was given and took, oldest first. */
  async mails(): Promise<SentMail[]> {
    const { ses } = (await (await fetch(`${this.url}/moto-api/data.json`)).json()) as {
      ses: { Message: MotoMessage[] };
    };
    return ses.Message.map(({ source, destinations, subject, body }) => ({
      source,
      recipients: destinations.ToAddresses ?? [],
      subject,
      html: body,
    }));
  }

  async answers(): Promise<boolean> {
    return fetch(`${this.url}/moto-api/data.json`).then(
      ({ ok }) => ok,
      () => false,
    );
  }
}

export class Emulator extends Emulated {
  private readonly process: ChildProcess;

  private constructor(url: string, process: ChildProcess) {
    super(url);
    this.process = process;
  }

  static async start(): Promise<Emulator> {
    if (!existsSync(MOTO)) {
      throw new Error(
        `${MOTO} is not there. Make it: python3 -m venv .venv && .venv/bin/pip install 'moto[server]==5.2.1'; STILLWATCH_VENV names another place`,
      );
    }
    const port = await freePort();
    const child = spawn(MOTO, ['-H', '127.0.0.1', '-p', String(port)], { stdio: 'ignore' });
    const emulator = new Emulator(`http://127.0.0.1:${port}`, child);
    for (let i = 0; i < 300 && !(await emulator.answers()); i++) {
      if (child.exitCode !== null) throw new Error(`${MOTO} ended with ${child.exitCode}`);
      await pause(100);
    }
    return emulator;
  }

  async stop(): Promise<void> {
    const gone = once(this.process, 'exit');
    this.process.kill();
    await gone;
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
