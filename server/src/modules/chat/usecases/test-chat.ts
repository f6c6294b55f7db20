// Whether incidents can be led in a chat, asked of the chat itself. Nobody there sees anything of it.
import type { Actor } from '../../../kernel/actor.ts'
import { formatInstant } from '../../../kernel/instant.ts'
import type { Needs } from '../../../platform/room/needs.ts'
import type { ChatCheck, ChatPorts, ChatProvider, ChatRoom } from '../chat.ports.ts'
import { findLink, lastHeard } from '../chat.store.ts'
import { knowPerson } from './know-person.ts'
import { socketSilentMs } from './read-chat.ts'

export async function testChat(
  needs: Needs,
  ports: ChatPorts,
  provider: ChatProvider,
  actor: Actor,
): Promise<readonly ChatCheck[]> {
  const chat = ports.chats[provider]
  if (chat === undefined) return [failed('connection', 'This server was started without it.')]
  if (!(await chat.room.isConnected()))
    return [failed('connection', `${chat.room.title} is not connected. Enter its token above.`)]
  const checks = await chat.room.check()
  // Whoever has no way to ask gets no further answers.
  if (checks.some((each) => !each.ok && each.name === 'token')) return checks
  return [
    ...checks,
    await knowsYou(needs, ports, provider, chat.room, actor),
    ...(chat.listener.listen === null ? [] : [await isHeard(needs, provider, chat)]),
  ]
}

const failed = (name: string, sentence: string): ChatCheck => ({ name, ok: false, sentence })

/** There and back: found by the address, and known by what the chat says of them. */
async function knowsYou(
  needs: Needs,
  ports: ChatPorts,
  provider: ChatProvider,
  chat: ChatRoom,
  actor: Actor,
): Promise<ChatCheck> {
  const name = 'you'
  const declared = await ports.declaredNameOf(actor)
  const email = declared === null ? null : await ports.emailOf(needs.database, declared)
  if (email === null)
    return {
      name,
      ok: true,
      sentence: 'You are nobody in the catalog, so it was not tried whether you are found there.',
    }
  const found = await chat.findUser(email)
  if (found.kind !== 'done') return failed(name, found.because)
  if (found.value === null) return failed(name, `Nobody in ${chat.title} has your address ${email}.`)
  const known = await knowPerson(needs, ports, provider, found.value)
  return known.kind === 'known'
    ? { name, ok: true, sentence: `You are found there by your address, and known here as ${known.name}.` }
    : failed(name, known.sentence)
}

async function isHeard(
  needs: Needs,
  provider: ChatProvider,
  { room: { title }, listener: { connects } }: NonNullable<ChatPorts['chats'][ChatProvider]>,
): Promise<ChatCheck> {
  const { database } = needs
  const now = await database.now()
  const { socketSeenAt } = await findLink(database, provider)
  const heardAt = await lastHeard(database, provider)
  const name = 'listening'
  if (connects && socketSeenAt !== null && now - socketSeenAt < socketSilentMs)
    return { name, ok: true, sentence: `We are connected; last sign at ${formatInstant(socketSeenAt)}.` }
  if (heardAt !== null) return { name, ok: true, sentence: `${title} called us last at ${formatInstant(heardAt)}.` }
  return failed(name, `Nothing was heard from ${title} yet. Write a command there, then test again.`)
}
