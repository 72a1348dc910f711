/** `stillwatch`: the commands. */
import { Command, CommanderError, Option } from 'commander';
import { InputError } from './adapters/input/input-error.ts';
import { auditCommand } from './commands/audit.ts';
import { addCaseCommands, needsVerb } from './commands/case-options.ts';
import { demoCommand } from './commands/demo.ts';
import { dossierCommand } from './commands/dossier.ts';
import { exportsCommand } from './commands/exports.ts';
import { listCommand, showCommand } from './commands/findings.ts';
import { fingerprintCommand } from './commands/fingerprint.ts';
import { quarantineListCommand, quarantineRetryCommand } from './commands/quarantine.ts';
import { replayCommand } from './commands/replay.ts';
import { reportCommand } from './commands/report.ts';
import { revealCommand } from './commands/reveal.ts';
import { simulateCommand } from './commands/simulate.ts';

/** Exit codes of the command line. */
const FAILED = 1;
const WRONG_CALL = 2;
/** Plus the number of the signal, as shells have it. */
const SIGNALLED = 128;

function program(): Command {
  const stillwatch = new Command('stillwatch')
    .description('Finds coordinated distillation campaigns in LLM API usage.')
    .exitOverride()
    .showHelpAfterError(false)
    .configureOutput({ writeErr: () => {} });
  const at = () =>
    new Option('--at <place>', 'folder that replay wrote, or stack:NAME').env('STILLWATCH_AT').makeOptionMandatory();
  stillwatch
    .command('replay')
    .description('read usage records, sweep on event time, write findings, alerts and a report')
    .argument('<input...>', 'files, globs, directories, or - for standard input; format by content')
    .requiredOption('--out <dir>', 'folder for findings, members, summary, quarantine, report and outbox')
    .option('--sweep <duration>', 'event time between sweeps', '24h')
    .option('--config <file>', 'JSON file of settings')
    .option('--format <name>', 'read every input as this format')
    .option('--threads <count>', 'threads to read on; all cores up to 4 where absent. The result is the same')
    .option('--resume', 'go on after the sweeps of the same replay, interrupted; inputs are read again')
    .option('--json', 'print the summary as JSON')
    .action(replayCommand);
  stillwatch
    .command('list')
    .description('findings, open ones first')
    .addOption(at())
    .option('--state <state>', 'whose case is new, acked, snoozed, covered, judged, cleared or archived')
    .option('--severity <severity>', 'SEV1, SEV2, SEV3 or INFO')
    .option('--unacked', 'that nobody has taken on')
    .option('--undelivered', 'messages that a channel did not take, instead')
    .option('--ending <duration>', 'silences that end within it, as 14d, instead')
    .option('--json', 'print JSON')
    .action(listCommand);
  stillwatch
    .command('show')
    .description('one finding: its figures, evidence, members, messages and log')
    .argument('<id>', 'finding, as in the title of its alert')
    .addOption(at())
    .option('--why', 'evidence, observed against expected, and every innocent cause with its result')
    .option('--members', 'the accounts it claims, one per line')
    .option('--messages', 'what was told, and how it was delivered')
    .option('--log', 'what people decided')
    .option('--reveal <number>', 'who stands behind A-00001 of its external dossier; the asking is logged')
    .option('--reason <text>', 'with --reveal: why')
    .option('--mapping <file>', 'with --reveal: the file beside that dossier')
    .option('--by <who>', 'with --reveal: who asks, where that is not the local user')
    .option('--json', 'print JSON')
    .action((id, args) => (args.reveal === undefined ? showCommand(id, args) : revealCommand(id, args)));
  const decisions = addCaseCommands(stillwatch, at);
  stillwatch
    .command('report')
    .description('write the overview as one page: findings, campaigns over time, consumers, the watch')
    .addOption(at())
    .option('--out <file>', 'where the page goes', 'stillwatch-report.html')
    .action(reportCommand);
  stillwatch
    .command('dossier')
    .description('a finding with its proof, for counsel: as a folder; its figures counted again; a folder checked')
    .argument('[id]', 'finding, as in the title of its alert')
    .argument('[input...]', 'records; default: what the folder was replayed from')
    .addOption(new Option('--at <place>', 'folder that replay wrote, or stack:NAME').env('STILLWATCH_AT'))
    .option('--out <dir>', 'folder for the dossier')
    .option('--edition <name>', 'internal, or external: accounts by number, no notes', 'internal')
    .option('--exchanges', 'list every exchange, to be counted without Stillwatch')
    .option('--hold', 'keep the records out of the retention')
    .option('--pdf', 'print the page, by the browser that STILLWATCH_BROWSER names')
    .option('--sign <file>', 'private Ed25519 key in PEM to sign the manifest with')
    .option('--recount <figure>', 'accounts, exchanges, window, capabilities or all: exit 3 where one differs')
    .option('--population', 'count the lift again too: sorts all records')
    .option('--verify <folder>', 'check a dossier: exit 3 where a bit was changed')
    .option('--signer <file>', 'with --verify: public key in PEM that must have signed')
    .option('--config <file>', 'JSON file of settings')
    .option('--format <name>', 'read every input as this format')
    .option('--json', 'print JSON')
    .action(dossierCommand);
  stillwatch
    .command('export')
    .description('a finding for another tool, the accounts a gateway could throttle, or a digest or weekly report')
    .argument('[id]', 'finding, as in the title of its alert')
    .argument('[input...]', 'with --as throttle or --shared-key: records; default: what the folder was replayed from')
    .addOption(at())
    .option('--as <format>', 'of a finding: throttle, ocsf, stix, csv or json')
    .option('--release', 'with --as throttle: the undo, everybody the finding ever held')
    .option('--dry-run', 'with --as throttle: what it would reach, and no list')
    .option('--shared-key <group>', 'with --as stix: what links the accounts, for deployments that share this key')
    .option('--config <file>', 'JSON file of settings')
    .option('--format <name>', 'read every input as this format')
    .option('--digest <day>', 'as it is mailed: of a day, as 2026-06-21')
    .option('--weekly <week>', 'as it is mailed: of a week, as 2026-W25, or any day in it')
    .option('--undelivered', 'messages that a channel did not take')
    .option('--out <file>', 'write to a file; a mail as .eml')
    .option('--send', 'from a deployment: the mail, once, under the key of the schedule; undelivered messages again')
    .action(exportsCommand);
  const quarantine = stillwatch.command('quarantine').description('what was set aside, and another try');
  needsVerb(quarantine, 'list or retry');
  quarantine
    .command('list')
    .description('reasons, most frequent first, with the place of the first')
    .addOption(at())
    .option('--json', 'print JSON')
    .action(quarantineListCommand);
  quarantine
    .command('retry')
    .description('read the lines again and write those that are records now; of a deployment, send them again')
    .addOption(at())
    .option('--out <file>', 'a new file of records, for replay; for a folder')
    .option('--config <file>', 'JSON file of settings')
    .option('--format <name>', 'read every input as this format')
    .option('--json', 'print counts as JSON')
    .action(quarantineRetryCommand);
  stillwatch
    .command('audit')
    .description('count again from the records and tell what differs; exit 3 where anything does')
    .argument('[input...]', 'inputs of the replay; none for a deployment, which is counted from its archive')
    .addOption(at())
    .option('--day <date>', 'day of a deployment, as 2026-06-20; the one before yesterday where left out')
    .option('--config <file>', 'JSON file of settings')
    .option('--format <name>', 'read every input as this format')
    .option('--json', 'print JSON')
    .action(auditCommand);
  stillwatch
    .command('fingerprint')
    .description(
      'what a value is called under the key, or which of your values a fingerprint is of; each asking is logged',
    )
    .argument('<kind>', 'account, org, ip, agent and so on')
    .argument('[value]', 'the value, or - for standard input')
    .requiredOption('--reason <text>', 'why you ask: a ticket, a request of the person concerned; kept in the log')
    .option('--explain <fingerprint>', 'find the value that has this fingerprint')
    .option('--among <file>', 'values it may be of, one a line, or - for standard input')
    .option('--at <place>', 'stack:NAME to ask a deployment; the key of this machine where left out')
    .option('--config <file>', 'JSON file of settings')
    .option('--json', 'print JSON')
    .action(fingerprintCommand);
  stillwatch
    .command('simulate')
    .description('write a world of benign and hostile traffic, with the truth beside it')
    .argument('<spec>', 'JSON file, or the name of a world')
    .requiredOption('--out <file>', '.ndjson, .ndjson.gz or .ndjson.zst')
    .option('--seed <text>', 'replaces the seed of the world')
    .action(simulateCommand);
  stillwatch
    .command('demo')
    .description('simulate a small platform with a campaign in it and replay it')
    .option('--out <dir>', 'folder for the world and the replay', 'stillwatch-demo')
    .option('--seed <text>', 'another world of the same kind', 'demo')
    .action(demoCommand);
  for (const command of [...stillwatch.commands, ...[quarantine, ...decisions].flatMap(({ commands }) => commands)])
    command.exitOverride().configureOutput({ writeErr: () => {} });
  return stillwatch;
}

function complain(error: unknown): number {
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return 0;
    const message = error.message.replace(/^error: /, '').replace(/\n+/g, ' ');
    process.stderr.write(
      `stillwatch: ${message === '(outputHelp)' ? 'name a command' : message}; see stillwatch --help\n`,
    );
    return WRONG_CALL;
  }
  if (error instanceof InputError) {
    process.stderr.write(`stillwatch: ${error.message}\n`);
    return WRONG_CALL;
  }
  process.stderr.write(`stillwatch: failed: ${error instanceof Error ? error.message : String(error)}\n`);
  if (process.env.STILLWATCH_DEBUG && error instanceof Error) process.stderr.write(`${error.stack}\n`);
  return FAILED;
}

// Temporary files are removed on exit, which a signal would skip.
for (const [signal, number] of Object.entries({ SIGINT: 2, SIGTERM: 15, SIGHUP: 1 })) {
  process.once(signal, () => {
    process.stderr.write('\nstillwatch: interrupted; results of an earlier run are as they were\n');
    process.exit(SIGNALLED + number);
  });
}
// A reader that stops listening (head, less) is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : FAILED));

try {
  await program().parseAsync();
} catch (error) {
  process.exitCode = complain(error);
}
