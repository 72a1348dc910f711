/** How long prompts and answers are. */
import { type Marginal, phi, quantile } from './marginals.ts';
import type { Random } from './random.ts';

/** Tokens of one exchange. `z`: where this sender lies among all senders, standard normal. */
export interface Sizes {
  input(random: Random, z: number): number;
  output(random: Random, z: number): number;
}

/** Sizes of a real trace. Senders differ, yet all together have its distribution (a Gaussian copula). */
export function fromTrace(trace: Marginal, likeness: number): Sizes {
  const rest = Math.sqrt(1 - likeness * likeness);
  const draw = (values: readonly number[], random: Random, z: number) =>
    quantile(values, Math.min(phi(likeness * z + rest * random.normal()), 0.9999999));
  return {
    input: (random, z) => draw(trace.input, random, z),
    output: (random, z) => draw(trace.output, random, z),
  };
}

export interface Typical {
  inputMedian: number;
  inputSigma: number;
  outputMedian: number;
  outputSigma: number;
}

/** Sizes of work designed by one hand: log-normal, the same for every account that does it. */
export function typical(sizes: Typical): Sizes {
  return {
    input: (random) => Math.max(8, Math.round(random.lognormal(sizes.inputMedian, sizes.inputSigma))),
    output: (random) => Math.max(1, Math.round(random.lognormal(sizes.outputMedian, sizes.outputSigma))),
  };
}
