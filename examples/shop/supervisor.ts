// The whole shop: six processes, the customers, and the switches to break and repair them.
import { randomBytes } from 'node:crypto'
import { type CustomerCounts, startCustomers } from './customers.ts'
import { announceDeployment, type DeploymentReceiver } from './deployments.ts'
import type { Fault } from './fault.ts'
import { openLog } from './log.ts'
import {
  addressVariable,
  badRelease,
  goodRelease,
  roster,
  type ServiceName,
  serviceNames,
  startingWaves,
} from './roster.ts'
import { type ProcessFacts, type SupervisedProcess, superviseProcess } from './supervised-process.ts'

export interface ShopOptions {
  readonly entry: string
  /** The port of the front; the others follow. 0 takes free ports. */
  readonly portBase: number
  readonly customersPerSecond: number
  readonly seed: number
  readonly environment: NodeJS.ProcessEnv
}

export interface ShopStatus {
  readonly services: readonly (ProcessFacts & {
    readonly name: ServiceName
    readonly dependsOn: readonly ServiceName[]
  })[]
  readonly customers: CustomerCounts
}

export interface Shop {
  breakService(name: ServiceName, fault: Fault): Promise<void>
  repair(name: ServiceName): Promise<void>
  status(): ShopStatus
  /** The newest log lines of a service, read from it; none when it is down. */
  logs(name: ServiceName): Promise<string>
  stop(): Promise<void>
}

const defaultExportIntervalMs = 3_000
const switchTimeoutMs = 3_000

export async function openShop(options: ShopOptions): Promise<Shop> {
  const log = openLog('shop', goodRelease, options.environment.SHOP_LOG_DIR ?? null)
  const token = randomBytes(18).toString('base64url')
  const processes = new Map<ServiceName, SupervisedProcess>()
  const receiver: DeploymentReceiver = {
    url: options.environment.MAINSTAY_URL ?? null,
    token: options.environment.MAINSTAY_TOKEN ?? null,
  }
  const announcements = new Set<Promise<boolean>>()
  // The token belongs to the pipeline, the name and the fault to one service: no child inherits them.
  const { MAINSTAY_TOKEN: _token, OTEL_SERVICE_NAME: _name, SHOP_FAULT: _fault, ...inherited } = options.environment
  const deployed = new Map<ServiceName, string>()

  const get = (name: ServiceName): SupervisedProcess => {
    const found = processes.get(name)
    if (found === undefined) throw new Error(`${name} is not started.`)
    return found
  }

  const startOne = async (name: ServiceName): Promise<void> => {
    const addresses = roster[name].dependsOn.map((target) => [addressVariable(target), get(target).facts().url])
    const process = superviseProcess({
      name,
      entry: options.entry,
      port: options.portBase === 0 ? 0 : options.portBase + serviceNames.indexOf(name),
      environment: {
        OTEL_METRIC_EXPORT_INTERVAL: String(defaultExportIntervalMs),
        ...inherited,
        ...Object.fromEntries(addresses),
        SHOP_FAULT_TOKEN: token,
        SHOP_SEED: String(options.seed),
      },
      report: (message, facts) => log.write('warn', message, { process: name, ...facts }),
    })
    processes.set(name, process)
    await process.start()
  }

  const stopProcesses = () => Promise.all([...processes.values()].map((process) => process.stop()))

  try {
    for (const wave of startingWaves) {
      const results = await Promise.allSettled(wave.map(startOne))
      for (const result of results) if (result.status === 'rejected') throw result.reason
    }
  } catch (error) {
    await stopProcesses()
    throw error
  }
  const customers = startCustomers({
    frontUrl: get('front').facts().url,
    perSecond: options.customersPerSecond,
    seed: options.seed,
  })

  const announce = (service: ServiceName, version: string, summary: string) => {
    const at = new Date().toISOString()
    const told = announceDeployment(
      receiver,
      { externalId: `${service}-${version}-${at}`, service, version, summary, at },
      log,
    )
    announcements.add(told)
    void told.finally(() => announcements.delete(told))
  }

  /** Sets the fault in the running process; its own restarts keep it. */
  const switchFault = async (process: SupervisedProcess, fault: Fault | null): Promise<void> => {
    process.remember(fault)
    const response = await fetch(new URL('/_fault', process.facts().url), {
      method: fault === null ? 'DELETE' : 'POST',
      headers: { authorization: `Bearer ${token}` },
      signal: AbortSignal.timeout(switchTimeoutMs),
      ...(fault === null ? {} : { body: JSON.stringify(fault) }),
    })
    await response.arrayBuffer()
    if (!response.ok) throw new Error(`${process.name} answered ${response.status} to the switch.`)
  }

  const apply = async (name: ServiceName, fault: Fault | null): Promise<void> => {
    const process = get(name)
    const before = process.facts()
    log.write('warn', fault === null ? 'repair' : 'break', { process: name, fault })
    if (fault?.mode === 'dead') return process.kill()
    const releases = fault?.mode === 'bad-release' || before.fault?.mode === 'bad-release'
    // A leak is only repaired by a restart: the memory is gone, as in life.
    if (releases || before.state !== 'up' || before.fault?.mode === 'leak') {
      await process.restartWith(fault)
    } else {
      await switchFault(process, fault)
    }
    const version = process.facts().version
    if (version === (deployed.get(name) ?? goodRelease)) return
    deployed.set(name, version)
    announce(
      name,
      version,
      version === badRelease ? `Roll out ${name} ${badRelease}` : `Roll back ${name} to ${goodRelease}`,
    )
  }

  // One order after the other for each service: two people may press two switches.
  const queues = new Map<ServiceName, Promise<void>>()
  const inTurn = (name: ServiceName, fault: Fault | null): Promise<void> => {
    const turn = (queues.get(name) ?? Promise.resolve()).catch(() => undefined).then(() => apply(name, fault))
    queues.set(name, turn)
    return turn
  }

  return {
    breakService: inTurn,
    async repair(name) {
      if (get(name).facts().fault !== null || get(name).facts().state !== 'up') await inTurn(name, null)
    },
    status: () => ({
      services: serviceNames.map((name) => ({ name, dependsOn: roster[name].dependsOn, ...get(name).facts() })),
      customers: customers.counts(),
    }),
    async logs(name) {
      if (get(name).facts().state !== 'up') return '{"lines":[]}'
      const response = await fetch(new URL('/_logs', get(name).facts().url), {
        headers: { authorization: `Bearer ${token}` },
        signal: AbortSignal.timeout(switchTimeoutMs),
      })
      return response.text()
    },
    async stop() {
      await customers.stop()
      await Promise.allSettled(queues.values())
      await stopProcesses()
      await Promise.allSettled(announcements)
    },
  }
}
