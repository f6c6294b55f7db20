// How a chat is doing. While it is away, one attempt at a time asks after it, ever more seldom.
import { automation } from '../../../kernel/actor.ts'
import { formatInstant, type Instant, plus } from '../../../kernel/instant.ts'
import type { Tx } from '../../../platform/database/database.ts'
import type { Needs } from '../../../platform/room/needs.ts'
import { chatLost, chatRegained } from '../chat.contract.ts'
import type { ChatProvider } from '../chat.ports.ts'
import { lockLink, saveLink } from '../chat.store.ts'
import { awayForMs } from '../core/index.ts'

const actor = automation('chat.keep-link')

/** Answers when to ask again. */
export async function noteAway(
  tx: Tx,
  needs: Needs,
  provider: ChatProvider,
  refusal: { readonly because: string; readonly afterMs: number | null },
): Promise<Instant> {
  const now = await tx.now()
  const link = await lockLink(tx, provider)
  const nextTryAt = plus(now, Math.max(refusal.afterMs ?? 0, awayForMs(link.failures)))
  await saveLink(tx, provider, {
    awaySince: link.awaySince ?? now,
    nextTryAt,
    failures: link.failures + 1,
    because: refusal.because,
  })
  if (link.awaySince === null)
    await needs.journal.publish(tx, chatLost, {
      actor,
      subject: { kind: 'chat', id: provider },
      data: { chat: provider, because: refusal.because },
    })
  return nextTryAt
}

export async function noteBack(tx: Tx, needs: Needs, provider: ChatProvider): Promise<void> {
  const link = await lockLink(tx, provider)
  if (link.awaySince === null) return
  await saveLink(tx, provider, { awaySince: null, nextTryAt: null, failures: 0, because: null })
  await needs.journal.publish(tx, chatRegained, {
    actor,
    subject: { kind: 'chat', id: provider },
    data: { chat: provider, since: formatInstant(link.awaySince) },
  })
}
