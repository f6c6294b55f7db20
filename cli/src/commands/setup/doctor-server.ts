// The server this terminal speaks to, when it knows one.
import { isJsonObject, type JsonObject } from '../../../../server/src/kernel/json.ts'
import { openSend } from '../../connection/http.ts'
import { findTarget, type Target } from '../../connection/target.ts'
import { CommandError } from '../../exit-codes.ts'
import type { Call } from '../../line/command.ts'
import { roughly } from '../../print/times.ts'
import type { Check } from './doctor-machine.ts'

const timeoutMs = 5_000
// The Date header counts whole seconds.
const mostSkewMs = 3_000

export async function checkServer(call: Call): Promise<readonly Check[]> {
  const target = targetOrNull(call)
  if (target === null)
    return [{ name: 'server', state: 'unknown', sentence: 'None is known to this terminal: `mainstay login`.' }]
  try {
    const send = await openSend({ shell: call.shell, timeoutMs, debug: call.options.has('debug') })
    const response = await send(`${target.url}/readyz`)
    const reply: unknown = await response.json().catch(() => null)
    const skewMs = Date.parse(response.headers.get('date') ?? '') - call.shell.now()
    return [
      ...checksIn(reply, target),
      ...(Math.abs(skewMs) > mostSkewMs
        ? [
            {
              name: 'clock',
              state: 'warning' as const,
              sentence: `The server's clock is ${roughly(skewMs)} ${skewMs > 0 ? 'ahead of' : 'behind'} this machine's.`,
            },
          ]
        : []),
    ]
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    return [{ name: 'server', state: 'bad', sentence: `${target.url} does not answer: ${why}` }]
  }
}

function targetOrNull({ shell, options }: Call): Target | null {
  try {
    return findTarget(shell, options)
  } catch (error) {
    if (error instanceof CommandError) return null
    throw error
  }
}

function checksIn(reply: unknown, { url }: Target): readonly Check[] {
  const list = isJsonObject(reply) && Array.isArray(reply.checks) ? reply.checks.filter(isJsonObject) : []
  if (list.length === 0) return [{ name: 'server', state: 'bad', sentence: `What answers at ${url} is not Mainstay.` }]
  return list.map((each: JsonObject) => ({
    name: `server: ${String(each.name)}`,
    state: each.ok === true ? ('good' as const) : ('bad' as const),
    sentence: String(each.sentence),
  }))
}
