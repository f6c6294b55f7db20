// A chat that waits for the answer in its own request: kept first, like everything, then done at once. What takes too long
// goes on, and its answer comes as any other.
import { setTimeout as wait } from 'node:timers/promises'
import type { Needs } from '../../../platform/room/needs.ts'
import type { ChatPorts, ChatProvider, Inbound, SaidBack } from '../chat.ports.ts'
import { findInbound } from '../chat.store.ts'
import { doInbound, endWith, takeInbound } from './handle-inbound.ts'

/** Teams waits for ten seconds at most; people for less. */
const patienceMs = 5_000
/** By then it is done, or this process is gone: a job does it, by the same key. */
const jobAfterMs = 30_000
const later: SaidBack = { kind: 'later' }

export async function answerAtOnce(
  needs: Needs,
  ports: ChatPorts,
  provider: ChatProvider,
  inbound: Inbound,
): Promise<SaidBack> {
  await takeInbound(needs, provider, inbound, jobAfterMs)
  const row = await findInbound(needs.database, provider, inbound.key)
  // Sent again: what was said stands.
  if (row === null || row.handledAt !== null) return { kind: 'said', sentence: row?.answer ?? null }
  let isLate = false
  const done = doInbound(needs, ports, provider, inbound).then(async ({ sentence, form }): Promise<SaidBack> => {
    const asked = form !== null && !isLate
    await endWith(needs, provider, inbound, { answer: asked ? null : sentence, isSent: isLate })
    return asked ? { kind: 'form', form } : { kind: 'said', sentence }
  })
  const held = done.catch((error: unknown) => {
    needs.log.warn('What a chat waits for could not be done at once; it is tried again.', { error })
    return later
  })
  const late = new AbortController()
  const patience = wait(patienceMs, later, { signal: late.signal, ref: false }).catch(() => later)
  const said = await Promise.race([held, patience])
  isLate = true
  late.abort()
  return said
}
