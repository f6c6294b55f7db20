// The card network: a third party, slow and variable as they are, and unavailable about once in a thousand times.
import { setTimeout as wait } from 'node:timers/promises'
import type { ServiceDesign, Workplace } from '../http-service.ts'
import { numberOf, textOf } from '../json.ts'
import { serviceTime } from '../random.ts'
import { Refusal } from '../refusal.ts'
import { badRelease } from '../roster.ts'

// Median 70 ms, 99th percentile about 160 ms.
const issuerMs = 70
const issuerSpread = 0.35
const issuerFailure = 0.001
/** The test number that networks always decline. */
export const declinedCard = '4000000000000002'

export function designCardnet(workplace: Workplace): ServiceDesign {
  return {
    routes: [
      {
        method: 'POST',
        path: '/authorizations',
        async handle({ body }) {
          const card = textOf(body, 'card') ?? ''
          const amountCents = numberOf(body, 'amountCents') ?? 0
          await wait(serviceTime(workplace.random, issuerMs, issuerSpread))
          if (workplace.random.next() < issuerFailure) {
            throw new Refusal(503, 'issuer-unavailable', 'The bank of the card does not answer.')
          }
          if (workplace.release === badRelease && amountCents > 10_000) {
            throw new Error('Amount does not fit the authorisation message')
          }
          const approved = card !== declinedCard
          return { status: 200, body: { approved, reason: approved ? 'approved' : 'insufficient-funds' } }
        },
      },
    ],
  }
}
