// What is worked on in an incident, from a terminal: items by their number, and graphs that are kept as data.
import type { IncidentItem } from '../../../../client/src/operations.gen.ts'
import { hour } from '../../../../server/src/kernel/duration.ts'
import { notFound, openApi } from '../../connection/api.ts'
import { exitCodes, usageError } from '../../exit-codes.ts'
import type { Run } from '../../line/command.ts'
import { printDetail, printListing, say } from '../../print/output.ts'
import { stateCell } from '../../print/table.ts'
import { ago } from '../../print/times.ts'
import { oneIncidentId } from './references.ts'
import { oneOf } from './text-given.ts'

interface Numbered extends IncidentItem {
  /** Its place among all of the incident, by when they were written: none is ever removed. */
  readonly number: number
}

const settled = (item: IncidentItem) => item.closedAt !== null || item.kind === 'decision'

export const listWork: Run = async (call) => {
  const { options, shell } = call
  const api = await openApi(call)
  const id = await oneIncidentId(api, call.args[0] ?? '')
  const { items } = await api.client['incidents.work']({ params: { id } })
  const rows: readonly Numbered[] = items.map((item, index) => ({ ...item, number: index + 1 }))
  await printListing<Numbered>(call, {
    rows: options.has('open') ? rows.filter((row) => !settled(row)) : rows,
    columns: [
      { header: 'ITEM', of: (row) => String(row.number), align: 'right' },
      { header: 'KIND', of: (row) => row.kind },
      { header: 'STATE', of: (row) => stateCell(row.state) },
      { header: 'OWNER', of: (row) => row.owner ?? '' },
      { header: 'WHAT', of: (row) => row.text, elastic: true },
      { header: 'WHY', of: (row) => row.verification?.because ?? row.reason ?? '', elastic: true },
      { header: 'VENDOR', of: (row) => row.vendorCase?.vendor ?? '', wide: true },
      { header: 'CASE', of: (row) => row.vendorCase?.caseNumber ?? '', wide: true },
      { header: 'SINCE', of: (row) => ago(row.createdAt, shell.now()), wide: true },
      { header: 'CAN GO TO', of: (row) => row.next.join(', '), wide: true },
    ],
    nameOf: (row) => `item/${row.number}`,
    none: options.has('open') ? 'Everything is settled.' : 'Nothing is written down yet.',
  })
  return exitCodes.ok
}

export const changeItem: Run = async (call) => {
  const { options } = call
  const [reference = '', text = '', word] = call.args
  const [reason, owner] = [options.text('reason'), options.text('owner')]
  const [pro, con] = [options.text('for'), options.text('against')]
  if (pro !== null && con !== null) throw usageError('--for and --against are two pieces of evidence: one at a time.')
  const evidence = pro !== null ? { side: 'for' as const, text: pro } : con === null ? null : againstBy(con)
  const caseNumber = options.text('case')
  if (word === undefined && owner === null && evidence === null && caseNumber === null)
    throw usageError(
      'What becomes of it?',
      'Say a state, --owner, --for, --against or --case: mainstay incident item 7 2 done',
    )
  const api = await openApi(call)
  const id = await oneIncidentId(api, reference)
  const { items } = await api.client['incidents.work']({ params: { id } })
  const number = Number(/^#?(\d{1,4})$/.exec(text)?.[1] ?? Number.NaN)
  const item = items.find((each, index) => each.id === text || index + 1 === number)
  if (item === undefined)
    throw notFound(`Incident ${reference} has no item ${text}.`, `See \`mainstay incident work ${reference}\`.`)
  const changed = await api.client['incidents.change-item']({
    params: { id, item: item.id },
    body: {
      ...(word === undefined ? {} : { state: oneOf(item.next, word, `state of a ${item.kind} that is ${item.state}`) }),
      ...(reason === null ? {} : { reason }),
      ...(owner === null ? {} : { owner }),
      ...(evidence === null ? {} : { evidence }),
      ...(caseNumber === null ? {} : { caseNumber }),
    },
  })
  say(call, `${changed.kind} is ${changed.state}: ${changed.text}`)
  if (options.has('output'))
    await printDetail(call, { title: changed.text, facts: [], name: `item/${text}`, document: changed })
  return exitCodes.ok
}

const againstBy = (text: string) => ({ side: 'against' as const, text })

export const pinGraph: Run = async (call) => {
  const { options, shell } = call
  const [reference = '', objective = ''] = call.args
  const now = shell.now()
  const from = options.time('from', now) ?? new Date(now - hour).toISOString()
  const to = options.time('to', now) ?? new Date(now).toISOString()
  const title = options.text('title')
  const api = await openApi(call)
  const pin = await api.client['incidents.pin-graph']({
    params: { id: await oneIncidentId(api, reference) },
    body: { objective, from, to, ...(title === null ? {} : { title }) },
  })
  say(call, `Pinned: ${pin.title}, ${pin.points.length} points from ${pin.from} to ${pin.to}.`)
  return exitCodes.ok
}
