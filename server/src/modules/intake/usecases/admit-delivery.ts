// Who sends this: the token, then the signature, both before the payload is read.
import { AppError } from '../../../kernel/app-error.ts'
import type { Instant } from '../../../kernel/instant.ts'
import { sha256 } from '../../../platform/secrets/index.ts'
import { intakeNow, orAboard } from '../../alerts/index.ts'
import { type AlertSource, type Format, formatFacts } from '../core/index.ts'
import type { Desk } from '../desk.ts'
import type { SnsMessage } from '../intake.ports.ts'
import { findSource } from '../intake.store.ts'
import { type SendersPlan, secretsIn, sourceIn, tokenIn } from '../senders-plan.ts'
import { checkSignature, signingOf } from '../signature.ts'
import { findToken, listSecrets } from '../tokens.store.ts'

export interface Incoming {
  /** From the address; null when the token alone says whose it is. */
  readonly name: string | null
  readonly token: string | null
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array
  /** Of addresses that speak one format only. */
  readonly formats?: readonly Format[]
}

export interface Admitted {
  readonly source: AlertSource
  readonly now: Instant
  /** Of a signed delivery that names itself: taken in once. */
  readonly onceId: string | null
  readonly sns: SnsMessage | null
}

/** A recorded SNS message may come late: Amazon itself repeats for hours. */
const snsFreshMs = 6 * 3_600_000

export interface Sender {
  readonly source: AlertSource
  readonly tokenId: string
}

/** Null: no token of ours, and nothing is said of which sources there are. */
export async function findSender(
  desk: Desk,
  incoming: Pick<Incoming, 'name' | 'token' | 'formats'>,
): Promise<Sender | null> {
  const { token, name } = incoming
  if (token === null || token.length > 200) return null
  const hash = sha256(Buffer.from(token))
  const known = await orAboard<{ readonly id: string; readonly source: string } | null>(
    desk.ports.alerts,
    () => findToken(desk.needs.database, hash),
    async () => aboard(desk, (plan, at) => tokenIn(plan, hash, at)),
  )
  if (known === null || (name !== null && known.source !== name)) {
    if (known !== null) desk.counter.add(known.source, 'refused', 1)
    return null
  }
  const source = await orAboard(
    desk.ports.alerts,
    async () => (await findSource(desk.needs.database, known.source))?.source ?? null,
    async () => aboard(desk, (plan) => sourceIn(plan, known.source)),
  )
  if (source === null) return null
  if (incoming.formats !== undefined && !incoming.formats.includes(source.format)) return null
  return { source, tokenId: known.id }
}

/** What the plan says while the database is away. */
function aboard<T>({ ports }: Desk, read: (plan: SendersPlan, at: Instant) => T): T {
  const plan = ports.senders?.() ?? null
  const at = ports.alerts.refuge?.now() ?? null
  if (plan !== null && at !== null) return read(plan, at)
  throw new AppError('unavailable', 'database.away', 'The database is away, and senders are not known without it.', {
    retryAfterSeconds: 5,
  })
}

export async function admitDelivery(desk: Desk, sender: Sender, incoming: Incoming): Promise<Admitted> {
  const { source, tokenId } = sender
  const now = await intakeNow(desk.needs, desk.ports.alerts)
  const refuse = (because: string): never => {
    desk.counter.add(source.name, 'refused', 1)
    throw new AppError('forbidden', 'intake.signature-wrong', because)
  }
  desk.counter.used(tokenId, now)
  if (formatFacts[source.format].signature === 'sns') {
    const verdict = await desk.ports.verifySns(incoming.body, now)
    if (!verdict.genuine) return refuse(verdict.because)
    const { message } = verdict
    if (source.topic !== null && source.topic !== message.topic)
      return refuse(`It is of the topic ${message.topic}; this source takes ${source.topic}.`)
    if (Math.abs(now - message.at) > snsFreshMs) return refuse('It was signed more than six hours ago.')
    return { source, now, onceId: message.id, sns: message }
  }
  const signing = signingOf(source)
  if (signing === null) return { source, now, onceId: null, sns: null }
  const sealedOnes = await orAboard<readonly { readonly id: string; readonly sealed: string }[]>(
    desk.ports.alerts,
    () => listSecrets(desk.needs.database, source.name),
    async () => aboard(desk, (plan, at) => secretsIn(plan, source.name, at)),
  )
  const secrets = sealedOnes.map(({ id, sealed }) => desk.ports.open(sealed, secretContext(id)))
  if (secrets.length === 0) {
    // Where the format can sign, storing a secret turns the check on; where the declaration asks for it, it is never off.
    if (source.signing !== null) return refuse('This source must be signed, and no secret is stored for it yet.')
    return { source, now, onceId: null, sns: null }
  }
  const verdict = checkSignature(signing, { headers: incoming.headers, body: incoming.body, secrets, now })
  if (!verdict.genuine) return refuse(verdict.because)
  return { source, now, onceId: verdict.id, sns: null }
}

export const secretContext = (id: string): string => `intake/secret/${id}`
