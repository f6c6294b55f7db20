// The command line of the shop.
import { parseArgs } from 'node:util'
import { parseDuration } from '../../server/src/kernel/duration.ts'
import { controlPort, isServiceName, roster, type ServiceName, serviceNames } from './roster.ts'

export type ShopCommand =
  | { readonly run: 'help' }
  | { readonly run: 'service'; readonly service: ServiceName; readonly port: number; readonly forMs: number | null }
  | {
      readonly run: 'all'
      readonly portBase: number
      readonly controlPort: number
      readonly customersPerSecond: number
      readonly seed: number
      readonly forMs: number | null
    }

export const usage = `Usage: shop [--all] [--port-base N] [--control-port N] [--rate N] [--seed N] [--for DURATION]
       shop --service NAME [--port N] [--for DURATION]

  --all             all services and the customers (the default)
  --service NAME    one of ${serviceNames.join(', ')}; also SHOP_SERVICE
  --port N          its port (default: its usual one); 0 takes a free one; also PORT
  --port-base N     the first of six ports (default ${roster.front.port}); 0 takes free ones; also SHOP_PORT_BASE
  --control-port N  where it can be broken and repaired (default ${controlPort}); also SHOP_CONTROL_PORT
  --rate N          customers' requests a second (default 20)
  --seed N          the crowd and the latencies (default 1)
  --for DURATION    stop by itself after 90s, 5m, 1h
`

export type ShopArguments = { readonly command: ShopCommand } | { readonly refused: string }

export function readArguments(args: readonly string[], environment: NodeJS.ProcessEnv): ShopArguments {
  let values: Readonly<Record<string, string | boolean | undefined>>
  try {
    values = parseArgs({
      args: [...args],
      options: {
        all: { type: 'boolean' },
        service: { type: 'string' },
        port: { type: 'string' },
        'port-base': { type: 'string' },
        'control-port': { type: 'string' },
        rate: { type: 'string' },
        seed: { type: 'string' },
        for: { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    }).values
  } catch (error) {
    return { refused: error instanceof Error ? error.message : String(error) }
  }
  if (values.help === true) return { command: { run: 'help' } }
  const faults: string[] = []
  const number = (flag: string, variable: string | undefined, preset: number, limit: number): number => {
    const text = values[flag] ?? variable
    if (text === undefined) return preset
    const value = Number(text)
    if (text !== '' && Number.isInteger(value) && value >= 0 && value <= limit) return value
    faults.push(`--${flag} has to be a whole number from 0 to ${limit}, not "${text}".`)
    return preset
  }
  const forText = values.for
  const forMs = typeof forText === 'string' ? parseDuration(forText) : null
  if (typeof forText === 'string' && forMs === null) {
    faults.push(`--for has to be a duration like 90s, 5m or 1h, not "${forText}".`)
  }
  const service = values.all === true ? undefined : (values.service ?? environment.SHOP_SERVICE)
  if (typeof service === 'string') {
    if (!isServiceName(service)) {
      return { refused: `There is no service "${service}"; the services are ${serviceNames.join(', ')}.` }
    }
    const port = number('port', environment.PORT, roster[service].port, 65_535)
    return faults[0] === undefined
      ? { command: { run: 'service', service, port, forMs } }
      : { refused: faults.join(' ') }
  }
  const command = {
    run: 'all' as const,
    portBase: number('port-base', environment.SHOP_PORT_BASE, roster.front.port, 65_535 - serviceNames.length),
    controlPort: number('control-port', environment.SHOP_CONTROL_PORT, controlPort, 65_535),
    customersPerSecond: number('rate', undefined, 20, 200),
    seed: number('seed', undefined, 1, 4_294_967_295),
    forMs,
  }
  return faults[0] === undefined ? { command } : { refused: faults.join(' ') }
}
