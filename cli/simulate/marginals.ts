/**
 * Token sizes of real traffic, as inverse distribution functions that are linear between quantiles. The real
 * distributions are stepped by context limits and output caps, which a fitted log-normal would miss.
 *
 * Contains figures derived from the Azure LLM inference trace 2023 (Azure Public Dataset, Microsoft), CC BY 4.0,
 * https://creativecommons.org/licenses/by/4.0/. P. Patel, E. Choukse, C. Zhang, A. Shah, I. Goiri, S. Maleki,
 * R. Bianchini: "Splitwise: Efficient generative LLM inference using phase splitting", ISCA 2024.
 *
 * Contains figures derived from the Mooncake FAST'25 traces (kvcache-ai/Mooncake), Apache License 2.0. R. Qin et al.:
 * "Mooncake: Trading More Storage for Less Computation - A KVCache-centric Architecture for Serving LLM Chatbot",
 * FAST 2025.
 */
import type { Task } from '../../core/records/schema.ts';

/** Cumulative shares at which the values below are known. */
const KNOTS = [0, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99, 1] as const;

export interface Marginal {
  /** Tokens at the knots: minimum, 5, 25, 50, 75, 95, 99 %, maximum. */
  input: readonly number[];
  output: readonly number[];
}

export const TRACES = {
  code: { input: [3, 75, 578, 1469, 2744, 7303, 7436, 7437], output: [6, 6, 9, 13, 24, 90, 251, 1899] },
  conversation: { input: [2, 181, 396, 1020, 1189, 4083, 4142, 14050], output: [7, 41, 85, 129, 395, 451, 601, 1000] },
  longContext: {
    input: [891, 901, 2306, 6909, 15367, 39550, 85400, 126195],
    output: [1, 10, 156, 350, 472, 698, 1119, 2000],
  },
} as const satisfies Record<string, Marginal>;

/** Which trace a kind of work resembles. Agents and tools carry long contexts; editors ask for short completions. */
export function traceOf(task: Task): Marginal {
  if (task === 'software_engineering') return TRACES.code;
  if (task === 'agentic_reasoning' || task === 'long_horizon' || task === 'tool_use') return TRACES.longContext;
  return TRACES.conversation;
}

/** The value below which the share `u` of the traffic lies, 0 <= u < 1. */
export function quantile(values: readonly number[], u: number): number {
  let i = 1;
  while (u > (KNOTS[i] as number)) i++;
  const [low, high] = [KNOTS[i - 1] as number, KNOTS[i] as number];
  const [from, to] = [values[i - 1] as number, values[i] as number];
  return Math.round(from + ((u - low) / (high - low)) * (to - from));
}

/** Standard normal distribution function: Abramowitz & Stegun 26.2.17, error below 7.5e-8. */
export function phi(z: number): number {
  const t = 1 / (1 + 0.2316419 * Math.abs(z));
  const poly = t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  const tail = 0.3989422804014327 * Math.exp((-z * z) / 2) * poly;
  return z >= 0 ? 1 - tail : tail;
}
