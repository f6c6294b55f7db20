// The part of the dependency graph around one service. The graph is read once for each state of the catalog; a step up or down
// in it follows what is found and not how many services there are: an alert storm asks this for every alert.
import type { Queries } from '../../../platform/database/queries.ts'
import { type CallGraph, type DependencyRow, readCallGraph } from '../catalog.store.ts'

/** Every dependency on a way to one of these services. */
export async function dependenciesAbove(
  queries: Queries,
  services: readonly string[],
): Promise<readonly DependencyRow[]> {
  const { on } = await readCallGraph(queries)
  return walk(services, on, (each) => each.from)
}

/** What it needs to work, and what that needs in turn; without itself unless it is in a loop. */
export async function servicesBeneath(queries: Queries, service: string): Promise<ReadonlySet<string>> {
  const { of } = await readCallGraph(queries)
  return new Set(walk([service], of, (each) => each.to).map((each) => each.to))
}

/** Every dependency from or to one of these services, and which of their neighbours have more dependants than `many`. */
export async function dependenciesAround(
  queries: Queries,
  services: readonly string[],
  many: number,
): Promise<{ readonly dependencies: readonly DependencyRow[]; readonly hubs: ReadonlySet<string> }> {
  const { of, on } = await readCallGraph(queries)
  const dependencies = services.flatMap((service) => [...(of.get(service) ?? []), ...(on.get(service) ?? [])])
  const neighbours = new Set(dependencies.flatMap((each) => [each.from, each.to]))
  const dependantsOf = (service: string) => new Set(on.get(service)?.map((each) => each.from)).size
  return { dependencies, hubs: new Set([...neighbours].filter((each) => dependantsOf(each) > many)) }
}

function walk(
  services: readonly string[],
  steps: CallGraph['of'],
  next: (dependency: DependencyRow) => string,
): readonly DependencyRow[] {
  const found: DependencyRow[] = []
  // The set grows while it is walked, so it ends when nothing new is found.
  const seen = new Set(services)
  for (const name of seen)
    for (const step of steps.get(name) ?? []) {
      found.push(step)
      seen.add(next(step))
    }
  return found
}
