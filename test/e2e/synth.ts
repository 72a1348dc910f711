/** `cdk synth` with bundling: the template and the very files that a deployment uploads. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { type StageInput, stageConfig } from '../../cdk/config.ts';
import { StillwatchStack } from '../../cdk/stillwatch-stack.ts';
import { FEATURE_FLAGS } from '../cdk/support.ts';
import { Template } from './template/template.ts';

const STACK = 'Stillwatch-test';

export function synth(input: StageInput, outdir: string): void {
  const app = new App({ outdir, context: FEATURE_FLAGS });
  new StillwatchStack(app, STACK, { config: stageConfig('test', { test: input }) });
  app.synth();
}

export function readTemplate(outdir: string): Template {
  return new Template(JSON.parse(readFileSync(join(outdir, `${STACK}.template.json`), 'utf8')));
}
