// The part of the dependency graph around one service. A step up or down is one look at an index, so the work follows
// what is found and not how many services there are: an alert storm asks this for every alert.
import type { Queries } from '../../../platform/database/queries.ts'
import { countDependants, type DependencyRow, listDependants, listDependenciesOf } from '../catalog.store.ts'

/** Every dependency on a way to one of these services. */
export function dependenciesAbove(queries: Queries, services: readonly string[]): Promise<readonly DependencyRow[]> {
  return walk(
    services,
    (names) => listDependants(queries, names),
    (each) => each.from,
  )
}

/** What it needs to work, and what that needs in turn; without itself unless it is in a loop. */
export async function servicesBeneath(queries: Queries, service: string): Promise<ReadonlySet<string>> {
  const found = await walk(
    [service],
    (names) => listDependenciesOf(queries, names),
    (each) => each.to,
  )
  return new Set(found.map((each) => each.to))
}

/** Every dependency from or to one of these services, and which of their neighbours have more dependants than `many`. */
export async function dependenciesAround(
  queries: Queries,
  services: readonly string[],
  many: number,
): Promise<{ readonly dependencies: readonly DependencyRow[]; readonly hubs: ReadonlySet<string> }> {
  const dependencies = [...(await listDependenciesOf(queries, services)), ...(await listDependants(queries, services))]
  const neighbours = [...new Set(dependencies.flatMap((each) => [each.from, each.to]))]
  const counts = await countDependants(queries, neighbours)
  return { dependencies, hubs: new Set(counts.filter((each) => each.count > many).map((each) => each.service)) }
}

async function walk(
  services: readonly string[],
  step: (names: readonly string[]) => Promise<readonly DependencyRow[]>,
  next: (dependency: DependencyRow) => string,
): Promise<readonly DependencyRow[]> {
  const seen = new Set(services)
  const found: DependencyRow[] = []
  for (let names: readonly string[] = [...seen]; names.length > 0; ) {
    const rows = await step(names)
    found.push(...rows)
    names = [...new Set(rows.map(next))].filter((name) => !seen.has(name))
    for (const name of names) seen.add(name)
  }
  return found
}
