// Who is in the shop: names, default ports, who calls whom, and what release 1.5.0 of each breaks.

export const serviceNames = ['front', 'catalog', 'cart', 'checkout', 'payment', 'cardnet'] as const
export type ServiceName = (typeof serviceNames)[number]

export const goodRelease = '1.4.2'
export const badRelease = '1.5.0'

/** How the service reports its histograms. The three differ on purpose: a receiver has to understand them all. */
export type MetricShape = 'explicit buckets' | 'exponential buckets' | 'delta temporality'

export interface RosterEntry {
  readonly port: number
  readonly dependsOn: readonly ServiceName[]
  readonly shape: MetricShape
  /** The requests that fail under release 1.5.0. */
  readonly defect: string
}

export const roster: Readonly<Record<ServiceName, RosterEntry>> = {
  front: {
    port: 4100,
    dependsOn: ['catalog', 'cart', 'checkout'],
    shape: 'explicit buckets',
    defect: 'product pages opened on a phone',
  },
  catalog: {
    port: 4101,
    dependsOn: [],
    shape: 'exponential buckets',
    defect: 'searches of more than one word',
  },
  cart: {
    port: 4102,
    dependsOn: ['catalog'],
    shape: 'delta temporality',
    defect: 'adding more than one piece at a time',
  },
  checkout: {
    port: 4103,
    dependsOn: ['cart', 'payment'],
    shape: 'explicit buckets',
    defect: 'carts with a discount code',
  },
  payment: {
    port: 4104,
    dependsOn: ['cardnet'],
    shape: 'explicit buckets',
    defect: 'American Express cards',
  },
  cardnet: {
    port: 4105,
    dependsOn: [],
    shape: 'explicit buckets',
    defect: 'amounts over 100 euro',
  },
}

export const controlPort = 4199

/** Everybody whom a service calls stands in an earlier wave. */
export const startingWaves: readonly (readonly ServiceName[])[] = [
  ['cardnet', 'catalog'],
  ['payment', 'cart'],
  ['checkout'],
  ['front'],
]

export function isServiceName(text: string): text is ServiceName {
  return serviceNames.some((name) => name === text)
}

/** The variable that tells a service where another one lives: `PAYMENT_URL`. */
export function addressVariable(name: ServiceName): string {
  return `${name.toUpperCase()}_URL`
}
