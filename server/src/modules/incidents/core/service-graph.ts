// Who calls whom, as far as a decision needs it.
export interface ServiceGraph {
  readonly calleesOf: (service: string) => readonly string[]
  readonly callersOf: (service: string) => readonly string[]
}

export interface Call {
  readonly caller: string
  readonly callee: string
}

export function graphOf(calls: readonly Call[]): ServiceGraph {
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
  return { calleesOf: (service) => callees.get(service) ?? [], callersOf: (service) => callers.get(service) ?? [] }
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
        if (!seen.has(near)) {
          seen.add(near)
          next.push(near)
        }
      }
    edge = next
  }
  return null
}
