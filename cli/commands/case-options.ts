/** The verbs of people's decisions, as the command line takes them. */
import type { Command, Option } from 'commander';
import { InputError } from '../adapters/input/input-error.ts';
import { ackCommand, assignCommand, noteCommand, snoozeCommand, verdictCommand } from './cases.ts';
import { exceptionAddCommand, planAddCommand, silenceEndCommand, silenceListCommand } from './silences.ts';

/** Returns the groups, whose own commands need the same handling as the program's. */
export function addCaseCommands(program: Command, at: () => Option): Command[] {
  const deciding = (command: Command) =>
    command
      .addOption(at())
      .option('--by <who>', 'who decides, in a folder; the local user where left out')
      .option('--json', 'print JSON');
  const verb = (name: string, does: string) =>
    deciding(program.command(name).description(does).argument('<id>', 'finding, as in the title of its alert'));
  verb('ack', 'take a finding on: it stops escalating').action(ackCommand);
  verb('assign', 'hand a finding to somebody').argument('<who>', 'to whom').action(assignCommand);
  verb('note', 'write down what was found out').argument('<text>', 'at most 4,000 characters').action(noteCommand);
  verb('snooze', 'fold everything but grave changes for a while')
    .option('--for <duration>', 'as 4h or 30d, or a time; at most 90 days, 24 h while SEV1')
    .option('--reason <text>', 'why')
    .option('--owner <who>', 'who looks after it; the caller where left out')
    .option('--end', 'end the snooze now')
    .action(snoozeCommand);
  verb('verdict', 'judge a finding')
    .argument('<verdict>', 'confirmed, benign-..., duplicate or unknown')
    .requiredOption('--reason <text>', 'why')
    .option('--of <id>', 'the finding that a duplicate repeats')
    .action(verdictCommand);
  const exception = program.command('exception').description('hold the messages of what is known and agreed');
  scoped(exception.command('add').description('add an exception'), true)
    .requiredOption('--classification <list>', 'classes it is for, separated by commas')
    .requiredOption('--until <time>', 'as 30d, or a time; at most 90 days')
    .option('--approved-by <who>', 'second person, for distillation and account_takeover')
    .option('--ceiling <rate>', 'exchanges a day above which it no longer holds, as 5000/d')
    .option('--dry-run', 'print the messages of the last 30 days that it would have held, and add nothing');
  const plan = program.command('plan').description('announce volume that is wanted');
  scoped(plan.command('add').description('add a plan'), false)
    .requiredOption('--from <time>', 'when it begins')
    .requiredOption('--to <time>', 'when it ends; at most 90 days from now')
    .option('--max-exchanges <n>', 'exchanges above which it no longer holds')
    .option('--max-output <n>', 'output tokens above which it no longer holds');
  for (const [kind, group] of [
    ['exception', exception],
    ['plan', plan],
  ] as const) {
    needsVerb(group, 'add, list or end');
    const add = group.commands[0]!;
    deciding(add.requiredOption('--reason <text>', 'why').requiredOption('--owner <who>', 'who looks after it'));
    add.action(kind === 'exception' ? exceptionAddCommand : planAddCommand);
    const list = group.command('list').description(`${kind}s, with their ends and the findings they cover`);
    list.addOption(at()).option('--json', 'print JSON');
    list.action((args) => silenceListCommand(kind, args));
    const end = group.command('end').description(`end one now`).argument('<id>', `as ${kind} list names it`);
    deciding(end).action((id, args) => silenceEndCommand(kind, id, args));
  }
  return [exception, plan];
}

/** A group is no command: called without one of its own, it names them. */
export function needsVerb(group: Command, verbs: string): void {
  group.argument('[verb]').action((verb?: string) => {
    throw new InputError(`${group.name()}${verb === undefined ? '' : ` ${verb}`}: must be ${verbs}`);
  });
}

function scoped(command: Command, templates: boolean): Command {
  command.option('--account <key>', 'one account').option('--org <key>', 'all accounts of an organisation');
  return templates ? command.option('--template <key>', 'all who use a prompt template') : command;
}
