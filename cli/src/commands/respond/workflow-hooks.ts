// Webhooks of workflows from a terminal.
import type { WorkflowHook } from '../../../../client/src/operations.gen.ts'
import { openApi } from '../../connection/api.ts'
import { exitCodes } from '../../exit-codes.ts'
import type { Run } from '../../line/command.ts'
import { printListing, say } from '../../print/output.ts'
import { ago } from '../../print/times.ts'
import { readGivenFile } from './given-file.ts'

export const listHooks: Run = async (call) => {
  const api = await openApi(call)
  const { items } = await api.client['workflows.hooks']()
  await printListing<WorkflowHook>(call, {
    rows: items,
    columns: [
      { header: 'NAME', of: (row) => row.name },
      { header: 'TARGET', of: (row) => row.target, elastic: true },
      { header: 'CALLED', of: (row) => (row.calledAt === null ? 'never' : ago(row.calledAt, call.shell.now())) },
      { header: 'SAYS', of: (row) => row.outcome ?? '', elastic: true },
      { header: 'BY', of: (row) => row.changedBy, wide: true },
    ],
    nameOf: (row) => `hook/${row.name}`,
    none: 'No webhooks. `mainstay hook keep` keeps one.',
  })
  return exitCodes.ok
}

export const keepHook: Run = async (call) => {
  const [name = '', url = ''] = call.args
  const file = call.options.text('secret-file')
  const given = file === null ? null : (await readGivenFile(call, file)).trim()
  const api = await openApi(call)
  const { secret } = await api.client['workflows.keep-hook']({
    params: { name },
    body: { url, ...(given === null ? {} : { secret: given }) },
  })
  if (secret === null) say(call, 'Kept.')
  else {
    say(call, 'Kept. It is signed with this secret, which is not shown again:')
    call.shell.out.write(`${secret}\n`)
  }
  return exitCodes.ok
}

export const removeHook: Run = async (call) => {
  const api = await openApi(call)
  await api.client['workflows.remove-hook']({ params: { name: call.args[0] ?? '' } })
  say(call, 'Forgotten.')
  return exitCodes.ok
}
