// The whole way: our edge, the browser, a real provider, egress, our edge again.
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Role } from '../../kernel/actor.ts'
import {
  goodPassword,
  type IdentityWorld,
  join,
  openIdentityWorld,
  type Process,
  setUp,
} from '../../modules/identity/identity.fixture.ts'
import { createEgress } from '../../platform/egress/index.ts'
import { startProvider, type TestProvider, testClient } from './provider.fixture.ts'
import { createSingleSignOn } from './single-sign-on.ts'

const publicUrl = 'http://localhost:8420'
let world: IdentityWorld
let provider: TestProvider
let process: Process
let admin: { session: string; id: string }

beforeEach(async () => {
  provider = await startProvider(`${publicUrl}/api/v1/oidc/callback`)
  world = await openIdentityWorld('oidc')
  process = await startWith({})
  admin = await setUp(process)
})
afterEach(async () => {
  await world.close()
  await provider.close()
})

async function startWith(options: {
  secret?: string
  roleClaim?: string
  roleOf?: Record<string, Role>
  allowed?: boolean
}): Promise<Process> {
  const port = Number(new URL(provider.issuer).port)
  const egress = createEgress({
    policies: (connector) =>
      connector === 'oidc' && options.allowed !== false
        ? { connector, allow: [{ cidr: '127.0.0.1/32', ports: [port], schemes: ['http'] }] }
        : null,
    guard: { ownPorts: () => [], endpoints: () => [] },
    observe: () => undefined,
  })
  return world.startProcess({
    publicUrl,
    ports: {
      singleSignOn: {
        provider: createSingleSignOn({
          issuer: provider.issuer,
          clientId: testClient.id,
          clientSecret: options.secret ?? testClient.secret,
          send: egress.fetch('oidc'),
        }),
        defaultRole: 'viewer',
        roleClaim: options.roleClaim ?? null,
        roleOf: options.roleOf ?? {},
      },
    },
  })
}

const begin = async (at = process, returnTo = '/alerts') => {
  const answer = await at.call({ method: 'GET', url: `/api/v1/oidc/start?returnTo=${encodeURIComponent(returnTo)}` })
  const state = answer.cookies.find((cookie) => cookie.name === 'mainstay_sign_on')
  return { answer, url: String(answer.headers.location), state: state?.value ?? '', cookie: state }
}
const comeBack = async (callback: string, state: string, at = process) => {
  const { pathname, search } = new URL(callback)
  const answer = await at.call({
    method: 'GET',
    url: `${pathname}${search}`,
    headers: { cookie: `mainstay_sign_on=${state}` },
  })
  return {
    answer,
    to: String(answer.headers.location),
    session: answer.cookies.find((cookie) => cookie.name === 'mainstay_session')?.value ?? '',
  }
}
const signOn = async (at = process) => {
  const { url, state } = await begin(at)
  return comeBack(await provider.walk(url), state, at)
}
const who = async (session: string) =>
  (await process.call({ method: 'GET', url: '/api/v1/session', session })).json<{
    person: { id: string; role: string; linked: boolean; email: string; name: string }
  }>().person
const ben = { email: 'ben@shop.example', email_verified: true, name: 'Ben' }

test('a stranger comes in by the provider, and is the same person the next time', async () => {
  expect((await process.call({ method: 'GET', url: '/api/v1/setup' })).json()).toMatchObject({ oidc: true })
  provider.signInAs('ben-1', ben)
  const { url, cookie } = await begin()
  const asked = new URL(url).searchParams
  expect(Object.fromEntries(asked)).toMatchObject({
    response_type: 'code',
    code_challenge_method: 'S256',
    redirect_uri: `${publicUrl}/api/v1/oidc/callback`,
  })
  expect(
    [asked.get('state'), asked.get('nonce'), asked.get('code_challenge')].every((each) => (each ?? '').length >= 43),
  ).toBe(true)
  expect(cookie).toMatchObject({ httpOnly: true, sameSite: 'Lax', path: '/api/v1/oidc', maxAge: 600 })
  const first = await signOn()
  expect(first.to).toBe('/alerts')
  expect(await who(first.session)).toMatchObject({
    email: 'ben@shop.example',
    name: 'Ben',
    role: 'viewer',
    linked: true,
  })
  // The address changed there: the account is what counts.
  provider.signInAs('ben-1', { ...ben, email: 'benjamin@shop.example' })
  const second = await signOn()
  expect((await who(second.session)).id).toBe((await who(first.session)).id)
  expect((await world.journal()).filter((type) => type === 'person.created').length).toBe(2)
})

test('a known address is linked only when the provider vouches for it', async () => {
  const known = await join(process, admin.session, 'ben@shop.example', 'editor')
  provider.signInAs('ben-1', { ...ben, email_verified: false })
  expect((await signOn()).to).toBe('/sign-in?error=identity.sign-on-refused')
  provider.signInAs('ben-1', ben)
  const linked = await signOn()
  expect(await who(linked.session)).toMatchObject({ id: known.id, role: 'editor', linked: true })
  // Somebody else there who got the address later.
  provider.signInAs('ben-2', ben)
  expect((await signOn()).to).toContain('sign-on-refused')
  await process.call({
    method: 'PATCH',
    url: `/api/v1/people/${known.id}`,
    session: admin.session,
    payload: { disabled: true },
  })
  provider.signInAs('ben-1', ben)
  expect((await signOn()).to).toContain('sign-on-refused')
})

test('groups give roles at each sign-in, and never take the last administrator', async () => {
  const mapped = await startWith({ roleClaim: 'groups', roleOf: { sre: 'editor', leads: 'admin' } })
  provider.signInAs('ben-1', { ...ben, groups: ['staff', 'sre'] })
  const first = await signOn(mapped)
  expect(await who(first.session)).toMatchObject({ role: 'editor' })
  provider.signInAs('ben-1', { ...ben, groups: ['staff'] })
  await signOn(mapped)
  expect(await who(first.session)).toMatchObject({ role: 'viewer' })
  provider.signInAs('ana-1', { email: 'ana@shop.example', email_verified: true, groups: [] })
  const ana = await signOn(mapped)
  expect(await who(ana.session)).toMatchObject({ id: admin.id, role: 'admin' })
})

test('an answer counts once, in its own browser, in its time, for its own question', async () => {
  provider.signInAs('ben-1', ben)
  const good = await begin()
  const callback = await provider.walk(good.url)
  expect((await comeBack(callback, '')).to).toContain('sign-on-unknown')
  expect((await comeBack(callback, 'x'.repeat(43))).to).toContain('sign-on-unknown')
  // Somebody else's sign-in in this browser.
  const other = await begin()
  expect((await comeBack(callback, other.state)).to).toContain('sign-on-refused')
  expect((await comeBack(callback, good.state)).to).toBe('/alerts')
  expect((await comeBack(callback, good.state)).to).toContain('sign-on-unknown')

  const late = await begin()
  const lateCallback = await provider.walk(late.url)
  await world.setClock('11 minutes')
  expect((await comeBack(lateCallback, late.state)).to).toContain('sign-on-unknown')
})

test('a changed code, a wrong secret, a cancelled sign-in, a wrong nonce and a wrong issuer are refused', async () => {
  provider.signInAs('ben-1', ben)
  const one = await begin()
  const changed = new URL(await provider.walk(one.url))
  changed.searchParams.set('code', `${changed.searchParams.get('code')}x`)
  expect((await comeBack(changed.href, one.state)).to).toContain('sign-on-refused')

  const two = await begin()
  const wrongIssuer = new URL(await provider.walk(two.url))
  wrongIssuer.searchParams.set('iss', 'https://elsewhere.example')
  expect((await comeBack(wrongIssuer.href, two.state)).to).toContain('sign-on-refused')

  const three = await begin()
  const callback = await provider.walk(three.url)
  await world.owner.query(`update oidc_sign_ins set nonce = 'another'`)
  expect((await comeBack(callback, three.state)).to).toContain('sign-on-refused')

  const four = await begin()
  const verifier = await provider.walk(four.url)
  await world.owner.query(`update oidc_sign_ins set code_verifier = repeat('a', 43)`)
  expect((await comeBack(verifier, four.state)).to).toContain('sign-on-refused')

  provider.cancelNext()
  expect((await signOn()).to).toContain('sign-on-refused')

  const wrongSecret = await startWith({ secret: 'not-the-secret' })
  expect((await signOn(wrongSecret)).to).toContain('sign-on-refused')
  expect((await world.owner.query('select count(*)::int as n from people')).rows[0].n).toBe(1)
})

test('a provider that egress may not reach, or that is down, is named; a password still opens the door', async () => {
  const blocked = await startWith({ allowed: false })
  expect((await begin(blocked)).url).toMatch(/^\/sign-in\?error=egress\./)
  await provider.close()
  const down = await startWith({})
  expect((await begin(down)).url).toMatch(/^\/sign-in\?error=/)
  const answer = await down.call({
    method: 'POST',
    url: '/api/v1/session',
    payload: { email: 'ana@shop.example', password: goodPassword },
  })
  expect(answer.statusCode).toBe(200)
  provider = await startProvider(`${publicUrl}/api/v1/oidc/callback`)
})

test.each([
  ['//evil.example/x', '/'],
  ['https://evil.example', '/'],
  ['/\\evil.example', '/'],
  ['/a\r\nset-cookie: x', '/'],
  ['/services/checkout?tab=slo', '/services/checkout?tab=slo'],
])('after %s the browser goes to %s', async (asked, goes) => {
  provider.signInAs('ben-1', ben)
  const { url, state } = await begin(process, asked)
  expect((await comeBack(await provider.walk(url), state)).to).toBe(goes)
})
