// What came from a chat: kept once, then done as the person it came from, then answered to that person only.
import { automation } from '../../../kernel/actor.ts'
import { AppError } from '../../../kernel/app-error.ts'
import { formatInstant, instant } from '../../../kernel/instant.ts'
import type { JsonObject } from '../../../kernel/json.ts'
import { severities } from '../../../kernel/severity.ts'
import type { Needs } from '../../../platform/room/needs.ts'
import { addWork } from '../../../platform/work/due-work.store.ts'
import { mayReadIncident, readerFor } from '../../incidents/core/index.ts'
import { findIncident, incidentOperations } from '../../incidents/index.ts'
import { handleInbound, messagePinned, messageSaid, sendAnswer } from '../chat.contract.ts'
import type { ChatForm, ChatPorts, ChatProvider, Inbound } from '../chat.ports.ts'
import { endInbound, findInbound, findRoomAt, keepInbound, keepOnce } from '../chat.store.ts'
import { type Known, knowPerson } from './know-person.ts'
import { nameMentions, type Obeyed, obeyCommand } from './obey-command.ts'
import { readSettings } from './read-settings.ts'

/** Answers when it is kept; a repetition is kept already. */
export async function takeInbound(needs: Needs, provider: ChatProvider, inbound: Inbound, delayMs = 0): Promise<void> {
  await needs.database.transaction(async (tx) => {
    if (await keepInbound(tx, provider, inbound))
      await addWork(tx, handleInbound, { provider, key: inbound.key }, { key: `${provider} ${inbound.key}`, delayMs })
  })
}

export async function workOffInbound(
  needs: Needs,
  ports: ChatPorts,
  provider: ChatProvider,
  key: string,
): Promise<void> {
  const row = await findInbound(needs.database, provider, key)
  if (row === null || row.handledAt !== null) return
  const { inbound } = row
  const { sentence, form } = await doInbound(needs, ports, provider, inbound)
  const trigger = 'trigger' in inbound ? inbound.trigger : null
  const opened = form === null || trigger === null ? null : await ports.chats[provider]?.room.openForm(trigger, form)
  await endWith(needs, provider, inbound, { answer: opened?.kind === 'done' ? null : sentence, isSent: true })
}

/** Writes down that it is done; what was not said yet is sent. */
export async function endWith(
  needs: Needs,
  provider: ChatProvider,
  inbound: Inbound,
  { answer, isSent }: { readonly answer: string | null; readonly isSent: boolean },
): Promise<void> {
  const { key } = inbound
  const to = 'answerTo' in inbound ? (inbound.answerTo ?? null) : null
  await needs.database.transaction(async (tx) => {
    const kept = answer === null || to === null ? null : { text: answer, to }
    if (!(await endInbound(tx, provider, key, kept))) return
    if (kept !== null && isSent) await addWork(tx, sendAnswer, { provider, key }, { key: `${provider} ${key}` })
  })
}

export interface Done {
  readonly sentence: string | null
  /** What can be asked for in place of the sentence. */
  readonly form: ChatForm | null
}

/** Throws only for what another try may mend. */
export async function doInbound(
  needs: Needs,
  ports: ChatPorts,
  provider: ChatProvider,
  inbound: Inbound,
): Promise<Done> {
  switch (inbound.kind) {
    case 'said':
    case 'pinned': {
      const kept = await keepMessage(needs, ports, provider, inbound)
      return { sentence: inbound.kind === 'pinned' ? keptWords[kept] : null, form: null }
    }
    case 'page':
      return { sentence: await ports.answerPage({ handle: inbound.handle, sender: inbound.user }), form: null }
    default:
      return obeyInbound(needs, ports, provider, inbound)
  }
}

type Kept = 'kept' | 'there' | 'nowhere'
const keptWords: Readonly<Record<Kept, string>> = {
  kept: 'It stands in the timeline.',
  there: 'It stood in the timeline already.',
  nowhere: 'Only messages in the room of an incident that is not archived can stand in a timeline.',
}

type Order = Extract<Inbound, { kind: 'command' | 'press' | 'form' | 'declaration' }>

async function obeyInbound(needs: Needs, ports: ChatPorts, provider: ChatProvider, inbound: Order): Promise<Done> {
  const who = await knowPerson(needs, ports, provider, inbound.user)
  if (who.kind === 'unknown') return { sentence: who.sentence, form: null }
  const at = inbound.place === null ? null : await findRoomAt(needs.database, provider, inbound.place)
  const incidentId = 'incidentId' in inbound ? inbound.incidentId : (at?.incidentId ?? null)
  const obeyed = await obeyCommand(needs, ports, {
    actor: who.actor,
    text: textOf(inbound),
    incidentId,
    once: `${provider} ${inbound.key}`,
    nameOfUser: async (user) => {
      const known = await knowPerson(needs, ports, provider, user)
      return { person: known.kind === 'known' ? known.name : null, shown: known.name }
    },
  })
  // Elsewhere than in its room it is not seen what became of it.
  const asks = obeyed.form !== undefined && 'trigger' in inbound
  return { sentence: obeyed.sentence, form: asks ? await formOf(needs, ports, who, obeyed, inbound) : null }
}

function textOf(inbound: Order): string {
  switch (inbound.kind) {
    case 'command':
      return inbound.text
    case 'form':
      return `update ${inbound.text}`
    case 'declaration':
      return `declare ${inbound.severity ?? ''} ${inbound.title}`
    case 'press':
      return { acknowledge: 'ack', command: 'lead', mitigated: 'mitigated', update: 'update' }[inbound.action]
  }
}

async function formOf(
  needs: Needs,
  ports: ChatPorts,
  who: Extract<Known, { kind: 'known' }>,
  { incidentId, form }: Obeyed,
  { user, place }: Order,
): Promise<ChatForm | null> {
  const plain = { text: '', type: 'line', choices: [], optional: false } as const
  if (form === 'declare')
    return {
      asks: { kind: 'declare' },
      user,
      place,
      title: 'Declare an incident',
      submit: 'Declare',
      fields: [
        { ...plain, name: 'title', label: 'What is wrong' },
        { ...plain, name: 'severity', label: 'Severity', type: 'choice', choices: severities, optional: true },
      ],
    }
  const incident = incidentId === null ? null : await findIncident(needs.database, incidentId)
  if (incident === null) return null
  const reader = readerFor(who.actor, await ports.declaredNameOf(who.actor))
  if (!mayReadIncident(reader, incident)) return null
  const params = { id: incident.id }
  const query = { audience: 'company' } as const
  const draft = await ports.perform(incidentOperations.draftUpdate, who.actor, { params, query })
  return {
    asks: { kind: 'update', incidentId: incident.id },
    user,
    place,
    title: `Update on incident ${incident.number}`,
    submit: 'Tell them',
    fields: [{ ...plain, name: 'text', label: 'What the company is told', text: draft.text, type: 'text' }],
  }
}

type Message = Extract<Inbound, { kind: 'said' | 'pinned' }>

/** Into the timeline, with its author, at the time it was said. */
async function keepMessage(needs: Needs, ports: ChatPorts, provider: ChatProvider, inbound: Message): Promise<Kept> {
  const { database } = needs
  const room = inbound.place === null ? null : await findRoomAt(database, provider, inbound.place)
  if (room === null || room.state !== 'open' || inbound.text.trim() === '') return 'nowhere'
  if (inbound.kind === 'said' && (await readSettings(database, provider))?.keepMessages !== true) return 'nowhere'
  const who = inbound.user === null ? null : await knowPerson(needs, ports, provider, inbound.user)
  const nameOfUser = async (user: string) => {
    const { name } = await knowPerson(needs, ports, provider, user)
    return { person: name, shown: name }
  }
  const text = (await nameMentions(inbound.text, nameOfUser)).slice(0, 4_000)
  const author = await authorOf(needs, ports, provider, inbound, who)
  return database.transaction(async (tx): Promise<Kept> => {
    const incident = await findIncident(tx, room.incidentId)
    if (incident === null) return 'nowhere'
    const now = await tx.now()
    const common = {
      actor: who?.kind === 'known' ? who.actor : automation('chat.keep-message'),
      subject: { kind: 'incident', id: incident.id },
      links: [
        ...incident.services.map((id) => ({ kind: 'service', id })),
        ...(incident.kind === 'security' ? [{ kind: 'restricted', id: incident.id }] : []),
      ],
    }
    const data = {
      incidentId: incident.id,
      number: incident.number,
      author: author.name,
      text,
      // A clock over there may be ahead of ours.
      occurredAt: formatInstant(instant(Math.min(inbound.at, now))),
    }
    // Pinned anew, read again after an absence, edited while it is pinned: it stands there already.
    if (!(await keepOnce(tx, room.id, inbound.kind, inbound.ref))) return 'there'
    if (inbound.kind === 'said') await needs.journal.publish(tx, messageSaid, { ...common, data })
    else await needs.journal.publish(tx, messagePinned, { ...common, data: { ...data, by: who?.name ?? 'somebody' } })
    // Ended here and not after: the same message twice would stand in the timeline twice.
    if (!(await endInbound(tx, provider, inbound.key, null)))
      throw new AppError('conflict', 'work.claim-lost', 'Another process has kept it.')
    return 'kept'
  })
}

async function authorOf(
  needs: Needs,
  ports: ChatPorts,
  provider: ChatProvider,
  inbound: Message,
  who: Known | null,
): Promise<{ readonly name: string }> {
  const author = inbound.kind === 'pinned' ? inbound.author : inbound.user
  if (author === null) return { name: ports.chats[provider]?.room.title ?? provider }
  return who !== null && author === inbound.user ? who : knowPerson(needs, ports, provider, author)
}

export async function answerInbound(
  needs: Needs,
  ports: ChatPorts,
  provider: ChatProvider,
  key: string,
): Promise<void> {
  const row = await findInbound(needs.database, provider, key)
  if (row === null || row.answer === null || row.answerTo === null) return
  const to: JsonObject = row.answerTo
  const sent = await ports.chats[provider]?.room.answer(to, row.answer)
  if (sent?.kind === 'wait') throw new AppError('unavailable', 'chat.not-connected', sent.because)
}
