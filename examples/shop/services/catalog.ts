// Products and search. Depends on nobody.
import { setTimeout as wait } from 'node:timers/promises'
import type { ServiceDesign, Workplace } from '../http-service.ts'
import { serviceTime } from '../random.ts'
import { Refusal } from '../refusal.ts'
import { badRelease } from '../roster.ts'

export interface Product {
  readonly sku: string
  readonly name: string
  readonly priceCents: number
}

export const products: readonly Product[] = [
  { sku: 'mug-blue', name: 'Blue mug', priceCents: 1_290 },
  { sku: 'mug-red', name: 'Red mug', priceCents: 1_290 },
  { sku: 'teapot', name: 'Cast iron teapot', priceCents: 6_490 },
  { sku: 'kettle', name: 'Electric kettle', priceCents: 4_990 },
  { sku: 'grinder', name: 'Coffee grinder', priceCents: 8_900 },
  { sku: 'beans-dark', name: 'Dark coffee beans', priceCents: 1_150 },
  { sku: 'beans-light', name: 'Light coffee beans', priceCents: 1_250 },
  { sku: 'filter', name: 'Paper coffee filter', priceCents: 390 },
  { sku: 'scale', name: 'Kitchen scale', priceCents: 2_990 },
  { sku: 'press', name: 'French coffee press', priceCents: 3_490 },
  { sku: 'tea-green', name: 'Green tea', priceCents: 790 },
  { sku: 'tea-black', name: 'Black tea', priceCents: 690 },
]

// The slowest index look-up seen in a healthy shop stays far below the objective of 300 ms.
const lookupMs = 4
const searchMs = 9

export function designCatalog(workplace: Workplace): ServiceDesign {
  return {
    routes: [
      {
        method: 'GET',
        path: '/products',
        async handle() {
          await wait(serviceTime(workplace.random, lookupMs, 0.4))
          return { status: 200, body: { products } }
        },
      },
      {
        method: 'GET',
        path: '/products/:sku',
        async handle(request) {
          await wait(serviceTime(workplace.random, lookupMs, 0.4))
          const product = products.find((candidate) => candidate.sku === request.parameters.sku)
          if (product === undefined) throw new Refusal(404, 'no-such-product', 'There is no such product.')
          return { status: 200, body: { ...product } }
        },
      },
      {
        method: 'GET',
        path: '/search',
        async handle(request) {
          await wait(serviceTime(workplace.random, searchMs, 0.5))
          const words = (request.query.get('q') ?? '').toLowerCase().split(/\s+/).filter(Boolean).slice(0, 8)
          if (workplace.release === badRelease && words.length > 1) {
            throw new SyntaxError('Unterminated group in the pattern of the search index')
          }
          const found = products.filter((product) => words.every((word) => product.name.toLowerCase().includes(word)))
          return { status: 200, body: { products: found } }
        },
      },
    ],
  }
}
