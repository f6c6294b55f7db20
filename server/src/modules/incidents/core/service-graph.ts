// Who calls whom, as far as a decision needs it.
export interface ServiceGraph {
  readonly calleesOf: (service: string) => readonly string[]
  readonly callersOf: (service: string) => readonly string[]
  /** What nearly everybody calls joins nobody: no way leads through it. */
  readonly isHub: (service: string) => boolean
}

/** More neighbours than this make a hub. */
export const hubNeighbours = 12

export interface Call {
  readonly caller: string
  readonly callee: string
}

/** `hubs` names those whose neighbours are not all in the list. */
export function graphOf(calls: readonly Call[], hubs: ReadonlySet<string> = new Set()): ServiceGraph {
  const callees = new Map<string, string[]>()
  const callers = new Map<string, string[]>()
  const add = (map: Map<string, string[]>, from: string, to: string) => {
    const known = map.get(from)
    if (known === undefined) map.set(from, [to])
    else if (!known.includes(to)) known.push(to)
  }
  for (const { caller, callee } of calls) {
    add(callees, caller, callee)
    add(callers, callee, caller)
  }
  const calleesOf = (service: string) => callees.get(service) ?? []
  const callersOf = (service: string) => callers.get(service) ?? []
  return {
    calleesOf,
    callersOf,
    isHub: (service) => hubs.has(service) || calleesOf(service).length + callersOf(service).length > hubNeighbours,
  }
}

/** Steps between two services whatever the direction of the calls; null beyond the limit. Cost: services within it. */
export function stepsBetween(graph: ServiceGraph, from: string, to: string, limit: number): number | null {
  if (from === to) return 0
  let edge = [from]
  const seen = new Set(edge)
  for (let steps = 1; steps <= limit; steps += 1) {
    const next: string[] = []
    for (const service of edge)
      for (const near of [...graph.calleesOf(service), ...graph.callersOf(service)]) {
        if (near === to) return steps
        if (seen.has(near)) continue
        seen.add(near)
        if (!graph.isHub(near)) next.push(near)
      }
    edge = next
  }
  return null
}

/** The services themselves and everything they call, directly or not. O(services + calls). */
export function withBeneath(services: readonly string[], graph: ServiceGraph): ReadonlySet<string> {
  // The set grows while it is walked, so it ends when nothing new is found.
  const seen = new Set(services)
  for (const service of seen) for (const callee of graph.calleesOf(service)) seen.add(callee)
  return seen
}
