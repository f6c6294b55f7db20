// The entry: one service, or all of them with the customers. Built on its own, it starts itself again for each service.
import { fstatSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { readArguments, type ShopCommand, usage } from './arguments.ts'
import { createControlServer } from './control-server.ts'
import { runService } from './run-service.ts'
import { openShop } from './supervisor.ts'

type CommandOf<Run extends ShopCommand['run']> = Extract<ShopCommand, { run: Run }>

const memoryReportMs = 1_000

async function runOne(command: CommandOf<'service'>): Promise<void> {
  const service = await runService(command.service, command.port).catch((error: unknown) => {
    const reason = explain(error, `--port ${command.port} of ${command.service}`)
    process.send?.({ event: 'refused', reason })
    throw new Error(reason)
  })
  const report = () => process.send?.({ event: 'memory', rssBytes: process.memoryUsage.rss() })
  process.send?.({ event: 'listening', port: service.port })
  if (process.send === undefined)
    process.stdout.write(`${JSON.stringify({ event: 'listening', port: service.port })}\n`)
  setInterval(report, memoryReportMs).unref()
  stopWhenTold(command.forMs, () => service.stop())
}

async function runAll(command: CommandOf<'all'>): Promise<void> {
  const shop = await openShop({ ...command, entry: fileURLToPath(import.meta.url), environment: process.env })
  const control = createControlServer(shop)
  const stop = async () => {
    control.close()
    control.closeAllConnections()
    await shop.stop()
  }
  stopWhenTold(command.forMs, stop)
  control.once('error', (error) => {
    process.stderr.write(`${explain(error, `--control-port ${command.controlPort}`)}\n`)
    process.exitCode = 1
    stop().finally(() => process.exit())
  })
  control.listen(command.controlPort, '127.0.0.1', () => {
    const address = control.address()
    const port = typeof address === 'object' && address !== null ? address.port : command.controlPort
    const front = shop.status().services.find((service) => service.name === 'front')?.url
    const ready = { event: 'shop.ready', front, control: `http://127.0.0.1:${port}` }
    process.stdout.write(`${JSON.stringify(ready)}\n`)
    process.send?.(ready)
  })
}

/** SIGTERM, SIGINT, the end of `--for`, or the parent going away: its channel or its pipe closes. */
function stopWhenTold(forMs: number | null, stop: () => Promise<void>): void {
  let stopping = false
  const once = () => {
    if (stopping) return
    stopping = true
    stop().finally(() => process.exit())
  }
  process.on('SIGTERM', once)
  process.on('SIGINT', once)
  process.on('disconnect', once)
  if (forMs !== null) setTimeout(once, forMs)
  if (stdinIsPipe()) process.stdin.on('end', once).on('error', once).resume()
}

/** A terminal, a file or /dev/null does not end because a parent left. */
function stdinIsPipe(): boolean {
  try {
    const kind = fstatSync(0)
    return kind.isFIFO() || kind.isSocket()
  } catch {
    return false
  }
}

function explain(error: unknown, what: string): string {
  if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE') {
    return `A port is taken: ${what}. Free it or choose another one.`
  }
  return error instanceof Error ? error.message : String(error)
}

const reading = readArguments(process.argv.slice(2), process.env)
if ('refused' in reading) {
  process.stderr.write(`${reading.refused}\n\n${usage}`)
  process.exitCode = 2
} else if (reading.command.run === 'help') {
  process.stdout.write(usage)
} else {
  const { command } = reading
  const running = command.run === 'service' ? runOne(command) : runAll(command)
  running.catch((error: unknown) => {
    // A service started by the supervisor has told it already.
    if (command.run === 'all' || process.send === undefined)
      process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
    process.exit(1)
  })
}
