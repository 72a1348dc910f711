/** The schedules of the template, started at a time that the run names. */
import type { Policies } from '../iam/policy.ts';
import type { Asynchronous } from '../lambda/asynchronous.ts';
import type { Functions } from '../lambda/functions.ts';
import type { Template } from '../template/template.ts';
import { isDistributed, type Machine, run } from './machine.ts';

const SCHEDULED_TIME = '<aws.scheduler.scheduled-time>';

export class ScheduleWire {
  private readonly template: Template;
  private readonly functions: Functions;
  private readonly asynchronous: Asynchronous;
  private readonly policies: Policies;

  constructor(template: Template, functions: Functions, asynchronous: Asynchronous, policies: Policies) {
    this.template = template;
    this.functions = functions;
    this.asynchronous = asynchronous;
    this.policies = policies;
  }

  /**
   * Starts what the schedule starts, and waits for its end. `name`: the description of the schedule begins with it.
   *
   * @throws FunctionError where a state machine fails
   */
  async start(name: string, scheduledTime: string): Promise<void> {
    const found = this.template
      .ofType('AWS::Scheduler::Schedule')
      .filter(([, { Properties }]) => String(Properties.Description).startsWith(name));
    if (found.length !== 1) throw new Error(`${found.length} schedules are described as "${name}"`);
    const { Target } = found[0]![1].Properties;
    const text = this.template.resolve<string>(Target.Input).replaceAll(SCHEDULED_TIME, scheduledTime);
    const input = JSON.parse(text) as Record<string, unknown>;
    const [id = ''] = this.template.references(Target.Arn);
    const [role = ''] = this.template.references(Target.RoleArn);
    const isFunction = this.template.resources.get(id)!.Type === 'AWS::Lambda::Function';
    this.mustBeAllowed(role, isFunction ? 'lambda:InvokeFunction' : 'states:StartExecution', id);
    if (isFunction) await this.asynchronous.invoke(id, input);
    else await this.execute(id, input);
  }

  private async execute(id: string, input: Record<string, unknown>): Promise<void> {
    const { DefinitionString, RoleArn } = this.template.resources.get(id)!.Properties;
    const [role = ''] = this.template.references(RoleArn);
    const machine = JSON.parse(this.template.resolve<string>(DefinitionString)) as Machine;
    const functions = new Map(
      this.template
        .ofType('AWS::Lambda::Function')
        .map(([name]) => [this.template.made.get(name)!.attributes.Arn!, name]),
    );
    // Each item of such a map is an execution of its own.
    if (isDistributed(machine)) this.mustBeAllowed(role, 'states:StartExecution', id);
    await run(machine, input, (resource, given) => {
      const called = functions.get(resource);
      if (!called) throw new Error(`${id} calls ${resource}, which the template does not hold`);
      this.mustBeAllowed(role, 'lambda:InvokeFunction', called);
      return this.functions.invoke(called, given);
    });
  }

  private mustBeAllowed(role: string, action: string, id: string): void {
    const resource = this.template.made.get(id)!.attributes.Arn!;
    if (!this.policies.allows(role, { action, resource })) throw new Error(`${role} may not ${action} on ${id}`);
  }
}
