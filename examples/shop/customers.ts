// The customers: a seeded crowd that browses, searches, fills carts and buys. Open loop, as real customers are:
// they keep coming when the shop is slow. Bounded all the same; whoever does not fit is counted as turned away.
import { arrivalGap, pick, type Random, seededRandom } from './random.ts'
import { declinedCard } from './services/cardnet.ts'
import { products } from './services/catalog.ts'

export interface CustomerOptions {
  readonly frontUrl: string
  readonly perSecond: number
  readonly seed: number
}

export interface CustomerCounts {
  readonly sent: number
  /** 2xx. */
  readonly served: number
  /** 4xx: a declined card, an empty cart. */
  readonly refused: number
  /** 5xx. */
  readonly failed: number
  /** No answer at all: no connection, or not in time. */
  readonly unanswered: number
  /** Not sent, because too many requests were under way. */
  readonly turnedAway: number
}

export interface Customers {
  counts(): CustomerCounts
  stop(): Promise<void>
}

interface Customer {
  readonly id: string
  readonly userAgent: string
  readonly card: string
  readonly discountCode: string | null
  hasItems: boolean
}

interface Visit {
  readonly method: 'GET' | 'POST'
  readonly path: string
  readonly body?: Readonly<Record<string, unknown>>
}

const crowd = 40
const underWayLimit = 200
const patienceMs = 6_000
const phone = 'Mozilla/5.0 (Linux; Android 15; Mobile) Shop/1'
const desktop = 'Mozilla/5.0 (X11; Linux x86_64) Shop/1'
const visa = '4242424242424242'
const mastercard = '5555555555554444'
const amex = '378282246310005'
const searches = ['coffee', 'tea', 'coffee beans', 'mug', 'kitchen scale', 'green tea', 'kettle'] as const

export function startCustomers(options: CustomerOptions): Customers {
  const random = seededRandom(options.seed)
  const people = Array.from({ length: crowd }, (_, index) => createCustomer(random, index))
  const counts = { sent: 0, served: 0, refused: 0, failed: 0, unanswered: 0, turnedAway: 0 }
  const underWay = new Set<Promise<void>>()
  const closing = new AbortController()
  // Arrivals are planned by the clock, so a late timer brings the missed ones instead of losing them.
  let due = performance.now()
  let timer: NodeJS.Timeout | null = null

  const arrive = () => {
    while (due <= performance.now()) {
      due += arrivalGap(random, options.perSecond)
      const customer = people[Math.floor(random.next() * people.length)]
      if (customer === undefined) continue
      const visit = decideVisit(random, customer)
      if (underWay.size >= underWayLimit) {
        counts.turnedAway += 1
        continue
      }
      const done = call(customer, visit).finally(() => underWay.delete(done))
      underWay.add(done)
    }
    timer = setTimeout(arrive, Math.max(1, due - performance.now()))
  }

  const call = async (customer: Customer, visit: Visit): Promise<void> => {
    counts.sent += 1
    try {
      const response = await fetch(new URL(visit.path, options.frontUrl), {
        method: visit.method,
        headers: {
          accept: 'application/json',
          'content-type': 'application/json',
          'user-agent': customer.userAgent,
          cookie: `customer=${customer.id}`,
        },
        signal: AbortSignal.any([AbortSignal.timeout(patienceMs), closing.signal]),
        ...(visit.body === undefined ? {} : { body: JSON.stringify(visit.body) }),
      })
      await response.arrayBuffer()
      counts[response.status >= 500 ? 'failed' : response.status >= 400 ? 'refused' : 'served'] += 1
      if (visit.path === '/cart' && visit.method === 'POST' && response.ok) customer.hasItems = true
      // Empty after a purchase, and after the cart was forgotten.
      if (visit.path === '/buy' && (response.ok || response.status === 409)) customer.hasItems = false
    } catch {
      if (!closing.signal.aborted) counts.unanswered += 1
    }
  }

  if (options.perSecond > 0) arrive()
  return {
    counts: () => ({ ...counts }),
    async stop() {
      if (timer !== null) clearTimeout(timer)
      closing.abort()
      await Promise.all(underWay)
    },
  }
}

function createCustomer(random: Random, index: number): Customer {
  return {
    id: `customer-${index}`,
    userAgent: random.next() < 0.4 ? phone : desktop,
    // One of them has no money: a declined card is part of a healthy day.
    card: index === 0 ? declinedCard : pick(random, [visa, visa, mastercard, amex]),
    discountCode: random.next() < 0.35 ? pick(random, ['WELCOME10', 'TEATIME']) : null,
    hasItems: false,
  }
}

/** About one request in eight is a purchase: enough of them that a broken checkout shows within seconds. */
function decideVisit(random: Random, customer: Customer): Visit {
  const wish = random.next()
  const product = products[Math.floor(random.next() * products.length)]?.sku ?? 'teapot'
  if (wish < 0.24) return { method: 'GET', path: '/' }
  if (wish < 0.46) return { method: 'GET', path: `/products/${product}` }
  if (wish < 0.64) return { method: 'GET', path: `/search?q=${encodeURIComponent(pick(random, searches))}` }
  if (wish < 0.7) return { method: 'GET', path: '/cart' }
  if (customer.hasItems && wish > 0.82) return { method: 'POST', path: '/buy', body: { card: customer.card } }
  const discount = customer.discountCode === null ? {} : { discountCode: customer.discountCode }
  return { method: 'POST', path: '/cart', body: { sku: product, quantity: random.next() < 0.7 ? 1 : 2, ...discount } }
}
