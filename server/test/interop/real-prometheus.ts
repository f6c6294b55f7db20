// A real Prometheus for a test: on a free port, with a configuration of the test, restarted and stopped at will.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { accessSync, constants, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'

/** As the test runner found it (CI fails when it is missing), or on PATH; null when there is none. */
export const prometheusProgram = locate()

function locate(): string | null {
  const set = process.env.MAINSTAY_PROMETHEUS
  const found = (process.env.PATH ?? '').split(path.delimiter).map((folder) => path.join(folder, 'prometheus'))
  return (set === undefined || set === '' ? found : [set]).find(isProgram) ?? null
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}

export interface RealPrometheus {
  readonly port: number
  readonly url: string
  /** Ends it as its service would, and starts it again on its data. */
  restart(whileDown?: () => Promise<void> | void): Promise<void>
  /** SIGSTOP: connections are taken and nothing answers. */
  hang(): void
  goOn(): void
  stop(): Promise<void>
}

export interface PrometheusOptions {
  /** prometheus.yml. */
  readonly config: string
  /** web.yml: TLS and passwords. */
  readonly web?: string
  readonly files?: Readonly<Record<string, string>>
}

export async function startPrometheus(options: PrometheusOptions): Promise<RealPrometheus> {
  if (prometheusProgram === null) throw new Error('There is no prometheus to run.')
  const program = prometheusProgram
  const folder = mkdtempSync(path.join(tmpdir(), 'mainstay-prometheus-'))
  const files = { 'prometheus.yml': options.config, 'web.yml': options.web ?? '', ...options.files }
  for (const [name, content] of Object.entries(files)) writeFileSync(path.join(folder, name), content)
  const port = await freePort()
  let child = await start()

  async function start(): Promise<ChildProcess> {
    const args = [
      `--config.file=${path.join(folder, 'prometheus.yml')}`,
      `--web.config.file=${path.join(folder, 'web.yml')}`,
      `--storage.tsdb.path=${path.join(folder, 'data')}`,
      `--web.listen-address=127.0.0.1:${port}`,
      '--log.level=info',
    ]
    const started = spawn(program, args, { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] })
    await new Promise<void>((resolve, reject) => {
      let said = ''
      started.stderr?.on('data', (chunk: Buffer) => {
        said = (said + chunk.toString()).slice(-20_000)
        if (said.includes('Server is ready to receive web requests')) resolve()
      })
      started.once('exit', (code) => reject(new Error(`Prometheus ended with ${code}: ${said.slice(-1_000)}`)))
    })
    return started
  }

  async function end(): Promise<void> {
    if (child.exitCode !== null || child.signalCode !== null) return
    const ended = once(child, 'exit')
    child.kill('SIGCONT')
    child.kill('SIGTERM')
    await ended
  }

  return {
    port,
    url: `http://127.0.0.1:${port}`,
    restart: async (whileDown) => {
      await end()
      await whileDown?.()
      child = await start()
    },
    hang: () => child.kill('SIGSTOP'),
    goOn: () => child.kill('SIGCONT'),
    stop: async () => {
      await end()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}
