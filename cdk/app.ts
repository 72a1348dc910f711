import { App } from 'aws-cdk-lib';
import { ConfigError, stageConfig } from './config.ts';
import { checkRules } from './rules.ts';
import { StillwatchStack } from './stillwatch-stack.ts';

const app = new App();
try {
  const stage = String(app.node.tryGetContext('stage') ?? 'dev');
  const config = stageConfig(stage);
  new StillwatchStack(app, `Stillwatch-${stage}`, { config });
  checkRules(app);
} catch (error) {
  if (!(error instanceof ConfigError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exit(2);
}
