// Signatures of Amazon SNS: the certificate comes from Amazon and nowhere else, and the message is checked with it
// before anything in it counts. Source: Amazon SNS Developer Guide, "Verifying the signatures of Amazon SNS messages"
// and "HTTP/HTTPS notification JSON format".
import { createVerify, X509Certificate } from 'node:crypto'
import { AppError } from '../../kernel/app-error.ts'
import { type Instant, parseInstant } from '../../kernel/instant.ts'
import { isJsonObject, type JsonObject } from '../../kernel/json.ts'
import type { SnsVerdict } from '../../modules/intake/intake.ports.ts'

/** Answers the bytes at an address of Amazon; made of egress. */
export type FetchText = (url: string) => Promise<string>

// One certificate signs all topics of a region; addresses of others are refused before they get here.
const mostKept = 50
const notification = ['Message', 'MessageId', 'Subject', 'Timestamp', 'TopicArn', 'Type'] as const
const confirmation = ['Message', 'MessageId', 'SubscribeURL', 'Timestamp', 'Token', 'TopicArn', 'Type'] as const

const refused = (because: string): SnsVerdict => ({ genuine: false, because })

/** `https://sns.eu-central-1.amazonaws.com/…`, and the hosts of China. No port, no user, no look-alike. */
export function isAmazonSns(text: string): boolean {
  if (!URL.canParse(text)) return false
  const url = new URL(text)
  return (
    url.protocol === 'https:' &&
    url.port === '' &&
    url.username === '' &&
    url.password === '' &&
    /^sns\.[a-z0-9-]{3,30}\.amazonaws\.com(\.cn)?$/.test(url.hostname)
  )
}

export function createSnsVerifier(fetchText: FetchText): (body: Uint8Array, now: Instant) => Promise<SnsVerdict> {
  const certificates = new Map<string, X509Certificate>()
  const certificateAt = async (url: string): Promise<X509Certificate> => {
    const known = certificates.get(url)
    if (known !== undefined) return known
    const fresh = new X509Certificate(await fetchText(url))
    if (certificates.size >= mostKept) certificates.clear()
    certificates.set(url, fresh)
    return fresh
  }
  return async (body, now) => {
    const message = readMessage(body)
    if (message === null) return refused('It is no message of SNS.')
    const type = message.Type
    const isConfirmation = type === 'SubscriptionConfirmation' || type === 'UnsubscribeConfirmation'
    if (type !== 'Notification' && !isConfirmation) return refused('Its Type is not one of SNS.')
    const [id, topic, stamp, signature, certificateUrl] = [
      textOf(message.MessageId),
      textOf(message.TopicArn),
      textOf(message.Timestamp),
      textOf(message.Signature),
      textOf(message.SigningCertURL ?? message.SigningCertUrl),
    ]
    const at = stamp === null ? null : parseInstant(stamp)
    if (
      id === null ||
      id.length > 200 ||
      topic === null ||
      at === null ||
      signature === null ||
      certificateUrl === null
    )
      return refused('A field of an SNS message is missing.')
    const algorithm = { '1': 'RSA-SHA1', '2': 'RSA-SHA256' }[textOf(message.SignatureVersion) ?? '']
    if (algorithm === undefined) return refused('Its SignatureVersion is neither 1 nor 2.')
    if (!isAmazonSns(certificateUrl) || !new URL(certificateUrl).pathname.endsWith('.pem'))
      return refused('Its certificate is not at Amazon SNS.')
    const certificate = await certificateAt(certificateUrl).catch((cause: unknown) => {
      throw new AppError('unavailable', 'intake.certificate-missing', 'The certificate of Amazon cannot be read now.', {
        cause,
        retryAfterSeconds: 5,
      })
    })
    if (now < Date.parse(certificate.validFrom) || now > Date.parse(certificate.validTo))
      return refused('The certificate it is signed with is not valid now.')
    const fields = isConfirmation ? confirmation : notification
    const signed = fields
      .flatMap((name) => {
        const value = textOf(message[name])
        return value === null ? [] : [`${name}\n${value}\n`]
      })
      .join('')
    const isRight = createVerify(algorithm).update(signed, 'utf8').verify(certificate.publicKey, signature, 'base64')
    if (!isRight) return refused('Its signature is not right.')
    if (type !== 'SubscriptionConfirmation') return { genuine: true, message: { kind: 'notification', id, at, topic } }
    const confirmUrl = textOf(message.SubscribeURL) ?? ''
    if (!isAmazonSns(confirmUrl)) return refused('Its SubscribeURL does not lead to Amazon SNS.')
    return { genuine: true, message: { kind: 'confirmation', id, at, topic, confirmUrl } }
  }
}

function readMessage(body: Uint8Array): JsonObject | null {
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body))
    return isJsonObject(value) ? value : null
  } catch {
    return null
  }
}

const textOf = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null)
