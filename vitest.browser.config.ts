import { defineConfig } from 'vitest/config';

/** Apart from `npm test`: it needs a Chromium. */
export default defineConfig({
  test: {
    include: ['test/browser/**/*.browser.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
