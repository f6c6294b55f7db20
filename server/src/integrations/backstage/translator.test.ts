// Files as teams keep them beside their code, read as they are.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseAllDocuments } from 'yaml'
import { isJsonObject, type JsonObject } from '../../kernel/json.ts'
import { isName } from '../../kernel/names.ts'
import type { KnownObject } from '../../modules/catalog/catalog.ports.ts'
import { formatRef, nameOf, parseRef, toLabel } from './entity-ref.ts'
import { backstageTranslator } from './translator.ts'

function read(text: string, known: readonly KnownObject[] = []) {
  const documents = parseAllDocuments(text).flatMap((each): JsonObject[] => {
    const value: unknown = each.toJS()
    return isJsonObject(value) ? [value] : []
  })
  const translations = backstageTranslator.translate(documents, known)
  const made = translations.flatMap((each) => each.documents)
  return {
    made,
    named: (name: string) => made.find((each) => isJsonObject(each.metadata) && each.metadata.name === name),
    faults: translations.flatMap((each) => each.faults),
    warnings: translations.flatMap((each) => each.warnings),
    leftOut: translations.flatMap((each) => (each.leftOut === null ? [] : [each.leftOut])),
  }
}
const known = (kind: string, name: string, annotations: Readonly<Record<string, string>> = {}): KnownObject => ({
  kind,
  name,
  annotations,
})

const bookshop = `
apiVersion: backstage.io/v1alpha1
kind: Component
metadata:
  name: basket
  title: Shopping basket
  description: Keeps what a visitor means to buy.
  labels: {region: eu}
  tags: [java, checkout-path]
  annotations:
    github.com/project-slug: bookshop/basket
    pagerduty.com/service-id: PBASKET
  links:
    - {url: 'https://wiki.bookshop.example/basket/runbook', title: What to do at night, icon: runbook}
    - {url: 'https://grafana.bookshop.example/d/basket', title: Golden signals}
    - {url: 'ftp://old.bookshop.example'}
spec:
  type: service
  lifecycle: production
  owner: group:default/buying
  system: storefront
  dependsOn: [resource:basket-store, component:default/pricing]
  consumesApis: [payments]
  providesApis: [basket-api]
---
apiVersion: backstage.io/v1beta1
kind: Component
metadata: {name: pay-gate}
spec: {type: service, lifecycle: production, owner: buying, providesApis: [payments]}
---
apiVersion: backstage.io/v1alpha1
kind: Component
metadata: {name: pricing}
spec: {type: service, lifecycle: GA, owner: user:default/mira}
---
apiVersion: backstage.io/v1alpha1
kind: API
metadata: {name: payments}
spec: {type: openapi, lifecycle: production, owner: buying, definition: {$text: ./payments.yaml}}
---
apiVersion: backstage.io/v1alpha1
kind: Resource
metadata: {name: basket-store}
spec: {type: database, owner: buying, dependencyOf: [component:pay-gate]}
---
apiVersion: backstage.io/v1alpha1
kind: System
metadata: {name: storefront}
spec: {owner: buying, domain: retail}
---
apiVersion: backstage.io/v1alpha1
kind: Domain
metadata: {name: retail}
spec: {owner: buying}
---
apiVersion: backstage.io/v1alpha1
kind: Group
metadata: {name: buying}
spec: {type: team, profile: {displayName: Buying, email: buying@bookshop.example}, children: [], members: [mira]}
---
apiVersion: backstage.io/v1alpha1
kind: User
metadata: {name: mira}
spec: {profile: {displayName: Mira Sol, email: mira@bookshop.example}, memberOf: []}
---
apiVersion: backstage.io/v1alpha1
kind: User
metadata: {name: jon}
spec: {profile: {email: jon@bookshop.example}, memberOf: [buying]}
`

test('a whole shop is read, each entity as what it is here', () => {
  const { made, faults, named } = read(bookshop)
  expect(faults).toEqual([])
  expect(made.map((each) => each.kind)).toEqual([
    ...['Service', 'Service', 'Service', 'Service', 'Service', 'System', 'Domain', 'Team', 'Person', 'Person'],
  ])
  expect(named('basket')).toEqual({
    apiVersion: 'mainstay.dev/v1',
    kind: 'Service',
    metadata: {
      name: 'basket',
      displayName: 'Shopping basket',
      description: 'Keeps what a visitor means to buy.',
      labels: { region: 'eu', tags: ['java', 'checkout-path'] },
      annotations: {
        'github.com/project-slug': 'bookshop/basket',
        'pagerduty.com/service-id': 'PBASKET',
        'mainstay.dev/backstage-entity': 'component:default/basket',
        'mainstay.dev/backstage-provides-apis': 'api:default/basket-api',
      },
    },
    spec: {
      team: 'buying',
      system: 'storefront',
      type: 'service',
      lifecycle: 'production',
      // The component that provides `payments`, not the interface itself.
      dependsOn: ['basket-store', 'pay-gate', 'pricing'],
      links: [
        { title: 'What to do at night', url: 'https://wiki.bookshop.example/basket/runbook', kind: 'runbook' },
        { title: 'Golden signals', url: 'https://grafana.bookshop.example/d/basket', kind: 'dashboard' },
        { title: 'Source', url: 'https://github.com/bookshop/basket', kind: 'repository' },
      ],
    },
  })
  expect(named('payments--api')).toMatchObject({ spec: { type: 'api', team: 'buying', dependsOn: ['pay-gate'] } })
  expect(named('pay-gate')).toMatchObject({ spec: { dependsOn: ['basket-store'] } })
  expect(named('basket-store')).toMatchObject({ spec: { type: 'database' } })
  expect(named('storefront')).toMatchObject({ kind: 'System', spec: { team: 'buying', domain: 'retail' } })
  expect(named('buying')).toMatchObject({
    kind: 'Team',
    metadata: { displayName: 'Buying' },
    spec: { members: ['jon', 'mira'], contacts: [{ kind: 'email', value: 'buying@bookshop.example' }] },
  })
  expect(named('jon')).toMatchObject({ kind: 'Person', spec: { email: 'jon@bookshop.example' } })
})

test('a file on its own is taken in; what it points to is kept in words', () => {
  const { named, faults, warnings } = read(`
apiVersion: backstage.io/v1alpha1
kind: Component
metadata: {name: basket}
spec: {type: service, lifecycle: somewhere, owner: buying, system: storefront, dependsOn: ['component:pricing', '::'], consumesApis: [payments]}
`)
  expect(faults).toEqual([])
  expect(named('basket')).toMatchObject({
    metadata: {
      annotations: {
        'mainstay.dev/backstage-unresolved':
          'dependsOn component:default/pricing; consumesApis api:default/payments; lifecycle somewhere; owner group:default/buying; system system:default/storefront',
      },
    },
    spec: { type: 'service' },
  })
  expect(warnings.map((each) => each.pointer)).toEqual([
    ...['/spec/dependsOn/1', '/spec/dependsOn/0', '/spec/consumesApis/0', '/spec/lifecycle', '/spec/owner'],
    '/spec/system',
  ])
})

test('once the rest is in the catalog, the same file finds it', () => {
  const catalog = [
    known('Team', 'buying'),
    known('System', 'storefront'),
    known('Service', 'pricing', { 'mainstay.dev/backstage-entity': 'component:default/pricing' }),
    known('Service', 'pay-gate', {
      'mainstay.dev/backstage-provides-apis': 'api:default/refunds, api:default/payments',
    }),
  ]
  const { named, warnings } = read(
    `
apiVersion: backstage.io/v1alpha1
kind: Component
metadata: {name: basket}
spec: {type: service, lifecycle: production, owner: buying, system: storefront, dependsOn: ['component:pricing'], consumesApis: [payments]}
`,
    catalog,
  )
  expect(warnings).toEqual([])
  expect(named('basket')).toMatchObject({
    spec: { team: 'buying', system: 'storefront', dependsOn: ['pay-gate', 'pricing'] },
  })
})

const one = (kind: string, name: string, rest = 'spec: {}') =>
  `apiVersion: backstage.io/v1alpha1\nkind: ${kind}\nmetadata: {name: ${name}}\n${rest}\n`

test.each([
  { name: 'Orders_API.v2', kind: 'Component', expected: 'orders-api-v2' },
  { name: 'orders', kind: 'API', expected: 'orders--api' },
  { name: 'a'.repeat(63), kind: 'API', expected: toLabel(`${'a'.repeat(63)}--api`) ?? '' },
])('$kind $name is called $expected, and it is said', ({ name, kind, expected }) => {
  const { named, warnings } = read(one(kind, name))
  expect(named(expected)).toBeDefined()
  expect(isName(expected)).toBe(true)
  expect(warnings.some((each) => each.detail === `${name} is called ${expected} here.`)).toBe(name.includes('_'))
})

test('the same name as component, API and resource is three services', () => {
  const { made, warnings } = read(
    [one('Component', 'orders'), one('API', 'orders'), one('Resource', 'orders')].join('---\n'),
  )
  expect(made.map((each) => isJsonObject(each.metadata) && each.metadata.name)).toEqual([
    ...['orders', 'orders--api', 'orders--resource'],
  ])
  expect(warnings.map((each) => each.detail)).toContain(
    'A component has the same name, so this resource is called orders--resource here.',
  )
})

test('another namespace stands in front', () => {
  const text = `${one('Component', 'ledger').replace('{name: ledger}', '{name: ledger, namespace: payments}')}---
${one('Component', 'shop', 'spec: {dependsOn: [component:payments/ledger, ledger]}')}`
  const { named } = read(text)
  expect(named('shop')).toMatchObject({ spec: { dependsOn: ['payments--ledger'] } })
  expect(named('payments--ledger')).toBeDefined()
})

test.each([
  { text: one('Template', 'new-service'), pointer: '/kind', says: 'Template' },
  {
    text: one('Template', 'x').replace('backstage.io/v1alpha1', 'scaffolder.backstage.io/v1beta3'),
    pointer: '/kind',
    says: 'Leave this document out',
  },
  { text: one('Component', '"../../etc"'), pointer: '/metadata/name', says: 'letters, digits' },
  { text: one('Component', '"..."'), pointer: '/metadata/name', says: '...' },
  { text: one('Component', '{}'), pointer: '/metadata/name', says: '{}' },
])('$text is refused with the reason', ({ text, pointer, says }) => {
  const { faults, made } = read(text)
  expect(made).toEqual([])
  expect(faults).toMatchObject([{ pointer }])
  expect(faults[0]?.detail).toContain(says)
})

test('a location names the files to apply; a user without an address is left out', () => {
  const { made, leftOut, warnings } = read(
    `${one('Location', 'all', 'spec: {targets: [./basket/catalog-info.yaml, ./pricing/catalog-info.yaml]}')}---
${one('User', 'nobody', 'spec: {memberOf: [buying]}')}---
${one('Group', 'buying', 'spec: {type: team, members: [nobody]}')}`,
  )
  expect(leftOut).toEqual([
    { kind: 'Location', name: 'all' },
    { kind: 'Person', name: 'nobody' },
  ])
  expect(warnings.map((each) => each.detail)).toEqual([
    'It lists other files; apply those too: ./basket/catalog-info.yaml, ./pricing/catalog-info.yaml.',
    'nobody has no e-mail address, so nobody could be reached; left out.',
    'Nothing is declared as user:default/nobody yet. Kept as an annotation; apply this again once it is.',
  ])
  expect(made.map((each) => each.spec)).toEqual([{}])
})

test.each([
  ['orders', 'component:default/orders'],
  ['resource:orders-db', 'resource:default/orders-db'],
  ['payments/ledger', 'component:payments/ledger'],
  ['API:Payments/Ledger', 'api:payments/ledger'],
])('the reference %s is %s', (text, full) => {
  const ref = parseRef(text, { kind: 'component', namespace: 'default' })
  expect(ref === null ? null : formatRef(ref)).toBe(full)
})

test('every name becomes a label, always the same one', () => {
  fc.assert(
    fc.property(
      fc.stringMatching(/^[A-Za-z0-9._-]{1,63}$/),
      fc.constantFrom('component', 'api', 'group'),
      (text, kind) => {
        const ref = parseRef(text, { kind, namespace: 'default' })
        const name = ref === null ? null : nameOf(ref)
        expect(name === null ? !/[A-Za-z0-9]/.test(text) || text === '' : isName(name)).toBe(true)
        expect(ref === null ? null : nameOf(ref)).toBe(name)
      },
    ),
  )
})
