// The only place of the commands that makes requests: time limit, the user's proxy, and a trace without secrets.
import type { Shell } from '../shell.ts'
import { nonEmpty } from './target.ts'

export interface SendOptions {
  readonly shell: Shell
  readonly timeoutMs: number
  readonly debug: boolean
}

export class TimedOut extends Error {
  constructor(url: string, timeoutMs: number) {
    super(`No answer from ${new URL(url).origin} within ${timeoutMs / 1000} s.`)
    this.name = 'TimedOut'
  }
}

export async function openSend({ shell, timeoutMs, debug }: SendOptions): Promise<typeof globalThis.fetch> {
  await honourProxy(shell)
  return async (input, init) => {
    const url = String(input instanceof Request ? input.url : input)
    const startedAt = performance.now()
    const trace = (text: string) => debug && shell.err.write(`${text}\n`)
    trace(`→ ${init?.method ?? 'GET'} ${url}`)
    const limit = AbortSignal.timeout(timeoutMs)
    const signal = init?.signal ? AbortSignal.any([init.signal, limit]) : limit
    try {
      const response = await fetch(input, { ...init, signal })
      const id = response.headers.get('x-request-id')
      trace(
        `← ${response.status} in ${Math.round(performance.now() - startedAt)} ms${id === null ? '' : `, request ${id}`}`,
      )
      return response
    } catch (error) {
      trace(`← nothing: ${error instanceof Error ? reasonOf(error) : String(error)}`)
      throw limit.aborted ? new TimedOut(url, timeoutMs) : error
    }
  }
}

const reasonOf = (error: Error): string => (error.cause instanceof Error ? error.cause.message : error.message)

let proxyIsSet = false

/** Node's own fetch knows no proxy variables before 24. Loaded only where somebody has set one. */
async function honourProxy({ environment }: Shell): Promise<void> {
  const names = ['HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY', 'http_proxy']
  if (proxyIsSet || names.every((name) => nonEmpty(environment[name]) === null)) return
  proxyIsSet = true
  const { setProxy } = await import('./proxy.ts')
  setProxy(environment.NO_PROXY ?? environment.no_proxy ?? '')
}
