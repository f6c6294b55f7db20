// Writes what became of a page into the chat messages that told of it. Below pages and below news: nobody waits for it.
import { automation } from '../../../kernel/actor.ts'
import { AppError } from '../../../kernel/app-error.ts'
import type { Tx } from '../../../platform/database/database.ts'
import type { Needs } from '../../../platform/room/needs.ts'
import { addWork } from '../../../platform/work/due-work.store.ts'
import { lockMessageOf, recordEdit, wantSentence } from '../channels.store.ts'
import { findContact } from '../contacts.store.ts'
import { findDelivery } from '../deliveries.store.ts'
import { updateMessage as job, messageUpdated } from '../notifications.contract.ts'
import type { ChannelOutcome, MessageEdit, NotificationPorts } from '../notifications.ports.ts'
import { composeMessage } from './compose-message.ts'
import { addressContext } from './reach.ts'

const editMs = 8_000
const mostAttempts = 5

/** In the transaction that answers or ends the page; answers how many messages will change. */
export async function queueUpdates(
  tx: Tx,
  of: { readonly pageId?: string; readonly alertId?: string },
  sentence: string,
): Promise<number> {
  const keys = await wantSentence(tx, of, sentence)
  for (const key of keys) await addWork(tx, job, { key }, { key })
  return keys.length
}

interface Wanted {
  readonly edit: Omit<MessageEdit, 'signal'>
  readonly send: (edit: MessageEdit) => Promise<ChannelOutcome>
  readonly attempts: number
}

export async function updateMessage(needs: Needs, ports: NotificationPorts, key: string): Promise<void> {
  const wanted = await needs.database.transaction((tx) => load(tx, needs, ports, key))
  if (wanted === null) return
  const outcome = await wanted.send({ ...wanted.edit, signal: AbortSignal.timeout(editMs) })
  const again = await needs.database.transaction((tx) => record(tx, needs, key, wanted, outcome))
  // The job's own waits apply; what a provider asks for is longer only rarely.
  if (again) throw new AppError('unavailable', 'notifications.update-refused', 'The message could not be changed yet.')
}

async function load(tx: Tx, needs: Needs, ports: NotificationPorts, key: string): Promise<Wanted | null> {
  const message = await lockMessageOf(tx, key)
  const row = await findDelivery(tx, key)
  if (message === null || row === null || message.ref === null || message.wanted === null) return null
  if (message.wanted === message.written || message.editAttempts >= mostAttempts) return null
  const update = ports.channels[row.kind]?.update
  const contact = await findContact(tx, row.contact)
  if (update === undefined || contact === null || contact.disabledAt !== null) return null
  const now = await tx.now()
  const composed = await composeMessage(tx, needs, ports, row, now, 'as-sent')
  if (composed === null) return null
  return {
    send: update,
    attempts: message.editAttempts,
    edit: {
      address: ports.open(contact.address, addressContext(contact.id)),
      ref: message.ref,
      message: composed.message,
      handle: message.handle,
      sentence: message.wanted,
      openUrl: composed.openUrl,
      at: now,
    },
  }
}

async function record(tx: Tx, needs: Needs, key: string, wanted: Wanted, outcome: ChannelOutcome): Promise<boolean> {
  const { sentence } = wanted.edit
  const done = outcome.kind === 'accepted'
  const because = done ? outcome.receipt : outcome.because
  await recordEdit(tx, key, { outcome: outcome.kind, because, written: done ? sentence : null })
  const row = await findDelivery(tx, key)
  if (row === null) return false
  // Writing the same sentence twice harms nobody: a lost answer is asked again.
  const again = (outcome.kind === 'refused' || outcome.kind === 'lost') && wanted.attempts + 1 < mostAttempts
  if (!again) {
    await needs.journal.publish(tx, messageUpdated, {
      actor: automation('notifications.update-message'),
      subject: { kind: 'delivery', id: key },
      links: row.alertId === null ? [] : [{ kind: 'alert', id: row.alertId }],
      reason: sentence,
      data: { key, channel: row.kind, outcome: outcome.kind, because: because ?? '' },
    })
  }
  return again
}
