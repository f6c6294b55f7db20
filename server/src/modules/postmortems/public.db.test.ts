// The public version: nothing that was withheld leaves, two people let it out, and it can be taken back.
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { automation } from '../../kernel/actor.ts'
import { minute } from '../../kernel/duration.ts'
import { formatInstant, instant, plus } from '../../kernel/instant.ts'
import { applyDocuments } from '../catalog/index.ts'
import { catalogKinds } from '../catalog/kinds/kinds.ts'
import { type IncidentsWorld, openIncidentsWorld } from '../incidents/incidents.fixture.ts'
import { postmortemPolicyKind } from './kinds/postmortem-policy.ts'
import { postmortemsRoom } from './postmortems.module.ts'

let world: IncidentsWorld
const start = instant(Date.UTC(2026, 2, 2, 3))
beforeAll(async () => {
  const accounts = async () => [{ name: 'Root Rootsson', email: 'root@inner.example' }]
  world = await openIncidentsWorld('postmortem_public', (needs, people) => [
    postmortemsRoom(needs, { ...people, accounts }),
  ])
  const person = (name: string, displayName: string) => ({
    kind: 'Person',
    metadata: { name, displayName },
    spec: { email: `${name}@shop.example` },
  })
  const policy = { kind: 'PostmortemPolicy', metadata: { name: 'default' }, spec: { organisation: 'Shop & Söhne' } }
  const documents = [person('ana', 'Ana Ruiz'), person('ben', 'Ben Okri'), policy]
    .map((each) => JSON.stringify({ apiVersion: 'mainstay.dev/v1', ...each }))
    .join('\n---\n')
  const everyone = { kinds: () => [...catalogKinds, postmortemPolicyKind], translators: [], mayChange: () => undefined }
  await applyDocuments(world.needs, everyone, { documents, actor: automation('test') })
})
afterAll(() => world.close())
beforeEach(async () => {
  await world.clear()
  await world.owner.query('truncate postmortems cascade')
  await world.clock.set(start)
})

const call = async (method: 'GET' | 'POST' | 'PUT', path: string, as: string, body?: object) =>
  (await world.call({ method, url: `/api/v1/${path}`, as, ...(body === undefined ? {} : { body }) })).json()
const open = (path: string) => world.call({ url: path })

const hostile = [
  '<script>alert(1)</script><img src=x onerror=alert(1)>',
  '[x](javascript:alert(1)) [y](https://a.example/"onmouseover="alert(1))',
  '```\n</pre><script>alert(2)</script>\n```',
].join('\n\n')

async function published(more: object = {}): Promise<string> {
  const body = {
    title: 'Payments fail',
    severity: 'SEV2',
    services: ['payment'],
    startedAt: formatInstant(plus(start, -20 * minute)),
    ...more,
  }
  const incident = (await call('POST', 'incidents', 'ana', body)).id
  await call('POST', `incidents/${incident}/roles`, 'ana', { role: 'commander' })
  await call('POST', `incidents/${incident}/notes`, 'ben', { text: 'Ben told ana the vault password hunter2.' })
  await call('POST', `incidents/${incident}/transition`, 'ana', { to: 'resolved', note: 'Rolled back by Ana Ruiz.' })
  await world.drain()
  const postmortem = await call('POST', 'postmortems', 'ana', { incident })
  const { id } = postmortem
  const write = async (section: string, text: string) => {
    const now = await call('GET', `postmortems/${id}`, 'ana')
    const { version } = now.sections.find((each: { section: string }) => each.section === section)
    expect((await call('PUT', `postmortems/${id}/sections/${section}`, 'ana', { body: text, version })).id).toBe(id)
  }
  await write(
    'summary',
    `Ana Ruiz saw it; ask ana@shop.example or Root Rootsson.\n\n/timeline\n\nThe vault password hunter2 was read.\n\n${hostile}`,
  )
  await write('lessons', 'Only for us: the margin is 3 %.')
  await write('what-happened', '**Ben** restarted it. /actions is a word here.')
  const { version } = await call('GET', `postmortems/${id}`, 'ana')
  const factors = [{ id: 'a', text: 'Only Ben Okri knew how', kind: 'organisation', leadsTo: [] }]
  await call('PUT', `postmortems/${id}/factors`, 'ana', { factors, version })
  const action = {
    title: 'Ben writes it down',
    kind: 'process',
    owner: 'ben',
    dueAt: formatInstant(plus(start, 60 * minute)),
  }
  await call('POST', `postmortems/${id}/actions`, 'ana', action)
  for (const to of ['review', 'published'])
    await call('POST', `postmortems/${id}/transition`, 'ana', { to, note: 'Read.' })
  return id
}
const choices = {
  title: null,
  sections: ['lessons'],
  parts: [],
  passages: ['vault  password HUNTER2'],
  roles: [{ person: 'ben', role: 'the payment engineer' }],
  noNames: [],
}
const secret = /ana\b|ruiz|\bben\b|okri|rootsson|shop\.example|inner\.example|hunter2|margin|only for us/i

test('prepared, previewed, let out by a second person, frozen, and taken back', { timeout: 60_000 }, async () => {
  const id = await published()
  const path = `postmortems/${id}/public`
  expect(await call('GET', path, 'vic')).toMatchObject({
    prepared: null,
    served: null,
    choices: { parts: ['timeline'] },
  })
  const { prepared } = await call('PUT', path, 'ana', choices)
  expect(prepared).toMatchObject({ by: 'ana', current: true, needsSecond: true, copy: { partial: true } })
  expect(JSON.stringify(prepared.copy)).not.toMatch(secret)

  const preview = (await world.call({ url: `/reviews/preview/${id}`, as: 'vic' })).body
  expect(preview).toContain('the payment engineer')
  const refused = await call('POST', `${path}/approve`, 'ana', { hash: prepared.hash })
  expect(refused).toMatchObject({ code: 'postmortems.second-missing', status: 403 })
  const other = { hash: '0'.repeat(64) }
  expect(await call('POST', `${path}/approve`, 'ben', other)).toMatchObject({ code: 'postmortems.public-changed' })
  const { served } = await call('POST', `${path}/approve`, 'ben', { hash: prepared.hash })
  expect(served).toMatchObject({ by: 'ben', hash: prepared.hash, current: true })

  // Nobody is signed in.
  const address = new URL(served.url).pathname
  const answer = await open(address)
  expect(answer.statusCode).toBe(200)
  expect(answer.headers['cache-control']).toBe('no-store')
  expect(answer.body).not.toMatch(secret)
  expect(answer.body).toContain('Shop &amp; Söhne')
  expect(answer.body).toContain('the incident commander saw it')
  expect(answer.body).toContain('The [withheld] was read.')
  expect(answer.body).not.toMatch(/<script|<img|href="javascript|<[^>]*onmouseover/i)
  expect(answer.body.replace('published on 2026-03-02', '')).toBe(
    preview.replace(' (preview: nobody outside can read it yet)', ', '),
  )

  // What happens inside changes nothing outside.
  await call('POST', `postmortems/${id}/transition`, 'ana', { to: 'review', note: 'A wrong time.' })
  expect((await open(address)).body).toBe(answer.body)
  expect((await call('GET', path, 'ana')).served.current).toBe(false)
  expect(await call('PUT', path, 'ana', choices)).toMatchObject({ code: 'postmortems.not-published' })

  const back = await call('POST', `${path}/withdraw`, 'ben', { reason: 'A customer is named.' })
  expect(back).toMatchObject({ served: null, withdrawn: { by: 'ben', because: 'A customer is named.' } })
  const gone = await open(address)
  expect(gone.statusCode).toBe(404)
  expect(gone.body).not.toContain('Payments fail')
})

test('a corrected version stands at the same address; after a withdrawal the address is another one', async () => {
  const id = await published()
  const path = `postmortems/${id}/public`
  const release = async (title: string) => {
    const { prepared } = await call('PUT', path, 'ana', { ...choices, title })
    return (await call('POST', `${path}/approve`, 'ben', { hash: prepared.hash })).served.url
  }
  const first = await release('First words')
  expect(await release('Better words')).toBe(first)
  expect((await open(new URL(first).pathname)).body).toContain('Better words')
  await call('POST', `${path}/withdraw`, 'ben', { reason: 'Not yet.' })
  expect(await release('Third words')).not.toBe(first)
  expect((await open(new URL(first).pathname)).statusCode).toBe(404)
})

test('what could not be withheld is refused, and nothing is prepared', async () => {
  const id = await published()
  const path = `postmortems/${id}/public`
  const refused = await call('PUT', path, 'ana', { ...choices, passages: ['not written anywhere'] })
  expect(refused).toMatchObject({ code: 'postmortems.public-unsafe', status: 422, errors: [{ pointer: '/passages' }] })
  expect((await call('GET', path, 'ana')).prepared).toBeNull()
})

test('of a restricted incident nobody else learns', async () => {
  const id = await published({ kind: 'security' })
  expect((await call('GET', `postmortems/${id}/public`, 'vic')).code).toBe('postmortems.unknown')
  expect((await world.call({ url: `/reviews/preview/${id}`, as: 'vic' })).statusCode).toBe(404)
  expect((await open('/reviews/nothing')).statusCode).toBe(404)
})
