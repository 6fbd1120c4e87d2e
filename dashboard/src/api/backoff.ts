/** Milliseconds to wait before the given try, the first being 1: 0.5 s, doubling to 15 s, a fifth of it by chance. */
export function waitBefore(attempt: number, chance: () => number = Math.random): number {
  const whole = Math.min(500 * 2 ** (attempt - 1), 15_000)
  return Math.round(whole * (0.8 + 0.2 * chance()))
}
