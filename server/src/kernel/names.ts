// Names of declared objects: RFC 1123 labels, as Kubernetes, Backstage and OpenSLO want them.

export const namePattern = '^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$'
const name = new RegExp(namePattern)

export function isName(text: string): boolean {
  return name.test(text)
}

/** The candidate nearest to a mistyped word, for "did you mean"; null when nothing is near (more than a third differs). */
export function nearest(word: string, candidates: readonly string[]): string | null {
  let best: string | null = null
  let bestDistance = Math.max(1, Math.floor(word.length / 3)) + 1
  for (const candidate of candidates) {
    const distance = editDistance(word.toLowerCase(), candidate.toLowerCase(), bestDistance)
    if (distance < bestDistance) [best, bestDistance] = [candidate, distance]
  }
  return best
}

/** Damerau-Levenshtein: two neighbouring letters in the wrong order are one mistake, the commonest one. */
function editDistance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) >= limit) return limit
  let beforePrevious: number[] = []
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i]
    for (let j = 1; j <= b.length; j += 1) {
      const substitution = (previous[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
      const swapped =
        i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]
          ? (beforePrevious[j - 2] ?? 0) + 1
          : Number.POSITIVE_INFINITY
      row.push(Math.min(substitution, swapped, (previous[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1))
    }
    beforePrevious = previous
    previous = row
  }
  return previous[b.length] ?? limit
}
