// The built product as one child process with a database of its own, and what a user would do to it from outside.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { type MailSink, startMailSink } from '../../../examples/sinks/mail-sink.ts'

const root = path.resolve(import.meta.dirname, '../../..')

export interface Product {
  readonly url: string
  /** Makes the first account; works once. */
  readonly setupUrl: string
  readonly mails: MailSink
  /** What the server wrote, for a walk that fails. */
  log(): string
  stop(): Promise<void>
}

export async function startProduct(): Promise<Product> {
  const mails = await startMailSink()
  const dataFolder = mkdtempSync(path.join(tmpdir(), 'mainstay-walk-'))
  const program = copyProgram()
  const port = await freePort()
  const child = spawn(process.execPath, [path.join(program, 'mainstay.js'), 'server'], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: process.env.PATH,
      HOME: process.env.HOME,
      MAINSTAY_DATA_DIR: dataFolder,
      MAINSTAY_PORT: String(port),
      MAINSTAY_LOG_LEVEL: 'warn',
      MAINSTAY_SMTP_URL: `smtp://127.0.0.1:${mails.port}`,
      MAINSTAY_EGRESS_ALLOW: `smtp=127.0.0.1/32:${mails.port};github=127.0.0.1/32:any;webhook=127.0.0.1/32:any`,
    },
  })
  let log = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (log += String(chunk)))
  const stop = async () => {
    await ended(child)
    await mails.stop()
    for (const folder of [dataFolder, program]) rmSync(folder, { recursive: true, force: true })
  }
  try {
    return { url: `http://127.0.0.1:${port}`, setupUrl: await setupUrlOf(child), mails, log: () => log, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

/** A build swaps dist/ as a whole; a walk that runs meanwhile would find the files of its pages gone. */
function copyProgram(): string {
  const cache = path.join(root, 'node_modules/.cache')
  mkdirSync(cache, { recursive: true })
  const folder = mkdtempSync(path.join(cache, 'mainstay-walk-'))
  cpSync(path.join(root, 'dist'), folder, { recursive: true })
  return folder
}

/** The line with the link is the last thing a start does, so reading it is knowing that the server is ready. */
function setupUrlOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = ''
    const read = (chunk: unknown) => {
      text += String(chunk)
      const url = /first administrator: (\S+)\n/.exec(text)?.[1]
      if (url !== undefined) resolve(url)
    }
    child.stderr?.on('data', read)
    child.stdout?.on('data', read)
    child.once('exit', (code) => reject(new Error(`The server ended with ${code}:\n${text}`)))
  })
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exit = once(child, 'exit')
  child.kill('SIGTERM')
  // The product promises to end within ten seconds; a walk must never leave it behind.
  const late = setTimeout(() => child.kill('SIGKILL'), 20_000)
  await exit
  clearTimeout(late)
}

async function freePort(): Promise<number> {
  const server = createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (address === null || typeof address === 'string') throw new Error('No port was given.')
  return address.port
}

/** The definitions of the demo shop: who owns what and who is paged, or with what was promised as well. */
// A journey is made of objectives, which the catalog alone does not have.
const isOfCatalog = (document: string): boolean =>
  document.includes('apiVersion: mainstay.dev/v1') && !document.includes('kind: JourneyObjective')

export function shopDefinitions(part: 'catalog' | 'everything'): string {
  return readFileSync(path.join(root, 'examples/definitions/shop.yaml'), 'utf8')
    .split(/^---$/m)
    .filter((document) => part === 'everything' || isOfCatalog(document))
    .join('---')
}
