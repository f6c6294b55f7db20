// Postmortems and corrective actions from a terminal.
import type { CorrectiveAction, PostmortemSummary } from '../../../../client/src/operations.gen.ts'
import { openApi, readPages } from '../../connection/api.ts'
import { exitCodes } from '../../exit-codes.ts'
import type { Run } from '../../line/command.ts'
import { printListing, say } from '../../print/output.ts'
import { stateCell } from '../../print/table.ts'
import { ago } from '../../print/times.ts'
import { oneIncidentId } from './references.ts'

export const listPostmortems: Run = async (call) => {
  const { options, shell } = call
  const service = options.text('service')
  const api = await openApi(call)
  const { items, more } = await readPages(
    (page) => api.client['postmortems.list']({ query: { ...page, ...(service === null ? {} : { service }) } }),
    options.integer('limit', 1, 100_000) ?? 100,
  )
  await printListing<PostmortemSummary>(call, {
    rows: items,
    more,
    columns: [
      { header: 'NUMBER', of: (row) => String(row.number), align: 'right' },
      {
        header: 'STATE',
        of: (row) => stateCell(row.exception !== null ? 'excused' : row.overdue ? 'overdue' : row.status),
      },
      { header: 'INCIDENT', of: (row) => String(row.incident.number), align: 'right' },
      { header: 'SEVERITY', of: (row) => row.severity },
      { header: 'OPENED', of: (row) => ago(row.openedAt, shell.now()) },
      { header: 'TITLE', of: (row) => row.title, elastic: true },
      { header: 'ID', of: (row) => row.id, wide: true },
    ],
    nameOf: (row) => `postmortem/${row.number}`,
    none: 'No postmortem yet.',
  })
  return exitCodes.ok
}

export const openPostmortem: Run = async (call) => {
  const api = await openApi(call)
  const incident = await oneIncidentId(api, call.args[0] ?? '')
  const because = call.options.text('because')
  const postmortem = await api.client['postmortems.open']({
    body: { incident, ...(because === null ? {} : { because }) },
  })
  say(call, `Postmortem ${postmortem.number}, due ${postmortem.dueAt.slice(0, 10)}: /postmortems/${postmortem.id}`)
  return exitCodes.ok
}

export const exportPostmortem: Run = async (call) => {
  const api = await openApi(call)
  const incident = await oneIncidentId(api, call.args[0] ?? '')
  const { items } = await api.client['postmortems.list']({ query: { incident, limit: 1 } })
  const [found] = items
  if (found === undefined) {
    say(call, 'This incident has no postmortem. Open one: mainstay postmortem open <incident>')
    return exitCodes.notFound
  }
  const document = await api.client['postmortems.export']({ params: { id: found.id } })
  const json = call.options.text('format') === 'json'
  call.shell.out.write(json ? `${JSON.stringify(document.postmortem, null, 2)}\n` : document.markdown)
  return exitCodes.ok
}

export const listActions: Run = async (call) => {
  const { options } = call
  const owner = options.text('owner')
  const sort = options.has('by-priority') ? ('priority' as const) : ('due' as const)
  const state = options.has('all') ? null : options.has('overdue') ? ('overdue' as const) : ('unfinished' as const)
  const api = await openApi(call)
  const { items, more } = await readPages(
    (page) =>
      api.client['actions.list']({
        query: { ...page, sort, ...(state === null ? {} : { state }), ...(owner === null ? {} : { owner }) },
      }),
    options.integer('limit', 1, 100_000) ?? 100,
  )
  await printListing<CorrectiveAction>(call, {
    rows: items,
    more,
    columns: [
      { header: 'NUMBER', of: (row) => String(row.number), align: 'right' },
      { header: 'STATE', of: (row) => stateCell(row.overdue ? 'overdue' : row.state) },
      { header: 'DUE', of: (row) => row.dueAt.slice(0, 10) },
      { header: 'OWNER', of: (row) => row.owner },
      { header: 'SIZE', of: (row) => row.size ?? '?' },
      { header: 'PRIORITY', of: (row) => String(row.priority.perDay), align: 'right' },
      { header: 'ACTION', of: (row) => row.title, elastic: true },
      { header: 'WHY', of: (row) => row.priority.sentence, elastic: true, wide: true },
      { header: 'SEEN', of: (row) => row.seen ?? '', elastic: true, wide: true },
    ],
    nameOf: (row) => `action/${row.number}`,
    none: 'Nothing to do.',
  })
  return exitCodes.ok
}
