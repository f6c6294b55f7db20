import { ProblemError } from '../../../../client/src/client.ts'
import { openApi } from '../../connection/api.ts'
import { CommandError, exitCodes, usageError } from '../../exit-codes.ts'
import type { Run } from '../../line/command.ts'
import { confirm } from '../../print/confirm.ts'
import { say } from '../../print/output.ts'
import { unknownObject } from './get.ts'
import { findKind, readReference } from './kinds.ts'

export const deleteObjects: Run = async (call) => {
  const { kind: word, names } = readReference(call.args)
  if (names.length === 0) throw usageError('NAME is missing.', 'Try: mainstay delete service old-cart')
  const api = await openApi(call)
  const kind = await findKind(api, word)
  for (const name of names) {
    if (!(await confirm(call, `Delete ${kind.kind} ${name}? Type its name: `, name)))
      throw new CommandError(exitCodes.error, `${kind.kind} ${name} was not deleted.`)
    await api.client['resources.delete']({ params: { plural: kind.plural, name } }).catch(async (error: unknown) => {
      throw error instanceof ProblemError && error.status === 404 ? await unknownObject(api, kind, name) : error
    })
    say(call, `Deleted ${kind.kind} ${name}.`)
  }
  return exitCodes.ok
}
