import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/e2e/**/*.e2e.ts'],
    globalSetup: 'test/e2e/setup.ts',
    // One emulator, and two cores.
    fileParallelism: false,
    testTimeout: 1_200_000,
    hookTimeout: 1_800_000,
  },
});
