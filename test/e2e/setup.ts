/** Once for all files of the tier: the emulator, what a user makes before a deployment, and the synthesis. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { clientsOf, OPERATOR } from './clients.ts';
import { Emulator } from './emulator.ts';
import { prerequisites, SMALL_STAGE } from './prerequisites.ts';
import { synth } from './synth.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    emulator: string;
    /** Folders of assemblies: with everything switched on, and for a small team. */
    assembly: string;
    small: string;
  }
}

export async function setup({ provide }: TestProject): Promise<() => Promise<void>> {
  const [assembly, small] = [0, 1].map(() => mkdtempSync(join(tmpdir(), 'stillwatch-e2e-'))) as [string, string];
  const emulator = await Emulator.start();
  const stop = async () => {
    await emulator.stop();
    for (const folder of [assembly, small]) rmSync(folder, { recursive: true, force: true });
  };
  try {
    synth(await prerequisites(clientsOf(emulator.url, OPERATOR)), assembly);
    synth(SMALL_STAGE, small);
  } catch (error) {
    await stop();
    throw error;
  }
  provide('emulator', emulator.url);
  provide('assembly', assembly);
  provide('small', small);
  return stop;
}
