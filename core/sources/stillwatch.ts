/** The project's own records, checked and passed on. */
import { at } from './json.ts';
import { checked, type Source } from './source.ts';

const TYPES: unknown[] = ['usage', 'account', 'release'];

export const stillwatch: Source = {
  name: 'stillwatch',
  matches: (value) => TYPES.includes(at(value, 'type')) && at(value, 'specversion') === undefined,
  read: (value) => [checked(value)],
};
