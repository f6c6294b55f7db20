import { openApi, orNull } from '../../connection/api.ts'
import { exitCodes } from '../../exit-codes.ts'
import type { Run } from '../../line/command.ts'
import { printListing } from '../../print/output.ts'
import { exact } from '../../print/times.ts'
import { unknownObject } from './get.ts'
import { findKind, readOneReference } from './kinds.ts'

export const history: Run = async (call) => {
  const { kind: word, name } = readOneReference(call.args, 'mainstay history service checkout')
  const api = await openApi(call)
  const kind = await findKind(api, word)
  const found = await orNull(api.client['resources.history']({ params: { plural: kind.plural, name } }))
  if (found === null || found.items.length === 0) throw await unknownObject(api, kind, name)
  await printListing(call, {
    rows: found.items,
    columns: [
      { header: 'VERSION', of: (row) => String(row.version), align: 'right' },
      { header: 'WHEN', of: (row) => exact(row.at, call.shell.zone) },
      { header: 'BY', of: (row) => row.actor },
      { header: 'WHAT', of: (row) => (row.deleted ? 'deleted' : row.version === 1 ? 'created' : 'changed') },
    ],
    nameOf: (row) => `${kind.kind.toLowerCase()}/${name}@${row.version}`,
    none: 'No versions.',
  })
  return exitCodes.ok
}
