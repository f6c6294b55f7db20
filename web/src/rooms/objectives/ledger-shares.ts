// Shares to a tenth of a percent that sum to exactly 100.0: what rounding leaves goes to the largest remainders.

export function shownShares(parts: readonly number[]): readonly string[] {
  const total = parts.reduce((sum, part) => sum + part, 0)
  if (total <= 0) return parts.map(() => '0.0')
  const tenths = parts.map((part) => (part / total) * 1000)
  const whole = tenths.map(Math.floor)
  const left = 1000 - whole.reduce((sum, part) => sum + part, 0)
  const byRemainder = tenths
    .map((value, index) => ({ index, rest: value - Math.floor(value) }))
    .sort((a, b) => b.rest - a.rest || a.index - b.index)
  for (const { index } of byRemainder.slice(0, left)) whole[index] = (whole[index] ?? 0) + 1
  return whole.map((value) => (value / 10).toFixed(1))
}
