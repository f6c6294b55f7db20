// A role that nobody holds, in the whole house: the rota of the policy is paged once, by the way of every page, until somebody takes it.
import { expect, test, vi } from 'vitest'
import { openWorld, type World } from '../../../test/world.ts'

// Each plays half an hour minute by minute, with every job of the product.
vi.setConfig({ testTimeout: 120_000 })

const policyOf = (vacancies: string) =>
  `apiVersion: mainstay.dev/v1\nkind: IncidentPolicy\nmetadata: {name: default}\nspec: {vacancies: ${vacancies}}`

interface Room {
  readonly vacancies: readonly { role: string; rota: string | null; because: string; endedAt: string | null }[]
  readonly alerts: readonly { id: string; title: string; status: string }[]
}
const declare = async (world: World, body: object = {}) =>
  (
    await world.as('responder')<{ id: string }>('POST /api/v1/incidents', {
      title: 'Payments fail',
      severity: 'SEV1',
      ...body,
    })
  ).id
const roomOf = (world: World, id: string) => world.as('viewer')<Room>(`GET /api/v1/incidents/${id}`)
const pages = (world: World) =>
  world
    .newMails()
    .flatMap((mail) => (/nobody is commander of incident 1/.test(mail.subject + mail.text) ? [mail.to] : []))

test('nobody leads: the rota is paged once and stops when somebody takes command', async () => {
  const world = await openWorld({ name: 'vacancies' })
  const ben = await world.signIn('ben')
  await world.apply(policyOf('[{ role: commander, after: 10m, page: { policy: web-on-call } }]'))
  const id = await declare(world)
  await world.forward('9m')
  expect(pages(world)).toEqual([])
  await world.forward('2m')
  expect(pages(world)).toEqual(['ana@shop.example'])
  expect(await roomOf(world, id)).toMatchObject({
    vacancies: [{ role: 'commander', rota: 'policy web-on-call', endedAt: null }],
    alerts: [{ title: 'SEV1, nobody is commander of incident 1: Payments fail', status: 'firing' }],
  })
  const timeline = await world.as('viewer')<{ items: { sentence: string }[] }>(`GET /api/v1/incidents/${id}/timeline`)
  expect(timeline.items.map((each) => each.sentence).join('\n')).toMatch(
    /Nobody is commander since .*: paged policy web-on-call/,
  )
  await ben(`POST /api/v1/incidents/${id}/roles`, { role: 'commander' })
  await world.forward('30m')
  // Who was paged second never was: the role is taken.
  expect(pages(world).filter((to) => to === 'ben@shop.example')).toEqual([])
  const after = await roomOf(world, id)
  expect(after.vacancies).toHaveLength(1)
  expect(after.vacancies[0]?.endedAt).not.toBeNull()
  expect(after.alerts.map((each) => each.status)).toEqual(['resolved'])
  expect(world.troubles).toEqual([])
})

test('nobody is paged for what is no real failure, nor without a rule; without a rota it says so', async () => {
  const world = await openWorld({ name: 'vacancies-none' })
  await declare(world)
  await world.forward('30m')
  expect(pages(world)).toEqual([])
  await world.apply(policyOf('[{ role: commander, severities: [SEV2], after: 5m }]'))
  const drill = await declare(world, { kind: 'drill', severity: 'SEV2' })
  const lone = await declare(world, { severity: 'SEV2' })
  await world.forward('7m')
  expect((await roomOf(world, drill)).vacancies).toEqual([])
  expect((await roomOf(world, lone)).vacancies).toMatchObject([
    { rota: null, because: 'There is nobody to page. It has no team.' },
  ])
  // The one way of its own team.
  const owned = await declare(world, { severity: 'SEV2', services: ['checkout'] })
  await world.forward('7m')
  expect((await roomOf(world, owned)).vacancies).toMatchObject([{ rota: 'policy web-on-call' }])
  expect(world.troubles).toEqual([])
})

test('the policy is refused with the field', async () => {
  const world = await openWorld({ name: 'vacancies-policy' })
  for (const [rule, field] of [
    ['{ role: commander, page: { policy: nobody } }', /nobody/],
    ['{ role: commander, after: soon }', /no duration/],
    ['{ role: commander, page: { policy: web-on-call, team: web } }', /one of policy, schedule and team/],
    ['{ role: boss }', /role/],
  ] as const) {
    const body = { documents: policyOf(`[${rule}]`), manager: 'test' }
    const told = await world
      .as('admin')<{ errors?: unknown[] }>('POST /api/v1/plan', body)
      .then(({ errors = [] }) => JSON.stringify(errors))
      // A refusal says as much in its sentence.
      .catch((error: unknown) => String(error))
    expect(told).toMatch(field)
  }
})
