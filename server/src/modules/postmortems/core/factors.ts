// Contributing factors instead of one root cause: a graph of what had to come together, each leading to others.
export const factorKinds = ['trigger', 'latent', 'detection', 'response', 'organisation'] as const
export type FactorKind = (typeof factorKinds)[number]

export interface Factor {
  /** Short, unique within the postmortem. */
  readonly id: string
  readonly text: string
  readonly kind: FactorKind
  /** Ids of the factors it contributed to. */
  readonly leadsTo: readonly string[]
}

export interface FactorFault {
  readonly pointer: string
  readonly detail: string
}

/** Names are unique, links lead somewhere, nothing explains itself. */
export function checkFactors(factors: readonly Factor[]): readonly FactorFault[] {
  const faults: FactorFault[] = []
  const ids = new Set<string>()
  for (const [index, { id }] of factors.entries()) {
    if (ids.has(id)) faults.push({ pointer: `/factors/${index}/id`, detail: `"${id}" is there twice.` })
    ids.add(id)
  }
  for (const [index, { leadsTo }] of factors.entries())
    for (const [which, to] of leadsTo.entries())
      if (!ids.has(to))
        faults.push({ pointer: `/factors/${index}/leadsTo/${which}`, detail: `There is no factor "${to}".` })
  if (faults.length > 0) return faults
  const loop = findLoop(factors)
  if (loop === null) return []
  return [{ pointer: '/factors', detail: `These explain each other in a circle: ${loop.join(' → ')}.` }]
}

function findLoop(factors: readonly Factor[]): readonly string[] | null {
  const next = new Map(factors.map((each) => [each.id, each.leadsTo]))
  const done = new Set<string>()
  const visit = (id: string, path: readonly string[]): readonly string[] | null => {
    const start = path.indexOf(id)
    if (start >= 0) return [...path.slice(start), id]
    if (done.has(id)) return null
    for (const to of next.get(id) ?? []) {
      const found = visit(to, [...path, id])
      if (found !== null) return found
    }
    done.add(id)
    return null
  }
  for (const { id } of factors) {
    const found = visit(id, [])
    if (found !== null) return found
  }
  return null
}
