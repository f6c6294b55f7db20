// Products of counts compared exactly: in doubles while they stay below 2^53, in bigint beyond. Decimal targets have
// small numerators and denominators, so the fast way is taken for anything below some billion events in a window.

/** Negative, 0 or positive as a × b is below, equal to or above c × d. All must be safe integers. */
export function compareProducts(a: number, b: number, c: number, d: number): number {
  const [left, right] = [a * b, c * d]
  if (Number.isSafeInteger(left) && Number.isSafeInteger(right)) return left - right
  const difference = BigInt(a) * BigInt(b) - BigInt(c) * BigInt(d)
  return difference < 0n ? -1 : difference > 0n ? 1 : 0
}

/** Whether the quotient above : below times `scale` exceeds num : den. Zero `below` never exceeds. */
export function exceeds(
  above: number,
  below: number,
  scale: { num: number; den: number },
  limit: { num: number; den: number },
): boolean {
  const [left, right] = [limit.den * scale.num, limit.num * scale.den]
  if (Number.isSafeInteger(left) && Number.isSafeInteger(right)) return compareProducts(above, left, below, right) > 0
  return BigInt(above) * BigInt(limit.den) * BigInt(scale.num) > BigInt(below) * BigInt(limit.num) * BigInt(scale.den)
}
