/** Once for all files of the tier: the emulator, what a user makes before a deployment, and the synthesis. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { clientsOf, OPERATOR } from './clients.ts';
import { Emulator } from './emulator.ts';
import { prerequisites } from './prerequisites.ts';
import { synth } from './synth.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    emulator: string;
    /** Folder of the assembly. */
    assembly: string;
  }
}

export async function setup({ provide }: TestProject): Promise<() => Promise<void>> {
  const assembly = mkdtempSync(join(tmpdir(), 'stillwatch-e2e-'));
  const emulator = await Emulator.start();
  const stop = async () => {
    await emulator.stop();
    rmSync(assembly, { recursive: true, force: true });
  };
  try {
    synth(await prerequisites(clientsOf(emulator.url, OPERATOR)), assembly);
  } catch (error) {
    await stop();
    throw error;
  }
  provide('emulator', emulator.url);
  provide('assembly', assembly);
  return stop;
}
