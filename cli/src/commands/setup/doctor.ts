// Looks at everything that keeps Mainstay from working here, and says what to do about each.
import { exitCodes } from '../../exit-codes.ts'
import type { Run } from '../../line/command.ts'
import { printListing, say } from '../../print/output.ts'
import { stateCell } from '../../print/table.ts'
import { type Check, checkFolder, checkNode, checkZones } from './doctor-machine.ts'
import { checkServer } from './doctor-server.ts'
import { checkConfiguration, checkDatabase, checkMail } from './doctor-settings.ts'

export const doctor: Run = async (call) => {
  const configuration = await checkConfiguration(call.shell.environment)
  const { config, dataFolder } = configuration
  const checks: readonly Check[] = [
    checkNode(process.versions.node),
    checkZones(),
    configuration.check,
    ...(config === null || dataFolder === null
      ? []
      : [...checkFolder(dataFolder), await checkDatabase(config, call.shell.now()), checkMail(config)]),
    ...(await checkServer(call)),
  ]
  await printListing(call, {
    rows: checks,
    columns: [
      { header: 'STATE', of: (row) => stateCell(row.state) },
      { header: 'WHAT', of: (row) => row.name },
      { header: 'FINDING', of: (row) => row.sentence },
    ],
    nameOf: (row) => `${row.name}: ${row.state}`,
    none: 'Nothing was checked.',
  })
  const bad = checks.filter((each) => each.state === 'bad').length
  say(call, bad === 0 ? 'Nothing keeps Mainstay from working here.' : `${bad} of ${checks.length} need your attention.`)
  return bad === 0 ? exitCodes.ok : exitCodes.error
}
