import { number } from './json.ts';

/** A sampling temperature in the record contract's range; the model refuses any other, so it says nothing. */
export function temperatureOf(value: unknown): number | undefined {
  const temperature = number(value);
  return temperature !== undefined && temperature >= 0 && temperature <= 100 ? temperature : undefined;
}
