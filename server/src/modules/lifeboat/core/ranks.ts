// Which processes go on with an escalation that all of them know. Each computes the same order from the same list, so
// nobody has to ask anybody while the database, over which they usually agree, is away.

/** FNV-1a, 32 bit, with a last mixing step: spreads names evenly, and every process gets the same. */
function hash(text: string): number {
  let sum = 0x811c9dc5
  for (let index = 0; index < text.length; index += 1) sum = Math.imul(sum ^ text.charCodeAt(index), 0x01000193)
  sum = Math.imul(sum ^ (sum >>> 16), 0x45d9f3b)
  return (sum ^ (sum >>> 16)) >>> 0
}

/** Highest random weight: 0 for the process that is first to act on it. One that is not on the list acts like the first. */
export function rankOf(boat: string, boats: readonly string[], what: string): number {
  if (!boats.includes(boat)) return 0
  const own = hash(`${boat}\n${what}`)
  return boats.filter((each) => {
    const weight = hash(`${each}\n${what}`)
    return weight > own || (weight === own && each < boat)
  }).length
}

/** The second waits in case the first has gone with the database; its copy carries the same key. */
export const secondWaitsMs = 5_000
/** The third and later stay silent: no page leaves more than twice. */
export const mostCopies = 2

export function waitOf(rank: number): number | null {
  return rank >= mostCopies ? null : rank * secondWaitsMs
}
