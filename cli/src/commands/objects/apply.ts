import { openApi } from '../../connection/api.ts'
import { CommandError, exitCodes } from '../../exit-codes.ts'
import type { Call, Run } from '../../line/command.ts'
import { confirm } from '../../print/confirm.ts'
import { say } from '../../print/output.ts'
import { atTheirPlaces, readDocuments } from './documents.ts'
import { orderOf, plan, printPlan } from './plan.ts'

export const apply: Run = async (call) => {
  if (call.options.has('dry-run')) return plan(call)
  const documents = await readDocuments(call)
  const order = orderOf(call, documents)
  const api = await openApi(call)
  const refuse = (error: unknown) => {
    throw atTheirPlaces(error, documents)
  }
  if (order.prune === true && !call.options.has('yes')) {
    const found = await api.client['resources.plan']({ body: order }).catch(refuse)
    await confirmDeletes(
      call,
      found.changes.filter((change) => change.action === 'delete').map((change) => `${change.kind}/${change.name}`),
    )
  }
  const done = await api.client['resources.apply']({ body: order }).catch(refuse)
  await printPlan(call, done, documents, 'apply')
  return exitCodes.ok
}

async function confirmDeletes(call: Call, names: readonly string[]): Promise<void> {
  if (names.length === 0) return
  say(call, `--prune deletes ${names.length === 1 ? 'one object' : `${names.length} objects`}: ${names.join(', ')}`)
  if (!(await confirm(call, `Delete ${names.length === 1 ? 'it' : 'them'}? Type yes: `, 'yes')))
    throw new CommandError(exitCodes.error, 'Nothing was changed.')
}
