// What customers see: pages for browsers, JSON for programs, over the same addresses.
import { randomUUID } from 'node:crypto'
import type { Reply, Request, ServiceDesign, Workplace } from '../http-service.ts'
import { type JsonObject, listOf, numberOf, textOf } from '../json.ts'
import { type Call, callService } from '../outgoing.ts'
import { badRelease } from '../roster.ts'
import { cartPage, errorPage, orderPage, productPage, productsPage } from './front-pages.ts'

const pageTimeoutMs = 1_500
// Checkout may try payment twice at 1.5 s, after a second for the cart.
const buyTimeoutMs = 4_500

export function designFront(workplace: Workplace): ServiceDesign {
  const get = (target: 'catalog' | 'cart', path: string, template: string) =>
    callService(workplace, target, { method: 'GET', path, template, timeoutMs: pageTimeoutMs })
  const send = (target: 'cart' | 'checkout', call: Omit<Call, 'timeoutMs'>, timeoutMs = pageTimeoutMs) =>
    callService(workplace, target, { ...call, timeoutMs })

  return {
    renderError: errorPage,
    routes: [
      {
        method: 'GET',
        path: '/',
        async handle(request) {
          const answer = await get('catalog', '/products', '/products')
          return present(request, answer, productsPage('Shop', listOf(answer, 'products')))
        },
      },
      {
        method: 'GET',
        path: '/search',
        async handle(request) {
          const words = request.query.get('q') ?? ''
          const answer = await get('catalog', `/search?q=${encodeURIComponent(words)}`, '/search')
          return present(request, answer, productsPage(`Search: ${words}`, listOf(answer, 'products')))
        },
      },
      {
        method: 'GET',
        path: '/products/:sku',
        async handle(request) {
          if (workplace.release === badRelease && request.userAgent.includes('Mobile')) {
            throw new ReferenceError('touchGallery is not defined')
          }
          const sku = encodeURIComponent(request.parameters.sku ?? '')
          const answer = await get('catalog', `/products/${sku}`, '/products/:sku')
          return present(request, answer, productPage(answer))
        },
      },
      {
        method: 'GET',
        path: '/cart',
        async handle(request) {
          const answer = await get('cart', `/carts/${customerOf(request)}`, '/carts/:customer')
          return present(request, answer, cartPage(answer))
        },
      },
      {
        method: 'POST',
        path: '/cart',
        async handle(request) {
          const path = `/carts/${customerOf(request)}`
          // A form sends its numbers as text.
          const quantity = numberOf(request.body, 'quantity') ?? Number(textOf(request.body, 'quantity') ?? 1)
          let answer = await send('cart', {
            method: 'POST',
            path: `${path}/items`,
            template: '/carts/:customer/items',
            body: { sku: request.body.sku, quantity },
          })
          const code = textOf(request.body, 'discountCode')
          if (code !== null) {
            answer = await send('cart', {
              method: 'PUT',
              path: `${path}/discount`,
              template: '/carts/:customer/discount',
              body: { code },
            })
          }
          return present(request, answer, cartPage(answer))
        },
      },
      {
        method: 'POST',
        path: '/buy',
        async handle(request) {
          const body = { customer: customerOf(request), card: request.body.card }
          const order = { method: 'POST', path: '/orders', template: '/orders', body } as const
          const answer = await send('checkout', order, buyTimeoutMs)
          return { ...present(request, answer, orderPage(answer)), status: 201 }
        },
      },
    ],
  }
}

const newCustomers = new WeakMap<Request, string>()

/** The cookie of the customer; somebody without one gets one with the answer. */
function customerOf(request: Request): string {
  const known = request.cookies.get('customer') ?? newCustomers.get(request)
  if (known !== undefined && /^[\w-]{1,64}$/.test(known)) return known
  const customer = randomUUID()
  newCustomers.set(request, customer)
  return customer
}

function present(request: Request, answer: JsonObject, page: string): Reply {
  const customer = newCustomers.get(request)
  return {
    status: 200,
    body: request.wantsHtml ? page : answer,
    ...(customer === undefined
      ? {}
      : { headers: { 'set-cookie': `customer=${customer}; Path=/; HttpOnly; SameSite=Lax` } }),
  }
}
