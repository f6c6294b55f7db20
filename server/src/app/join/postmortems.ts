// What postmortems needs of the rooms around it: who may sign in, how people are reminded, whose holidays count.
import { listPeople } from '../../modules/identity/index.ts'
import type { Notifier } from '../../modules/notifications/index.ts'
import type { PostmortemsPorts } from '../../modules/postmortems/index.ts'
import { describeObjectives, readLedger, readStandings } from '../../modules/slo/index.ts'
import { readServiceCells } from '../../modules/telemetry/index.ts'
import type { Queries } from '../../platform/database/queries.ts'

import { causesOf } from './objectives.ts'

const most = 500
const mostObjectives = 20

export const accountsOf: NonNullable<PostmortemsPorts['accounts']> = async (queries: Queries) => {
  const found: { name: string; email: string }[] = []
  for (let after: { name: string; id: string } | null = null; ; ) {
    const people: Awaited<ReturnType<typeof listPeople>> = await listPeople(queries, null, after, most)
    found.push(...people.map(({ name, email }) => ({ name, email })))
    const last = people.at(-1)
    if (last === undefined || people.length < most) return found
    after = { name: last.name, id: last.id }
  }
}

export function reviewReminderOf(
  notifier: Pick<Notifier, 'remind'>,
  publicUrl: string,
): NonNullable<PostmortemsPorts['remind']> {
  return (tx, { occasion, person, because, head, sentence, path }) =>
    notifier.remind(tx, { occasion, person, because, facts: { head, sentence, link: `${publicUrl}${path}` } })
}

/** As the ledgers of the objectives say it, over the window of each. */
export const budgetSpent: NonNullable<PostmortemsPorts['budgetSpent']> = async (queries, incident) => {
  const spent = []
  // Not as it was judged last: an incident that is declared and over within minutes would stand in no row yet.
  const now = await queries.now()
  for (const service of incident.services)
    for (const { summary } of await describeObjectives(
      queries,
      { service, state: null, sort: 'remaining' },
      null,
      mostObjectives,
    )) {
      const { rows } = await readLedger(queries, { causes: causesOf }, { name: summary.name, from: null, to: now })
      const own = rows.filter(({ cause }) => cause.kind === 'incident' && cause.id === incident.id)
      const share = own.reduce((sum, row) => sum + (row.budgetShare ?? 0), 0)
      spent.push({ objective: summary.displayName, share })
    }
  return spent
}

export const checkOf: NonNullable<PostmortemsPorts['checkOf']> = async (queries, service, check) =>
  (await readServiceCells(queries, { standingsOf: readStandings }, service))?.find(({ column }) => column === check) ??
  null
