/**
 * `npm run deploy -- --stage prod`: the pinned CDK, with the stage checked before it starts. What is not `--stage` goes
 * on to the CDK as it is. Exit 2: the call or a setting is wrong, nothing was started. Otherwise that of the CDK.
 */
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { ConfigError, checkHeard, STAGES, type StageInput, stageConfig } from './config.ts';

const COMMANDS: Record<string, readonly string[]> = {
  synth: ['--quiet'],
  diff: [],
  deploy: ['--all'],
  destroy: ['--all'],
};
const WRONG_CALL = 2;
const HELP = 'docs/deploy.md, "What goes wrong the first time", has the answers';

/** Arguments of the CDK. Throws a `ConfigError` where the call or the stage is wrong. */
export function cdkCall(args: readonly string[], stages: Record<string, StageInput> = STAGES): string[] {
  const [command = '', ...rest] = args;
  const defaults = COMMANDS[command];
  if (defaults === undefined) {
    throw new ConfigError(`cdk: unknown command "${command}"; one of ${Object.keys(COMMANDS).join(', ')}`);
  }
  const { stage, others } = stageOf(command, rest);
  const config = stageConfig(stage, stages);
  if (command === 'deploy') checkHeard(config);
  return [command, ...defaults, '--context', `stage=${stage}`, ...others];
}

/** `--stage prod`, `--stage=prod`, or the CDK's own `-c stage=prod`. */
function stageOf(command: string, args: readonly string[]): { stage: string; others: string[] } {
  const others: string[] = [];
  const stages: string[] = [];
  for (let i = 0; i < args.length; i++) {
    const word = args[i]!;
    const [name, value] = word.split(/=(.*)/s) as [string, string?];
    if (name === '--stage') stages.push(value ?? args[++i] ?? '');
    else if (['-c', '--context'].includes(word) && args[i + 1]?.startsWith('stage=')) stages.push(args[++i]!.slice(6));
    else others.push(word);
  }
  if (new Set(stages).size > 1) throw new ConfigError(`${command}: two stages, ${stages.join(' and ')}; name one`);
  const [stage = 'dev'] = stages;
  if (stage === '') throw new ConfigError(`${command}: --stage needs a name, as in --stage prod`);
  return { stage, others };
}

function main(args: readonly string[]): number {
  const call = cdkCall(args);
  const cdk = createRequire(import.meta.url).resolve('aws-cdk/bin/cdk');
  const { status } = spawnSync(process.execPath, [cdk, ...call], { stdio: 'inherit' });
  if (status !== 0 && call[0] !== 'synth') process.stderr.write(`${HELP}\n`);
  return status ?? 1;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  try {
    process.exitCode = main(process.argv.slice(2));
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = WRONG_CALL;
  }
}
