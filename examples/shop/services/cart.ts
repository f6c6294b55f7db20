// Carts, in memory and for a while: an abandoned one is forgotten after ten minutes.
import type { Reply, ServiceDesign, Workplace } from '../http-service.ts'
import { numberOf, textOf } from '../json.ts'
import { callService } from '../outgoing.ts'
import { Refusal } from '../refusal.ts'
import { badRelease } from '../roster.ts'

interface Item {
  readonly sku: string
  readonly name: string
  readonly priceCents: number
  readonly quantity: number
}

interface Cart {
  readonly items: readonly Item[]
  readonly discountCode: string | null
  readonly touchedAt: number
}

const cartLifeMs = 10 * 60_000
const cartLimit = 5_000
const itemLimit = 20
const catalogTimeoutMs = 1_000

export function designCart(workplace: Workplace): ServiceDesign {
  const carts = new Map<string, Cart>()
  workplace.telemetry.meter
    .createObservableGauge('shop.carts', { unit: '{cart}', description: 'Carts held in memory.' })
    .addCallback((result) => result.observe(carts.size))

  const find = (customer: string): Cart => {
    const cart = carts.get(customer)
    return cart !== undefined && Date.now() - cart.touchedAt < cartLifeMs
      ? cart
      : { items: [], discountCode: null, touchedAt: 0 }
  }
  const keep = (customer: string, cart: Omit<Cart, 'touchedAt'>): Reply => {
    const kept = { ...cart, touchedAt: Date.now() }
    // Taken out first: a map keeps the order of insertion, so the first one is the longest untouched.
    carts.delete(customer)
    carts.set(customer, kept)
    for (const [oldest, { touchedAt }] of carts) {
      if (carts.size <= cartLimit && kept.touchedAt - touchedAt < cartLifeMs) break
      carts.delete(oldest)
    }
    return show(customer, kept)
  }

  return {
    routes: [
      {
        method: 'GET',
        path: '/carts/:customer',
        handle: async ({ parameters: { customer = '' } }) => show(customer, find(customer)),
      },
      {
        method: 'POST',
        path: '/carts/:customer/items',
        async handle({ parameters: { customer = '' }, body }) {
          const sku = textOf(body, 'sku')
          const quantity = numberOf(body, 'quantity') ?? 1
          if (sku === null || !Number.isInteger(quantity) || quantity < 1 || quantity > 10) {
            throw new Refusal(400, 'bad-item', 'An item needs a "sku" and a whole "quantity" from 1 to 10.')
          }
          if (workplace.release === badRelease && quantity > 1) {
            throw new RangeError('Stock reservation index out of range')
          }
          const product = await callService(workplace, 'catalog', {
            method: 'GET',
            path: `/products/${encodeURIComponent(sku)}`,
            template: '/products/:sku',
            timeoutMs: catalogTimeoutMs,
          })
          const cart = find(customer)
          if (cart.items.length >= itemLimit) throw new Refusal(409, 'cart-full', 'The cart is full.')
          const item = {
            sku,
            name: textOf(product, 'name') ?? sku,
            priceCents: numberOf(product, 'priceCents') ?? 0,
            quantity,
          }
          return keep(customer, { ...cart, items: [...cart.items, item] })
        },
      },
      {
        method: 'PUT',
        path: '/carts/:customer/discount',
        async handle({ parameters: { customer = '' }, body }) {
          return keep(customer, { ...find(customer), discountCode: textOf(body, 'code') })
        },
      },
      {
        method: 'DELETE',
        path: '/carts/:customer',
        async handle({ parameters: { customer = '' } }) {
          carts.delete(customer)
          return show(customer, find(customer))
        },
      },
    ],
  }
}

function show(customer: string, cart: Cart): Reply {
  const totalCents = cart.items.reduce((sum, item) => sum + item.priceCents * item.quantity, 0)
  return { status: 200, body: { customer, items: cart.items, discountCode: cart.discountCode, totalCents } }
}
