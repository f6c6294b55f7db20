// Authorises cards. The same order may ask twice (checkout retries): it is charged once.
import type { ServiceDesign, Workplace } from '../http-service.ts'
import { numberOf, textOf } from '../json.ts'
import { callService } from '../outgoing.ts'
import { Refusal } from '../refusal.ts'
import { badRelease } from '../roster.ts'

const cardnetTimeoutMs = 800
const rememberedLimit = 10_000

export function designPayment(workplace: Workplace): ServiceDesign {
  const authorised = new Map<string, string>()
  const outcomes = workplace.telemetry.meter.createCounter('shop.authorizations', { unit: '{authorization}' })
  return {
    routes: [
      {
        method: 'POST',
        path: '/authorizations',
        async handle({ body }) {
          const orderId = textOf(body, 'orderId')
          const card = textOf(body, 'card') ?? ''
          const amountCents = numberOf(body, 'amountCents')
          if (orderId === null || amountCents === null || amountCents <= 0) {
            throw new Refusal(400, 'bad-order', 'An authorisation needs "orderId", "card" and "amountCents".')
          }
          if (!isCardNumber(card)) throw new Refusal(402, 'card-invalid', 'This is not a card number.')
          const before = authorised.get(orderId)
          if (before !== undefined) return { status: 200, body: { authorization: before, repeated: true } }
          if (workplace.release === badRelease && brandOf(card) === 'amex') {
            throw new TypeError('The security code of the card has 4 digits where 3 were expected')
          }
          const answer = await callService(workplace, 'cardnet', {
            method: 'POST',
            path: '/authorizations',
            template: '/authorizations',
            body: { card, amountCents },
            timeoutMs: cardnetTimeoutMs,
          })
          const approved = answer.approved === true
          outcomes.add(1, { outcome: approved ? 'approved' : 'declined', brand: brandOf(card) })
          if (!approved) throw new Refusal(402, 'card-declined', 'The bank declined the card.')
          const authorization = `auth-${orderId}`
          authorised.set(orderId, authorization)
          for (const oldest of authorised.keys()) {
            if (authorised.size <= rememberedLimit) break
            authorised.delete(oldest)
          }
          return { status: 201, body: { authorization, repeated: false } }
        },
      },
    ],
  }
}

function brandOf(card: string): string {
  if (card.startsWith('4')) return 'visa'
  return card.startsWith('34') || card.startsWith('37') ? 'amex' : 'mastercard'
}

/** The check digit of ISO/IEC 7812. */
export function isCardNumber(text: string): boolean {
  if (!/^\d{12,19}$/.test(text)) return false
  const sum = [...text].reverse().reduce((total, digit, index) => {
    const value = Number(digit) * (index % 2 === 1 ? 2 : 1)
    return total + (value > 9 ? value - 9 : value)
  }, 0)
  return sum % 10 === 0
}
