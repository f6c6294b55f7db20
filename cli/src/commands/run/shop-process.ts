// The demo shop as a child process: started with the key to report with, stopped with us.
import { type ChildProcess, fork } from 'node:child_process'
import { existsSync } from 'node:fs'
import path from 'node:path'
import { isJsonObject } from '../../../../server/src/kernel/json.ts'
import { CommandError, exitCodes } from '../../exit-codes.ts'

export interface ShopProcess {
  readonly front: string
  readonly control: string
  stop(): Promise<void>
}

const readyWithinMs = 45_000
const stopWithinMs = 6_000
const keptErrorLength = 2_000

/** Beside the built program, or in the repository. */
export function findDemoFile(built: string, source: string): string {
  for (const candidate of [built, path.join('../../../..', source)]) {
    const file = path.resolve(import.meta.dirname, candidate)
    if (existsSync(file)) return file
  }
  throw new CommandError(
    exitCodes.error,
    'The demo is not part of this installation.',
    'Start without it: mainstay up --no-demo',
  )
}

export async function startShop(environment: NodeJS.ProcessEnv, onEnd: (reason: string) => void): Promise<ShopProcess> {
  const entry = findDemoFile('shop/main.js', 'examples/shop/main.ts')
  const child = fork(entry, ['--all'], { env: environment, stdio: ['ignore', 'ignore', 'pipe', 'ipc'] })
  let lastWords = ''
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    lastWords = `${lastWords}${text}`.slice(-keptErrorLength)
  })
  let stopping = false
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const { front, control } = await untilReady(child, () => lastWords).catch(async (error: unknown) => {
    child.kill('SIGKILL')
    throw error
  })
  // Not `exit`: what it said last is read up to `close`.
  child.once('close', () => {
    if (!stopping) onEnd(lastWords.trim() || 'It ended without a word.')
  })
  return {
    front,
    control,
    stop: async () => {
      stopping = true
      child.kill('SIGTERM')
      const late = setTimeout(() => child.kill('SIGKILL'), stopWithinMs)
      await gone
      clearTimeout(late)
    },
  }
}

function untilReady(child: ChildProcess, lastWords: () => string): Promise<{ front: string; control: string }> {
  return new Promise((resolve, reject) => {
    const refuse = (why: string) =>
      reject(
        new CommandError(
          exitCodes.error,
          `The demo shop did not start: ${why}`,
          'Where another demo runs, stop it first; or start without the shop: mainstay up --no-demo',
        ),
      )
    const late = setTimeout(() => refuse(`it was not ready within ${readyWithinMs / 1000} s.`), readyWithinMs)
    child.once('error', (error) => refuse(error.message))
    child.once('close', () => {
      clearTimeout(late)
      refuse(lastWords().trim() || 'it ended without a word.')
    })
    child.on('message', (message: unknown) => {
      if (!isJsonObject(message) || message.event !== 'shop.ready') return
      clearTimeout(late)
      resolve({ front: String(message.front), control: String(message.control) })
    })
  })
}
