import { readFileSync } from 'node:fs'
import path from 'node:path'
import { createClient } from '../../../../client/src/client.ts'
import type { RunningServer } from '../../../../server/src/app/running-server.ts'
import { readContexts, saveContext } from '../../connection/contexts.ts'
import { exitCodes, usageError } from '../../exit-codes.ts'
import type { Call, Run } from '../../line/command.ts'
import { say, styleOut } from '../../print/output.ts'
import { findDemoFile, type ShopProcess, startShop } from './shop-process.ts'
import { explainStart } from './start-refusal.ts'
import { stopInTime, untilStopped } from './stop-signal.ts'
import { type Started, welcome } from './welcome.ts'

interface Running extends Started {
  stop(): Promise<void>
}

export const up: Run = async (call) => {
  const { shell, options } = call
  if (options.has('demo') && options.has('no-demo')) throw usageError('--demo or --no-demo, not both.')
  const { keepHeapSmall } = await import('../../../../server/src/app/heap.ts')
  keepHeapSmall()
  const stopped = untilStopped()
  say(call, options.has('demo') ? 'Starting Mainstay and the demo shop …' : 'Starting Mainstay …')
  const environment = environmentFor(call)
  const start = options.has('demo') ? startWithDemo(call, environment) : startAlone(environment)
  // A signal while starting must stop what has started as well.
  const first = await Promise.race([
    start.then(
      () => 'started',
      () => 'failed',
    ),
    stopped,
  ])
  const running = await start.catch((error: unknown) => {
    throw explainStart(error)
  })
  if (first === 'started') {
    rememberLocal(call, running.url)
    shell.out.write(welcome(running, shell, styleOut(call)))
    await stopped
  }
  say(call, 'Stopping …')
  await stopInTime(
    () => running.stop(),
    () => shell.err.write('It did not stop in time; the process ends.\n'),
  )
  say(call, 'Stopped.')
  return exitCodes.ok
}

function environmentFor({ shell, options }: Call): Record<string, string | undefined> {
  const folder = options.text('data-dir')
  const port = options.integer('port', 0, 65_535)
  return {
    ...shell.environment,
    ...(port === null ? {} : { MAINSTAY_PORT: String(port) }),
    ...(folder === null ? {} : { MAINSTAY_DATA_DIR: path.resolve(shell.folder, folder) }),
  }
}

// A person reads this screen: what is normal stays out of it.
const logLevel = (environment: Readonly<Record<string, string | undefined>>) =>
  environment.MAINSTAY_LOG_LEVEL === undefined ? { logLevel: 'warn' as const } : {}

async function startAlone(environment: Record<string, string | undefined>): Promise<Running> {
  const { startServer } = await import('../../../../server/src/app/start-server.ts')
  const server = await startServer({ environment, ...logLevel(environment) })
  return { ...facts(server), shop: null, stop: () => server.stop() }
}

const facts = ({ url, setupUrl, description }: { url: string; setupUrl: string | null; description: string }) => ({
  url,
  setupUrl,
  description,
})

async function startWithDemo(call: Call, environment: Record<string, string | undefined>): Promise<Running> {
  const [{ startDemo }, { startMailSink }, { startWebhookSink }, switches] = await Promise.all([
    import('../../../../server/src/app/demo/start-demo.ts'),
    import('../../../../examples/sinks/mail-sink.ts'),
    import('../../../../examples/sinks/webhook-sink.ts'),
    import('./shop-switches.ts'),
  ])
  const definitions = readFileSync(findDemoFile('definitions/shop.yaml', 'examples/definitions/shop.yaml'), 'utf8')
  const mails = await startMailSink()
  // The receiver knows no secret of anybody's webhook, so it vouches for none.
  const webhooks = await startWebhookSink(() => false)
  let shop: ShopProcess | null = null
  const stopSinks = () => Promise.all([mails.stop(), webhooks.stop()])
  try {
    const demo = await startDemo({
      environment,
      ...logLevel(environment),
      shop: switches.shopSwitches(() => shop),
      mails,
      webhooks,
      definitions,
    })
    const past = rememberPast(call, demo.server)
    try {
      shop = await startShop(
        { SHOP_LOG_DIR: path.join(demo.server.dataFolder, 'shop-logs'), ...environment, ...demo.shopEnvironment },
        (reason) => say(call, `The demo shop has ended: ${reason}`),
      )
    } catch (error) {
      await past
      await demo.stop()
      throw error
    }
    const running = shop
    await past
    return {
      ...facts(demo.server),
      shop: running.front,
      stop: async () => {
        await Promise.all([running.stop(), demo.stop()])
        await stopSinks()
      },
    }
  } catch (error) {
    await stopSinks()
    throw error
  }
}

/** Pages about what was learnt have something true to show; without it the demo is only younger. */
async function rememberPast(call: Call, server: RunningServer): Promise<void> {
  const name = 'demo'
  try {
    const { tellPast } = await import('./shop-past.ts')
    const token = await server.replaceKey({ name, role: 'admin', scopes: ['*'] })
    const client = createClient({ baseUrl: server.url, token, userAgent: `mainstay-cli/${call.shell.version}` })
    await tellPast(client, call.shell.now())
    // Nobody needs it again; the next start makes one of its own.
    const { items } = await client['keys.list']()
    const key = items.find((each) => each.name === name)
    if (key !== undefined) await client['keys.revoke']({ params: { id: key.id } })
  } catch (error) {
    say(call, `The shop's past could not be written down: ${error instanceof Error ? error.message : error}`)
  }
}

/** So that `mainstay login` and, after it, every command find this server. */
function rememberLocal(call: Call, url: string): void {
  try {
    const saved = readContexts(call.shell)
    const known = saved.contexts.get('local')
    const token = known?.url === url ? known.token : null
    saveContext(call.shell, 'local', { url, token }, saved.current === 'local')
  } catch (error) {
    say(call, `The address could not be saved for other commands: ${error instanceof Error ? error.message : error}`)
  }
}
