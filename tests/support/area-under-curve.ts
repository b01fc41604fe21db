/**
 * How well a value tells which of two groups it is from: the probability that a value of `a` is larger than one of `b`,
 * which is the area under the ROC curve (Mann and Whitney's U over all pairs). At 0.5 it tells nothing.
 */
export function areaUnderCurve(a: readonly number[], b: readonly number[]): number {
  let wins = 0;
  for (const x of a) for (const y of b) wins += x > y ? 1 : x === y ? 0.5 : 0;
  return wins / (a.length * b.length);
}
