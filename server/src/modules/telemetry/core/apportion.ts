// Splits a whole number by weights so that the parts are whole and their sum is the number itself.

/**
 * Largest remainder: every part is its exact share rounded down, and the units left over go to the largest remainders
 * (the earlier part on a tie, so the same input always gives the same answer). No weight at all: all to the last part.
 */
export function apportion(total: number, weights: readonly number[]): number[] {
  const sum = weights.reduce((all, weight) => all + weight, 0)
  const last = weights.length - 1
  if (last < 0) return []
  if (sum <= 0) return weights.map((_, index) => (index === last ? total : 0))
  if (last === 0) return [total]
  const shares = weights.map((weight, index) => ({ index, ...quotient(total, weight, sum) }))
  let left = total - shares.reduce((all, share) => all + share.whole, 0)
  const byRemainder = [...shares].sort((a, b) => b.remainder - a.remainder || a.index - b.index)
  const parts = shares.map((share) => share.whole)
  for (const share of byRemainder) {
    if (left <= 0) break
    parts[share.index] = share.whole + 1
    left -= 1
  }
  return parts
}

// total × weight passes 2^53 for a busy counter over a long gap: bigint only then.
function quotient(total: number, weight: number, sum: number): { whole: number; remainder: number } {
  const product = total * weight
  if (Number.isSafeInteger(product)) return { whole: Math.floor(product / sum), remainder: product % sum }
  const [exact, divisor] = [BigInt(total) * BigInt(weight), BigInt(sum)]
  return { whole: Number(exact / divisor), remainder: Number(exact % divisor) }
}
