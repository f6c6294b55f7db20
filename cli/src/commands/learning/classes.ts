// Classes of failure from a terminal.
import type { FailureClass } from '../../../../client/src/operations.gen.ts'
import { openApi } from '../../connection/api.ts'
import { exitCodes } from '../../exit-codes.ts'
import type { Run } from '../../line/command.ts'
import { printListing, say } from '../../print/output.ts'
import { oneIncidentId } from '../respond/references.ts'

export const listClasses: Run = async (call) => {
  const api = await openApi(call)
  const { classes } = await api.client['learning.classes']({})
  await printListing<FailureClass>(call, {
    rows: classes,
    columns: [
      { header: 'CLASS', of: (row) => row.name },
      { header: 'TITLE', of: (row) => row.title },
      { header: 'OF A CHANGE', of: (row) => (row.change ? 'yes' : null) },
      { header: 'MEANS', of: (row) => row.meaning, elastic: true },
    ],
    nameOf: (row) => `class/${row.name}`,
    none: 'No class is declared.',
  })
  return exitCodes.ok
}

export const classify: Run = async (call) => {
  const [incident = '', name = ''] = call.args
  const factor = call.options.text('factor')
  const api = await openApi(call)
  const id = await oneIncidentId(api, incident)
  const to = name === 'none' ? null : name
  await api.client['learning.classify']({ params: { id }, body: { class: to, factor } })
  const what = factor === null ? `Incident ${incident}` : `Factor ${factor} of incident ${incident}`
  say(call, to === null ? `${what} has no class.` : `${what}: ${to}.`)
  return exitCodes.ok
}
