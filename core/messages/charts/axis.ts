/** Round values for an axis. */

/** From 0 up to the first round step that holds `largest`, in about `count` steps of 1, 2, 2.5 or 5 times a power of ten. */
export function roundTicks(largest: number, count = 2): number[] {
  if (!(largest > 0)) return [0, 1];
  const rough = largest / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 2.5, 5, 10].map((each) => each * power).find((each) => each >= rough * (1 - 1e-9))!;
  const steps = Math.max(1, Math.ceil(largest / step - 1e-9));
  return Array.from({ length: steps + 1 }, (_, index) => Number((index * step).toPrecision(12)));
}

/** Every how manieth of `count` labels of `width` pixels fits into `room` pixels. */
export function labelStep(count: number, width: number, room: number): number {
  return Math.max(1, Math.ceil((count * width) / room));
}
