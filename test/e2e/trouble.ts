/** What goes wrong on purpose in a run, counted, so that a test can say that it did. */

import type { Deployment } from './deployment.ts';
import { type Passing, refusal } from './gateway.ts';
import type { Call } from './iam/policy.ts';

/** Begin of the logical id of a role, and the action as `dynamodb:UpdateItem`. */
export interface Aim {
  role: string;
  action: RegExp;
  /** Of the ARN; any where it says nothing. */
  resource?: RegExp;
}

export class Trouble {
  private readonly deployment: Deployment;

  constructor(deployment: Deployment) {
    this.deployment = deployment;
  }

  /**
   * The service answers with an error as long as `when` says so of a call, counted from 1. Returns how many were refused.
   */
  refuse(aim: Aim, status: number, name: string, when: (call: number) => boolean = () => true): () => number {
    let calls = 0;
    let refused = 0;
    this.deployment.gateway.fault = (passing) => {
      if (!hits(passing, aim) || !when(++calls)) return undefined;
      refused++;
      return refusal(passing, status, name, 'on purpose');
    };
    return () => refused;
  }

  /**
   * Once the service has done what was asked, and before the caller hears of it, all processes of the function die.
   * `at`: the calls at which they do, counted from 1. Returns how often they died.
   */
  kill(functionId: string, aim: Aim, at: readonly number[]): () => number {
    let calls = 0;
    let killed = 0;
    this.deployment.gateway.after = (passing) => {
      if (!hits(passing, aim) || !at.includes(++calls)) return;
      killed++;
      this.deployment.functions.kill(functionId);
    };
    return () => killed;
  }

  over(): void {
    const { gateway, receiver } = this.deployment;
    gateway.fault = () => undefined;
    gateway.after = () => undefined;
    receiver.status = 202;
    this.deployment.skew = () => 0;
    for (const wire of this.deployment.sources) wire.times = 1;
    this.deployment.bus.times = 1;
  }
}

function hits({ principal, calls }: Passing, { role, action, resource = /./ }: Aim): boolean {
  const isAimed = (call: Call) => action.test(call.action) && resource.test(call.resource);
  return principal.startsWith(role) && calls.some(isAimed);
}
