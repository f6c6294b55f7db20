// How well postmortems and corrective actions are kept, from a terminal.
import type { ActionAgeing, PostmortemCompliance } from '../../../../client/src/operations.gen.ts'
import { openApi } from '../../connection/api.ts'
import { exitCodes } from '../../exit-codes.ts'
import type { Run } from '../../line/command.ts'
import { inTable, printDetail, printListing, say } from '../../print/output.ts'

type Tally = Omit<PostmortemCompliance, 'from' | 'to' | 'severities' | 'teams'> & { readonly of: string }

export const compliance: Run = async (call) => {
  const { options, shell } = call
  const [from, to] = [options.time('from', shell.now()), options.time('to', shell.now())]
  const api = await openApi(call)
  const found = await api.client['postmortems.compliance']({
    query: { ...(from === null ? {} : { from }), ...(to === null ? {} : { to }) },
  })
  if (!inTable(call)) {
    await printDetail(call, { title: '', facts: [], name: 'compliance', document: found })
    return exitCodes.ok
  }
  const rows: readonly Tally[] = [
    { ...found, of: 'all' },
    ...found.severities.map((each) => ({ ...each, of: each.severity })),
    ...found.teams.map((each) => ({ ...each, of: each.team ?? 'no team' })),
  ]
  await printListing<Tally>(call, {
    rows: found.due + found.excused === 0 ? [] : rows,
    columns: [
      { header: 'OF', of: (row) => row.of },
      { header: 'DUE', of: (row) => String(row.due), align: 'right' },
      { header: 'ON TIME', of: (row) => String(row.onTime), align: 'right' },
      { header: 'LATE', of: (row) => String(row.late), align: 'right' },
      { header: 'STILL OPEN', of: (row) => String(row.open), align: 'right' },
      { header: 'EXCUSED', of: (row) => String(row.excused), align: 'right' },
      { header: 'SHARE', of: (row) => (row.ratio === null ? '' : `${Math.round(row.ratio * 100)} %`), align: 'right' },
    ],
    nameOf: (row) => `compliance/${row.of}`,
    none: 'No postmortem was due.',
  })
  say(call, `From ${found.from.slice(0, 10)} to ${found.to.slice(0, 10)}.`)
  return exitCodes.ok
}

export const ageing: Run = async (call) => {
  const api = await openApi(call)
  const { buckets } = await api.client['actions.ageing']()
  await printListing<ActionAgeing['buckets'][number]>(call, {
    rows: buckets,
    columns: [
      { header: 'AGREED', of: (row) => row.bucket },
      { header: 'ACTIONS', of: (row) => String(row.actions), align: 'right' },
      { header: 'LATE', of: (row) => String(row.overdue), align: 'right' },
    ],
    nameOf: (row) => `ageing/${row.bucket}`,
    none: 'Nothing to do.',
  })
  return exitCodes.ok
}
