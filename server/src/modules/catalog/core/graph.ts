// The dependency graph of services: who is hurt when one of them fails, and loops.

export interface Dependency {
  readonly from: string
  readonly to: string
  /** A soft dependency degrades, a hard one takes its dependant down. */
  readonly strength: 'hard' | 'soft'
}

export interface Reached {
  readonly service: string
  /** Calls between the failing service and this one. */
  readonly distance: number
  /** True when every path there goes through a soft dependency. */
  readonly softened: boolean
  /** The next service on the way to the failing one: follow it to get the whole path. */
  readonly via: string
}

/** Everything that depends on the service, nearest first. O(services + dependencies); loops are walked once. */
export function blastRadius(service: string, dependencies: readonly Dependency[]): readonly Reached[] {
  return radiusIn(dependantsOf(dependencies), service)
}

/** Who calls each service: made once for many questions. O(dependencies). */
export function dependantsOf(dependencies: readonly Dependency[]): ReadonlyMap<string, readonly Dependency[]> {
  const dependants = new Map<string, Dependency[]>()
  for (const each of dependencies) {
    const known = dependants.get(each.to)
    if (known === undefined) dependants.set(each.to, [each])
    else known.push(each)
  }
  return dependants
}

/** O(what is reached). */
export function radiusIn(dependants: ReadonlyMap<string, readonly Dependency[]>, service: string): readonly Reached[] {
  const reached = new Map<string, Reached>()
  // Hard paths first, so that `softened` is only true when no hard path exists.
  for (const softAllowed of [false, true]) {
    const queue = [{ service, distance: 0 }]
    const seen = new Set([service])
    // The queue grows while it is read; an index instead of shift() keeps a step O(1).
    for (const at of queue) {
      for (const edge of dependants.get(at.service) ?? []) {
        if (seen.has(edge.from) || (edge.strength === 'soft' && !softAllowed)) continue
        seen.add(edge.from)
        const distance = at.distance + 1
        queue.push({ service: edge.from, distance })
        if (!reached.has(edge.from))
          reached.set(edge.from, { service: edge.from, distance, softened: softAllowed, via: at.service })
      }
    }
  }
  return [...reached.values()].sort((a, b) => a.distance - b.distance || (a.service < b.service ? -1 : 1))
}

/** The services of one loop in the dependencies, or null. Loops are legal in life and worth a warning. */
export function findLoop(dependencies: readonly Dependency[]): readonly string[] | null {
  const edges = new Map<string, string[]>()
  for (const each of dependencies) edges.set(each.from, [...(edges.get(each.from) ?? []), each.to])
  const done = new Set<string>()
  for (const start of edges.keys()) {
    const path: { service: string; next: number }[] = done.has(start) ? [] : [{ service: start, next: 0 }]
    const onPath = new Set(path.map((each) => each.service))
    for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
      const to = edges.get(top.service)?.[top.next]
      top.next += 1
      if (to === undefined) {
        done.add(top.service)
        onPath.delete(top.service)
        path.pop()
      } else if (onPath.has(to)) {
        const names = path.map((each) => each.service)
        return names.slice(names.indexOf(to))
      } else if (!done.has(to)) {
        path.push({ service: to, next: 0 })
        onPath.add(to)
      }
    }
  }
  return null
}
