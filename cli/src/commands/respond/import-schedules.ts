import { openApi } from '../../connection/api.ts'
import { exitCodes } from '../../exit-codes.ts'
import type { Run } from '../../line/command.ts'
import { say } from '../../print/output.ts'
import { readGivenFile } from './given-file.ts'

/** Reports what would become of an export, and applies it unless this is a rehearsal. */
export const importSchedules: Run = async (call) => {
  const [file = ''] = call.args
  const text = await readGivenFile(call, file)
  const api = await openApi(call)
  const found = await api.client['schedules.import']({ body: { text } })
  say(call, `An export of ${found.source}.`)
  for (const each of found.schedules) {
    const agreement =
      each.agreement === null
        ? ''
        : `; agrees with its own calendar for ${(each.agreement * 100).toFixed(1)} % of the time`
    const count = each.rotations === 1 ? '1 rotation' : `${each.rotations} rotations`
    say(call, `+ schedule/${each.name}: ${count}${agreement}`)
  }
  for (const each of found.newPeople) say(call, `+ person/${each.name} ${each.email}`)
  for (const each of found.missing) say(call, `▲ ${each} has no address in the export and is not declared here.`)
  for (const each of found.notes) say(call, `▲ ${each}`)
  if (call.options.has('documents')) call.shell.out.write(`${found.documents}\n`)
  if (call.options.has('dry-run')) {
    say(call, 'Nothing was changed.')
    return exitCodes.ok
  }
  if (found.missing.length > 0) {
    say(
      call,
      'Nothing was changed: declare the people above first, or take their documents with --documents and edit them.',
    )
    return exitCodes.conflict
  }
  const { changes } = await api.client['resources.apply']({ body: { documents: found.documents, manager: 'import' } })
  for (const change of changes)
    for (const warning of change.warnings) say(call, `▲ ${change.kind}/${change.name}: ${warning.detail}`)
  say(call, `${changes.filter((each) => each.action !== 'unchanged').length} objects applied.`)
  return exitCodes.ok
}
