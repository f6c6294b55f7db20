// The switches of the demo shop, which is a set of processes outside the product.
import {
  breakService,
  type ControlOptions,
  faultMeanings,
  faultModes,
  isServiceName,
  repair,
  type ServiceName,
  ShopControlError,
  type ShopStatus,
  serviceNames,
  status,
} from '../../../../examples/shop/control.ts'
import { nearest } from '../../../../server/src/kernel/names.ts'
import { CommandError, type ExitCode, exitCodes, usageError } from '../../exit-codes.ts'
import type { Call, Run } from '../../line/command.ts'
import { printListing, say } from '../../print/output.ts'

export const breakShop: Run = async (call) => {
  const service = readService(call.args[0] ?? '')
  const mode = faultModes.find((each) => each === call.options.text('mode')) ?? 'errors'
  const ratio = call.options.text('ratio')
  if (ratio !== null && !(Number(ratio) > 0 && Number(ratio) <= 1))
    throw usageError(`--ratio has to be above 0 and at most 1, not "${ratio}".`)
  const details = ratio === null ? {} : { ratio: Number(ratio) }
  const after = await asked(breakService(service, mode, { ...control(call), ...details }))
  say(call, `Broke ${service}: ${faultMeanings[mode]}. Repair it: mainstay demo repair ${service}`)
  return print(call, after)
}

export const repairShop: Run = async (call) => {
  const [name] = call.args
  const service = name === undefined ? undefined : readService(name)
  const after = await asked(repair(service, control(call)))
  say(call, `Repaired ${service ?? 'everything'}. Alerts of one-hour objectives end within half a minute; those of`)
  say(call, '30-day objectives, which open when it was broken for over a minute, once five clean minutes have passed.')
  return print(call, after)
}

export const showShop: Run = async (call) => print(call, await asked(status(control(call))))

export const listModes: Run = async (call) => {
  await printListing(call, {
    rows: faultModes.map((mode) => ({ mode, meaning: faultMeanings[mode] })),
    columns: [
      { header: 'MODE', of: (row) => row.mode },
      { header: 'WHAT HAPPENS', of: (row) => row.meaning },
    ],
    nameOf: (row) => row.mode,
    none: 'No modes.',
  })
  return exitCodes.ok
}

function control({ options }: Call): ControlOptions {
  const controlUrl = options.text('control-url')
  return controlUrl === null ? {} : { controlUrl }
}

function readService(name: string): ServiceName {
  if (isServiceName(name)) return name
  const near = nearest(name, serviceNames)
  throw new CommandError(
    exitCodes.notFound,
    `The shop has no service "${name}".`,
    near === null ? `It has ${serviceNames.join(', ')}.` : `Did you mean ${near}?`,
  )
}

async function asked(answer: Promise<ShopStatus>): Promise<ShopStatus> {
  return answer.catch((error: unknown) => {
    if (error instanceof ShopControlError) throw new CommandError(exitCodes.error, error.message)
    throw error
  })
}

async function print(call: Call, { services, customers }: ShopStatus): Promise<ExitCode> {
  await printListing(call, {
    rows: services,
    columns: [
      { header: 'SERVICE', of: (row) => row.name },
      {
        header: 'STATE',
        of: (row) => (row.fault === null ? { text: row.state } : { text: `▲ ${row.fault.mode}`, tone: 'warning' }),
      },
      { header: 'VERSION', of: (row) => row.version },
      { header: 'RESTARTS', of: (row) => String(row.restarts), align: 'right' },
      { header: 'DEPENDS ON', of: (row) => row.dependsOn.join(', ') },
      { header: 'URL', of: (row) => row.url },
    ],
    nameOf: (row) => row.name,
    none: 'The shop has no services.',
  })
  if (!call.options.has('output'))
    say(
      call,
      `Customers asked ${customers.sent} times: ${customers.served} served, ${customers.failed} failed, ${customers.unanswered} without an answer.`,
    )
  return exitCodes.ok
}
