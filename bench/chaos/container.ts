/** One container of the function: a thread with the bundle, and a gate before the servers it speaks to. */
import { Worker } from 'node:worker_threads';
import type { KinesisStreamBatchResponse } from 'aws-lambda';
import { Crash, type Fate } from './deliver.ts';
import { Gate } from './gate.ts';

export const ALIVE: Fate = { crashAt: undefined, takesEffect: true, throttled: 0 };

/** Loads the bundle and answers one event after the other. */
const LOOP = `
const { parentPort, workerData } = require('node:worker_threads');
const ready = import(workerData.file);
parentPort.on('message', async (event) => {
  try {
    const { handler } = await ready;
    const before = process.threadCpuUsage();
    const reply = await handler(event);
    const { user, system } = process.threadCpuUsage(before);
    parentPort.postMessage({ reply, cpuMs: (user + system) / 1000 });
  } catch (error) {
    parentPort.postMessage({ error: String(error?.stack ?? error) });
  }
});`;

interface Answer {
  reply?: KinesisStreamBatchResponse;
  cpuMs?: number;
  error?: string;
}

export class Container {
  /** Processor time of the function's own thread over all calls, ms. */
  cpuMs = 0;
  private readonly worker: Worker;
  private readonly gate: Gate;

  private constructor(worker: Worker, gate: Gate) {
    this.worker = worker;
    this.gate = gate;
  }

  static async start(file: string, endpoint: string, env: Record<string, string>): Promise<Container> {
    const gate = await Gate.open(endpoint);
    const urls = { AWS_ENDPOINT_URL_DYNAMODB: gate.url, AWS_ENDPOINT_URL_S3: gate.url };
    const worker = new Worker(LOOP, { eval: true, workerData: { file }, env: { ...env, ...urls }, stdout: true });
    worker.stdout.resume();
    return new Container(worker, gate);
  }

  /** Throws a `Crash` when the call dies; then the container is gone. Any other error is one of the function itself. */
  async call(event: object, fate: Fate): Promise<KinesisStreamBatchResponse> {
    const { promise, resolve, reject } = Promise.withResolvers<KinesisStreamBatchResponse>();
    const die = () => {
      void this.stop();
      reject(new Crash('the call died'));
    };
    const answer = ({ reply, cpuMs, error }: Answer) => {
      this.cpuMs += cpuMs ?? 0;
      if (!reply) reject(new Error(`the function failed: ${error}`));
      else if (fate.crashAt !== undefined) die();
      else resolve(reply);
    };
    this.worker.once('message', answer);
    this.worker.once('error', reject);
    this.gate.rule(fate, die);
    this.worker.postMessage(event);
    try {
      return await promise;
    } finally {
      this.worker.off('message', answer);
      this.worker.off('error', reject);
      this.gate.rule(ALIVE, () => undefined);
    }
  }

  async stop(): Promise<void> {
    await this.worker.terminate();
    this.gate.close();
  }
}
