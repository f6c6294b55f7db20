import { exitCodes } from '../../exit-codes.ts'
import type { Run } from '../../line/command.ts'
import { printListing, say } from '../../print/output.ts'

const load = () => import('../../../../server/src/platform/config/config.ts')

export const checkConfig: Run = async (call) => {
  const { readConfig, describeConfig } = await load()
  const set = describeConfig(readConfig(call.shell.environment)).filter(
    (each) => each.source === 'environment' || each.source === 'file',
  )
  say(
    call,
    set.length === 0 ? 'Nothing is set: every setting has its default.' : `${set.length} settings are set, and right.`,
  )
  return exitCodes.ok
}

export const printConfig: Run = async (call) => {
  const { readConfig, describeConfig } = await load()
  await printListing(call, {
    rows: describeConfig(readConfig(call.shell.environment)),
    columns: [
      { header: 'SETTING', of: (row) => row.name },
      { header: 'VALUE', of: (row) => row.value, elastic: true },
      { header: 'FROM', of: (row) => row.source },
      { header: 'MEANING', of: (row) => row.summary, elastic: true },
    ],
    nameOf: (row) => row.name,
    none: 'No settings.',
  })
  return exitCodes.ok
}
