import { openApi, readPages } from '../../connection/api.ts'
import { exitCodes } from '../../exit-codes.ts'
import type { Run } from '../../line/command.ts'
import { printListing } from '../../print/output.ts'
import { exact } from '../../print/times.ts'

export const journal: Run = async (call) => {
  const { options, shell } = call
  const text = (name: 'service' | 'concerns' | 'type') => {
    const value = options.text(name)
    return value === null ? {} : { [name]: value }
  }
  const time = (name: 'from' | 'to') => {
    const value = options.time(name, shell.now())
    return value === null ? {} : { [name]: value }
  }
  const filter = { ...text('service'), ...text('concerns'), ...text('type'), ...time('from'), ...time('to') }
  const api = await openApi(call)
  const { items, more } = await readPages(
    (page) => api.client['journal.list']({ query: { ...page, ...filter } }),
    options.integer('limit', 1, 100_000) ?? 100,
  )
  await printListing(call, {
    rows: items,
    more,
    columns: [
      { header: 'WHEN', of: (row) => exact(row.at, shell.zone) },
      { header: 'WHAT', of: (row) => row.type },
      { header: 'ABOUT', of: (row) => `${row.subject.kind} ${row.subject.id}`, elastic: true },
      { header: 'BY', of: (row) => row.actor.name },
      { header: 'WHY', of: (row) => row.reason, elastic: true },
      { header: 'LINKS', of: (row) => row.links.map((each) => `${each.kind}:${each.id}`).join(' '), wide: true },
      { header: 'ID', of: (row) => String(row.id), wide: true },
    ],
    nameOf: (row) => `entry/${row.id}`,
    none: 'No entries.',
  })
  return exitCodes.ok
}
