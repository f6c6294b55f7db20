// Runs one service in this process until it is told to stop.
import { randomInt } from 'node:crypto'
import type { Server } from 'node:http'
import { openFaultSwitch, readFault } from './fault.ts'
import { createService, type ServiceDesign, type Workplace } from './http-service.ts'
import { type Log, openLog } from './log.ts'
import { seededRandom, seedOf } from './random.ts'
import { goodRelease, type ServiceName } from './roster.ts'
import { designCardnet } from './services/cardnet.ts'
import { designCart } from './services/cart.ts'
import { designCatalog } from './services/catalog.ts'
import { designCheckout } from './services/checkout.ts'
import { designFront } from './services/front.ts'
import { designPayment } from './services/payment.ts'
import { openTelemetry } from './telemetry.ts'

const designs: Readonly<Record<ServiceName, (workplace: Workplace) => ServiceDesign>> = {
  front: designFront,
  catalog: designCatalog,
  cart: designCart,
  checkout: designCheckout,
  payment: designPayment,
  cardnet: designCardnet,
}

export interface RunningService {
  readonly port: number
  /** Ends the requests under way, sends the last measurements. */
  stop(): Promise<void>
}

const drainLimitMs = 2_000

export async function runService(
  name: ServiceName,
  port: number,
  environment: NodeJS.ProcessEnv = process.env,
): Promise<RunningService> {
  const release = environment.SHOP_RELEASE ?? goodRelease
  const log = openLog(name, release, environment.SHOP_LOG_DIR ?? null)
  const random = seededRandom(
    environment.SHOP_SEED === undefined ? randomInt(2 ** 32) : seedOf(`${environment.SHOP_SEED}/${name}`),
  )
  const faults = openFaultSwitch(random)
  if (environment.SHOP_FAULT !== undefined) {
    const reading = readFault(JSON.parse(environment.SHOP_FAULT))
    if ('refused' in reading) throw new Error(reading.refused)
    faults.set(reading.fault)
  }
  const telemetry = openTelemetry(name, release, environment, log)
  const workplace = {
    name,
    release,
    environment,
    log,
    telemetry,
    random,
    faults,
    faultToken: environment.SHOP_FAULT_TOKEN ?? null,
  }
  const server = createService(workplace, designs[name](workplace))
  const bound = await listen(server, port)
  log.write('info', 'listening', { port: bound })
  return {
    port: bound,
    async stop() {
      log.write('info', 'stopping')
      faults.set(null)
      await drain(server, log)
      await telemetry.stop()
    },
  }
}

/** Loopback only: this is a demo with switches to break it. */
function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', () => {
      const address = server.address()
      resolve(typeof address === 'object' && address !== null ? address.port : port)
    })
  })
}

function drain(server: Server, log: Log): Promise<void> {
  return new Promise((resolve) => {
    const limit = setTimeout(() => {
      log.write('warn', 'requests were cut off after the time to drain')
      server.closeAllConnections()
    }, drainLimitMs)
    // A connection whose request ends after the close would stay open for its keep-alive time.
    const sweep = setInterval(() => server.closeIdleConnections(), 50)
    server.close(() => {
      clearTimeout(limit)
      clearInterval(sweep)
      resolve()
    })
  })
}
