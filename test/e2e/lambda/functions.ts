/** The functions of the template: each its bundle in a process with exactly the environment that the template gives. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { REGION, type Template } from '../template/template.ts';
import type { Invocation, Outcome } from './child.ts';

export class FunctionError extends Error {
  override name = 'FunctionError';
  /** As Step Functions and Lambda name it. */
  readonly errorType: string;

  constructor(id: string, errorType: string, message: string) {
    super(`${id} failed: ${errorType}: ${message}`);
    this.errorType = errorType;
  }
}

export interface FunctionsOptions {
  template: Template;
  /** Folder of the assembly that holds the assets. */
  assembly: string;
  /** Where the AWS clients go. */
  endpoint: string;
  /** Where everything else goes. */
  receiver: string;
  /** What the clock of the function shows, ms. */
  clock(id: string): number;
}

/** Processes of one function at a time: two cores do not run more side by side. */
const CONCURRENCY = 2;
/** Lines of output that are kept to be shown when something fails. */
const KEPT_LINES = 400;

export class Functions {
  /** What the functions wrote, each line with the function's logical id before it. */
  readonly lines: string[] = [];
  /** Errors that the functions logged, whether or not an invocation failed. */
  readonly errors: string[] = [];
  private readonly options: FunctionsOptions;
  private readonly warm = new Map<string, ChildProcess[]>();
  private readonly busy = new Map<string, Set<ChildProcess>>();
  private readonly atWork = new Map<string, number>();
  private readonly waiting = new Map<string, (() => void)[]>();
  private invocations = 0;

  constructor(options: FunctionsOptions) {
    this.options = options;
  }

  /** @throws FunctionError where the handler throws or its process dies */
  async invoke(id: string, event: unknown): Promise<unknown> {
    await this.turn(id);
    try {
      return await this.run(id, event);
    } finally {
      this.atWork.set(id, this.atWork.get(id)! - 1);
      this.waiting.get(id)?.shift()?.();
    }
  }

  /** Kills all that the function is doing, without a word. */
  kill(id: string): void {
    for (const child of this.busy.get(id) ?? []) child.kill('SIGKILL');
  }

  /** Cold again: what a deployment or a pause does. */
  async stop(): Promise<void> {
    const all = [...this.warm.values()].flat();
    this.warm.clear();
    await Promise.all(
      all.map((child) => {
        const gone = once(child, 'exit');
        child.kill('SIGKILL');
        return gone;
      }),
    );
  }

  private async turn(id: string): Promise<void> {
    while ((this.atWork.get(id) ?? 0) >= CONCURRENCY) {
      const { promise, resolve } = Promise.withResolvers<void>();
      this.waiting.set(id, [...(this.waiting.get(id) ?? []), resolve]);
      await promise;
    }
    this.atWork.set(id, (this.atWork.get(id) ?? 0) + 1);
  }

  private async run(id: string, event: unknown): Promise<unknown> {
    const child = this.warm.get(id)?.pop() ?? (await this.start(id));
    const busy = this.busy.get(id) ?? new Set();
    this.busy.set(id, busy.add(child));
    const requestId = `request-${++this.invocations}`;
    child.send({ event, requestId, now: this.options.clock(id) } satisfies Invocation);
    const outcome = await said(child).finally(() => busy.delete(child));
    if (outcome === undefined) throw new FunctionError(id, 'Runtime.ExitError', 'its process died');
    this.warm.set(id, [...(this.warm.get(id) ?? []), child]);
    if (outcome.ok) return outcome.value;
    throw new FunctionError(id, outcome.error.name, outcome.error.message);
  }

  private async start(id: string): Promise<ChildProcess> {
    const { assembly, receiver } = this.options;
    const bundle = join(assembly, this.assetOf(id), 'index.mjs');
    const child = fork(join(import.meta.dirname, 'child.ts'), [bundle, receiver], {
      env: this.environment(id),
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      execArgv: ['--disable-warning=ExperimentalWarning'],
    });
    for (const stream of [child.stdout!, child.stderr!]) {
      stream.on('data', (data: Buffer) => this.keep(id, data.toString()));
    }
    if ((await said(child)) === undefined)
      throw new FunctionError(id, 'Runtime.InitError', this.lines.slice(-20).join('\n'));
    return child;
  }

  /** The template's, and what Lambda adds to every function. The access key stands for the role. */
  private environment(id: string): Record<string, string> {
    const { template, endpoint } = this.options;
    const { Environment, Role } = template.resources.get(id)!.Properties;
    return {
      ...template.resolve<Record<string, string>>(Environment.Variables),
      AWS_LAMBDA_FUNCTION_NAME: template.made.get(id)!.ref,
      AWS_REGION: REGION,
      AWS_ACCESS_KEY_ID: template.references(Role)[0]!,
      AWS_SECRET_ACCESS_KEY: 'none',
      AWS_ENDPOINT_URL: endpoint,
    };
  }

  private assetOf(id: string): string {
    const { S3Key } = this.options.template.resources.get(id)!.Properties.Code;
    return `asset.${String(S3Key).replace('.zip', '')}`;
  }

  private keep(id: string, text: string): void {
    for (const line of text.split('\n').filter(Boolean)) {
      this.lines.push(`${id}: ${line}`);
      if (/"level":"(ERROR|CRITICAL)"/.test(line)) this.errors.push(`${id}: ${line}`);
    }
    this.lines.splice(0, this.lines.length - KEPT_LINES);
  }
}

/** What the process says next, or nothing where it dies. */
function said(child: ChildProcess): Promise<Outcome | undefined> {
  return new Promise((resolve) => {
    const settle = (outcome?: Outcome) => {
      child.off('message', settle).off('exit', died);
      resolve(outcome);
    };
    const died = () => settle();
    child.on('message', settle).on('exit', died);
  });
}
