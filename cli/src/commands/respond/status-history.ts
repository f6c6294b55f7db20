// What a status page told, month by month.
import { openApi } from '../../connection/api.ts'
import { exitCodes } from '../../exit-codes.ts'
import type { Run } from '../../line/command.ts'
import { inTable, printListing, say } from '../../print/output.ts'
import { stateCell } from '../../print/table.ts'
import { harmless } from '../../print/text-width.ts'

export const showHistory: Run = async (call) => {
  const [page = ''] = call.args
  const asked = call.options.text('month')
  const api = await openApi(call)
  const found = await api.client['statuspages.history']({
    params: { page },
    query: asked === null ? {} : { month: asked },
  })
  await printListing(call, {
    rows: found.posts,
    columns: [
      { header: 'BEGAN', of: (row) => row.openedAt.slice(0, 16).replace('T', ' ') },
      { header: 'KIND', of: (row) => row.kind },
      { header: 'STATE', of: (row) => stateCell(row.state) },
      { header: 'TITLE', of: (row) => harmless(row.title), elastic: true },
      { header: 'ID', of: (row) => row.id, wide: true },
    ],
    nameOf: (row) => `statuspost/${row.id}`,
    none: `Nothing began in ${found.month}.`,
  })
  if (inTable(call) && found.older !== null) say(call, `Before: mainstay status history ${page} --month ${found.older}`)
  return exitCodes.ok
}
