// Asks what a probe asks, once, and tells what came back. Every connection is opened by egress, so a probe reaches only
// what an administrator allows. Whatever the target does is an observation, never an error of ours.
import { AppError } from '../../kernel/app-error.ts'
import { instant } from '../../kernel/instant.ts'
import type { AskedCheck, Observation } from '../../modules/telemetry/core/index.ts'
import type { Egress } from '../../platform/egress/index.ts'
import { monotonicMs } from '../../platform/monotonic.ts'
import { connector } from './connector.ts'
import { askGrpcHealth } from './grpc-health.ts'
import { followHttp } from './http-check.ts'
import { resolveRecords } from './resolve-records.ts'

const wordsLimit = 4_096

type Seen = Observation extends infer Each ? (Each extends Observation ? Omit<Each, 'totalMs'> : never) : never

export function createObserver(egress: Egress): (check: AskedCheck) => Promise<Observation> {
  return async (check) => {
    const began = monotonicMs()
    const elapsed = () => Math.round(monotonicMs() - began)
    try {
      const seen = await ask(egress, check)
      return { ...seen, totalMs: elapsed() }
    } catch (error) {
      const totalMs = elapsed()
      const timedOut = totalMs >= check.timeoutMs - 1 || isTimeout(error)
      return { what: 'failed', detail: sentenceOf(error), timedOut, totalMs }
    }
  }
}

const isTimeout = (error: unknown): boolean => error instanceof AppError && /timeout|timed-out/.test(error.code)

function sentenceOf(error: unknown): string {
  if (error instanceof AppError) return error.message
  return `No answer: ${error instanceof Error ? error.message : String(error)}.`
}

async function ask(egress: Egress, check: AskedCheck): Promise<Seen> {
  switch (check.kind) {
    case 'http':
      return followHttp(egress, check)
    case 'tcp':
      return askTcp(egress, check)
    case 'dns':
      return { what: 'dns', answers: await resolveRecords(egress, check) }
    case 'tls': {
      const { host, port, timeoutMs } = check
      const seen = await egress.inspectCertificate({ connector, host, port, timeoutMs })
      const validTo = Date.parse(seen.validTo)
      return {
        what: 'tls',
        problem: seen.problem,
        validTo: Number.isNaN(validTo) ? null : instant(validTo),
        subject: seen.subject,
        issuer: seen.issuer,
      }
    }
    case 'grpc':
      return askGrpcHealth(egress, check)
  }
}

async function askTcp(egress: Egress, check: Extract<AskedCheck, { kind: 'tcp' }>): Promise<Seen> {
  const { host, port, tls, timeoutMs, send, expect } = check
  const socket = await egress.checkedSocket({ connector, host, port, tls, timeoutMs })
  try {
    if (send !== null) socket.write(send)
    if (expect === null) return { what: 'tcp', said: '' }
    let said = ''
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, timeoutMs)
      const end = () => {
        clearTimeout(timer)
        resolve()
      }
      socket.on('data', (chunk: Buffer) => {
        said = (said + chunk.toString('latin1')).slice(0, wordsLimit)
        if (said.includes(expect) || said.length >= wordsLimit) end()
      })
      socket.once('error', end)
      socket.once('close', end)
    })
    return { what: 'tcp', said: printable(said) }
  } finally {
    socket.destroy()
  }
}

/** What PostgreSQL can keep and a person can read. */
function printable(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is taken out.
  return text.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, '�')
}
