import { expect, it } from 'vitest';

it('tests run on the Node that the functions run on: TypeScript is run as it is, from Node 24 on', () => {
  expect(process.versions.node.split('.')[0]).toBe('24');
});
