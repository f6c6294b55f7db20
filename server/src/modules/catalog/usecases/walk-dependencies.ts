// The part of the dependency graph around one service. A step up or down is one look at an index, so the work follows
// what is found and not how many services there are: an alert storm asks this for every alert.
import type { Queries } from '../../../platform/database/queries.ts'
import { type DependencyRow, listDependants, listDependenciesOf } from '../catalog.store.ts'

/** Every dependency on a way to this service. */
export function dependenciesAbove(queries: Queries, service: string): Promise<readonly DependencyRow[]> {
  return walk(
    service,
    (names) => listDependants(queries, names),
    (each) => each.from,
  )
}

/** What it needs to work, and what that needs in turn; without itself unless it is in a loop. */
export async function servicesBeneath(queries: Queries, service: string): Promise<ReadonlySet<string>> {
  const found = await walk(
    service,
    (names) => listDependenciesOf(queries, names),
    (each) => each.to,
  )
  return new Set(found.map((each) => each.to))
}

async function walk(
  service: string,
  step: (names: readonly string[]) => Promise<readonly DependencyRow[]>,
  next: (dependency: DependencyRow) => string,
): Promise<readonly DependencyRow[]> {
  const seen = new Set([service])
  const found: DependencyRow[] = []
  for (let names: readonly string[] = [service]; names.length > 0; ) {
    const rows = await step(names)
    found.push(...rows)
    names = [...new Set(rows.map(next))].filter((name) => !seen.has(name))
    for (const name of names) seen.add(name)
  }
  return found
}
