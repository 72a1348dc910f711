import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { AssetHashType } from 'aws-cdk-lib';
import { Code, Runtime } from 'aws-cdk-lib/aws-lambda';

const LAMBDAS = join(import.meta.dirname, '../../lambdas');

/**
 * The function below `lambdas/NAME`, bundled in a process of its own: esbuild takes plugins only where it may be waited
 * for, and a synthesis does not wait. The image is asked for by the CDK and never run.
 */
export function bundled(name: string): Code {
  return Code.fromAsset(join(LAMBDAS, name), {
    assetHashType: AssetHashType.OUTPUT,
    bundling: {
      image: Runtime.NODEJS_24_X.bundlingImage,
      local: {
        tryBundle(folder) {
          const call = [join(LAMBDAS, 'bundle/main.ts'), name, folder];
          const { status } = spawnSync(process.execPath, call, { stdio: ['ignore', 'inherit', 'inherit'] });
          if (status !== 0) throw new Error(`lambdas/${name} cannot be bundled`);
          return true;
        },
      },
    },
  });
}
