// Who somebody in chat is here: by a contact they proved, else by the address the chat has verified.
import type { Actor } from '../../../kernel/actor.ts'
import { AppError } from '../../../kernel/app-error.ts'
import { minute } from '../../../kernel/duration.ts'
import { plus } from '../../../kernel/instant.ts'
import type { Needs } from '../../../platform/room/needs.ts'
import type { ChatPorts, ChatProvider, ChatUser } from '../chat.ports.ts'
import { findChatPerson, saveChatPerson } from '../chat.store.ts'

/** Somebody who left the chat, or got another address, is another one here within this time. */
const knownForMs = 10 * minute

export type Known =
  | { readonly kind: 'known'; readonly actor: Actor; readonly name: string }
  /** `name` is what the chat calls them. */
  | { readonly kind: 'unknown'; readonly name: string; readonly sentence: string }

export async function knowPerson(needs: Needs, ports: ChatPorts, provider: ChatProvider, user: string): Promise<Known> {
  const chat = ports.chats[provider]?.room
  const title = chat?.title ?? provider
  const declared = await ports.emailOfContact(provider, user)
  const described = declared === null ? await describe(needs, ports, provider, user) : null
  const contact = described?.contact ?? null
  const reached = contact === null ? null : await ports.emailOfContact(provider, contact)
  const email = declared ?? reached ?? described?.email ?? null
  const actor = email === null ? null : await ports.actorOfEmail(email)
  if (actor !== null) return { kind: 'known', actor, name: (await ports.declaredNameOf(actor)) ?? actor.name }
  const why =
    described?.because ??
    (email === null ? `${title} does not tell us your e-mail address.` : `Nobody here has the address ${email}.`)
  return {
    kind: 'unknown',
    name: described?.name ?? user,
    sentence:
      `Mainstay does not know who you are, so nothing was done. ${why} ` +
      `Ask an administrator for an account with your address, or sign in at ${needs.publicUrl} and add ${title} with the id ${contact ?? user} under On-call, How I am paged.`,
  }
}

async function describe(needs: Needs, ports: ChatPorts, provider: ChatProvider, user: string): Promise<ChatUser> {
  const { database } = needs
  const known = await findChatPerson(database, provider, user, plus(await database.now(), -knownForMs))
  if (known !== null) return known
  const asked = await ports.chats[provider]?.room.describeUser(user)
  if (asked === undefined) return { name: user, email: null, because: null, contact: null }
  if (asked.kind === 'wait' || asked.kind === 'lost')
    throw new AppError('unavailable', 'chat.not-connected', asked.because)
  if (asked.kind === 'refused') return { name: user, email: null, because: asked.because, contact: null }
  await saveChatPerson(database, provider, user, asked.value)
  return asked.value
}
