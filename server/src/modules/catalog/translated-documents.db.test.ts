// Documents of other tools through plan and apply, and accounts that become people.
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { backstageTranslator } from '../../integrations/backstage/translator.ts'
import { listConcerning } from '../audit/index.ts'
import { type CatalogWorld, openCatalogWorld } from './catalog.fixture.ts'
import { findPersonByEmail } from './index.ts'
import { welcomePerson } from './usecases/welcome-person.ts'

let world: CatalogWorld
beforeAll(async () => {
  world = await openCatalogWorld('catalog foreign', [backstageTranslator])
})
afterAll(() => world.close())
beforeEach(async () => {
  await world.owner.query('truncate resources, resource_versions')
})

const apply = async (documents: string, more: object = {}) => {
  const answer = await world.call({ method: 'POST', url: '/api/v1/apply', as: 'root', body: { documents, ...more } })
  expect(answer.json()).toMatchObject({ changes: expect.anything() })
  return answer.json().changes as {
    kind: string
    name: string
    action: string
    warnings: { line: number; detail: string }[]
  }[]
}
const service = async (name: string) => (await world.call({ url: `/api/v1/services/${name}` })).json()

const basket = `apiVersion: backstage.io/v1alpha1
kind: Component
metadata: {name: basket}
spec:
  type: service
  lifecycle: production
  owner: buying
  consumesApis: [payments]
`
const rest = `apiVersion: backstage.io/v1alpha1
kind: Group
metadata: {name: buying}
spec: {type: team}
---
apiVersion: backstage.io/v1alpha1
kind: User
metadata: {name: mira}
spec: {profile: {email: mira@bookshop.example}, memberOf: [buying]}
---
apiVersion: backstage.io/v1alpha1
kind: Component
metadata: {name: pay-gate}
spec: {type: service, lifecycle: production, owner: buying, providesApis: [payments]}
`

test('files applied one by one, in an order that no one chose, end as one graph', async () => {
  const [first] = await apply(basket, { manager: 'git:basket' })
  expect(first).toMatchObject({ kind: 'Service', name: 'basket', action: 'create' })
  expect(first?.warnings.map((each) => each.line)).toEqual([8, 7, 4])
  expect(await service('basket')).toMatchObject({ team: null, dependsOn: [] })
  expect((await apply(rest, { manager: 'git:pay' })).map((each) => `${each.kind} ${each.name}`)).toEqual([
    ...['Person mira', 'Team buying', 'Service pay-gate'],
  ])
  expect((await apply(basket, { manager: 'git:basket' })).map((each) => each.action)).toEqual(['update'])
  expect(await service('basket')).toMatchObject({
    team: 'buying',
    dependsOn: [{ service: 'pay-gate', strength: 'hard' }],
    members: [{ name: 'mira' }],
  })
  expect((await apply(basket, { manager: 'git:basket' })).map((each) => each.action)).toEqual(['unchanged'])
})

test('a location is reported, and no fault of another format stops the line numbers', async () => {
  const changes = await apply(`${rest}---
apiVersion: backstage.io/v1alpha1
kind: Location
metadata: {name: all}
spec: {targets: [./basket.yaml]}
`)
  expect(changes.at(-1)).toMatchObject({ kind: 'Location', name: 'all', action: 'unchanged' })
  expect(changes.at(-1)?.warnings[0]?.detail).toContain('./basket.yaml')
  const refused = await world.call({
    method: 'POST',
    url: '/api/v1/plan',
    body: {
      documents: `${rest}---\napiVersion: scaffolder.backstage.io/v1beta3\nkind: Template\nmetadata: {name: x}\nspec: {}`,
    },
  })
  expect(refused.statusCode).toBe(422)
  expect(refused.json().errors).toMatchObject([{ line: 17, column: 1 }])
})

test('the two formats refer to each other in one text', async () => {
  await apply(`apiVersion: mainstay.dev/v1
kind: Team
metadata: {name: buying}
spec: {}
---
${basket}---
apiVersion: mainstay.dev/v1
kind: Service
metadata: {name: front}
spec: {dependsOn: [basket]}
`)
  expect(await service('basket')).toMatchObject({ team: 'buying', dependants: [{ service: 'front' }] })
})

const openSlo = `apiVersion: openslo/v1
kind: Service
metadata: {name: checkout, displayName: Check-out}
spec: {description: Takes the order}
`

test('a service of OpenSLO is declared when nobody did, and follows its own text', async () => {
  const manager = { manager: 'git:slo', prune: true }
  expect((await apply(openSlo, manager)).map((each) => each.action)).toEqual(['create'])
  expect((await apply(openSlo, manager)).map((each) => each.action)).toEqual(['unchanged'])
  await apply(openSlo.replace('Takes', 'Keeps'), manager)
  expect(await service('checkout')).toMatchObject({ displayName: 'Check-out', description: 'Keeps the order' })
})

test('a service that is declared here satisfies OpenSLO as it is', async () => {
  await apply('apiVersion: mainstay.dev/v1\nkind: Service\nmetadata: {name: checkout}\nspec: {tier: 0}', {
    manager: 'git:slo',
  })
  const changes = await apply(openSlo, { manager: 'git:slo', prune: true })
  expect(changes).toMatchObject([{ kind: 'Service', name: 'checkout', action: 'unchanged', warnings: [] }])
  expect(await service('checkout')).toMatchObject({ displayName: 'checkout', tier: 0 })
})

test('every account becomes a person who can be put on call, once', async () => {
  const account = { email: 'Ana.Ruiz@shop.example', name: 'Ana Ruiz' }
  const welcome = () => welcomePerson(world.needs, world.ports, account)
  expect(await Promise.all([welcome(), welcome(), welcome()])).toEqual(['ana-ruiz', 'ana-ruiz', 'ana-ruiz'])
  expect(await welcomePerson(world.needs, world.ports, { email: 'ana.ruiz@other.example', name: '' })).toBe(
    'ana-ruiz-2',
  )
  const read = (await world.call({ url: '/api/v1/resources/people/ana-ruiz' })).json()
  expect(read).toMatchObject({ metadata: { displayName: 'Ana Ruiz' }, spec: { email: 'Ana.Ruiz@shop.example' } })
  expect(read.status.owners).toEqual({ '/metadata/displayName': 'identity', '/spec/email': 'identity' })
  const journal = await listConcerning(world.database, ['person:ana-ruiz'], 0, 10)
  expect(journal.map((each) => each.type)).toEqual(['resource.created'])
})

test('what an account said of itself gives way to what somebody declares, and is never written again', async () => {
  const account = { email: 'dia@shop.example', name: 'Dia' }
  await welcomePerson(world.needs, world.ports, account)
  const person = (name: string) =>
    `apiVersion: mainstay.dev/v1\nkind: Person\nmetadata: {name: dia, displayName: ${name}}\nspec: {email: dia@shop.example, timeZone: Europe/Rome}`
  const git = { manager: 'git:people' }
  const same = await apply(person('Dia'), git)
  expect(same).toMatchObject([{ action: 'update', fields: [{ path: '/spec/timeZone' }] }])
  expect(await apply(person('Dia'), git)).toMatchObject([{ action: 'unchanged' }])
  await welcomePerson(world.needs, world.ports, { email: 'eva@shop.example', name: 'Eva' })
  const other = `apiVersion: mainstay.dev/v1\nkind: Person\nmetadata: {name: eva, displayName: Eva Lindt}\nspec: {email: eva@shop.example}`
  expect(await apply(other, git)).toMatchObject([
    { action: 'update', fields: [{ path: '/metadata/displayName', before: 'Eva', after: 'Eva Lindt', owner: null }] },
  ])
  await welcomePerson(world.needs, world.ports, { email: 'eva@shop.example', name: 'Eva' })
  const read = (await world.call({ url: '/api/v1/resources/people/eva' })).json()
  expect(read.metadata.displayName).toBe('Eva Lindt')
  expect(read.status.owners).toEqual({ '/metadata/displayName': 'git:people', '/spec/email': 'git:people' })
})

test('whoever is declared already is that person, however the address is written', async () => {
  await apply('apiVersion: mainstay.dev/v1\nkind: Person\nmetadata: {name: the-boss}\nspec: {email: boss@shop.example}')
  expect(await welcomePerson(world.needs, world.ports, { email: 'Boss@Shop.example', name: 'B.' })).toBe('the-boss')
  expect((await findPersonByEmail(world.database, 'BOSS@shop.example'))?.name).toBe('the-boss')
  expect(await findPersonByEmail(world.database, 'nobody@shop.example')).toBeNull()
})
