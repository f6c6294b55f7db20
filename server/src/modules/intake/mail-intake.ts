// Mails as deliveries: the token stands in the address, and what a mail says is taken in like any other payload.
import { AppError } from '../../kernel/app-error.ts'
import type { Room } from '../../platform/room/room.ts'
import { sha256 } from '../../platform/secrets/index.ts'
import type { Desk } from './desk.ts'
import type { MailAnswerer, ParsedMail } from './intake.ports.ts'
import { clean } from './read-payload.ts'
import { admitDelivery, findSender, type Sender } from './usecases/admit-delivery.ts'
import { keepUnread, takeDelivery } from './usecases/take-delivery.ts'

/** Nothing when the operator opened no port for it. */
export function mailIntake(desk: Desk): Pick<Room, 'start' | 'stop'> {
  const { mail } = desk.ports
  if (mail === undefined || mail === null) return {}
  let listener: { readonly port: number; stop(): Promise<void> } | null = null
  return {
    start: async () => {
      listener = await mail.listen(mailDoor(desk))
      desk.needs.log.info('Alarms are taken by mail.', { port: listener.port })
    },
    stop: async () => listener?.stop(),
  }
}

/** `token@…`, or `anything+token@…` where a mailbox is shared. Mail servers may change the case; tokens for mail have none. */
export function tokenIn(address: string): string | null {
  const at = address.lastIndexOf('@')
  if (at <= 0) return null
  const local = address.slice(0, at).toLowerCase()
  const token = local.slice(local.lastIndexOf('+') + 1)
  return /^[0-9a-z]{32}$/.test(token) ? token : null
}

export function mailDoor(desk: Desk): MailAnswerer {
  return {
    admit: async ({ to, remote }) => {
      try {
        desk.ports.mail?.charge(remote)
        return (await senderOf(desk, to)) === null
          ? { kind: 'refused', because: 'There is no such address here.' }
          : { kind: 'taken' }
      } catch (error) {
        return later(desk, error)
      }
    },
    take: async ({ to, bytes }) => {
      try {
        const tokens = [...new Set(to.map(tokenIn))]
        const hidden = hiding(tokens.filter((token) => token !== null))
        for (const token of tokens) {
          const sender = token === null ? null : await findSender(desk, { name: null, token, formats: ['email'] })
          // Revoked since it was admitted.
          if (sender === null || token === null) return { kind: 'refused', because: 'There is no such address here.' }
          await deliver(desk, sender, { token, hidden, bytes })
        }
        return { kind: 'taken' }
      } catch (error) {
        return later(desk, error)
      }
    },
  }
}

async function senderOf(desk: Desk, to: string): Promise<Sender | null> {
  const token = tokenIn(to)
  return token === null ? null : findSender(desk, { name: null, token, formats: ['email'] })
}

/** Whoever reads an alert must not be able to send others: programs repeat the address in what they say, in any case. */
function hiding(tokens: readonly string[]): (text: string) => string {
  const any = new RegExp(tokens.join('|'), 'gi')
  return (text) => (tokens.length === 0 ? text : text.replace(any, '[hidden]'))
}

interface Mail {
  readonly token: string
  readonly hidden: (text: string) => string
  readonly bytes: Uint8Array
}

async function deliver(desk: Desk, sender: Sender, { token, hidden, bytes }: Mail): Promise<void> {
  const headers = { 'content-type': 'application/json' }
  const parsed = (await desk.ports.mail?.parse(bytes)) ?? null
  const admitted = await admitDelivery(desk, sender, { name: null, token, headers, body: bytes })
  if (parsed === null) {
    const text = hidden(clean(new TextDecoder('latin1').decode(bytes)))
    return keepUnread(desk, admitted, { because: 'It cannot be read as a mail.', headers: {}, body: text })
  }
  const body = Buffer.from(hidden(JSON.stringify(parsed)))
  await takeDelivery(desk, { ...admitted, onceId: onceIdOf(parsed) }, { body, headers, hide: [] })
}

/**
 * Mail servers bring a mail at least once: one that ended meanwhile must not open its alert anew. What it says counts with
 * its id, because some programs give all of their mails the same one; headers do not, because relays add to them.
 */
function onceIdOf({ messageId, date, subject, text }: ParsedMail): string | null {
  if (messageId === null) return null
  return Buffer.from(sha256(Buffer.from(JSON.stringify([messageId, date, subject, text])))).toString('hex')
}

/** A mail server keeps what it is asked to bring again, for days. */
function later(desk: Desk, error: unknown) {
  if (error instanceof AppError && (error.kind === 'unavailable' || error.kind === 'limited'))
    return { kind: 'later', because: error.message } as const
  desk.needs.log.error('A mail could not be taken in.', { error: String(error) })
  return { kind: 'later', because: 'Not now; try again soon.' } as const
}
