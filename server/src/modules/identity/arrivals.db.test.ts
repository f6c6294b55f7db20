import { afterEach, beforeEach, expect, test } from 'vitest'
import {
  goodPassword,
  type IdentityWorld,
  join,
  openIdentityWorld,
  type Process,
  sessionOf,
  setUp,
  tokenOf,
} from './identity.fixture.ts'
import { createRecoveryLink, createSetupLink } from './usecases/links.ts'

let world: IdentityWorld
let process: Process
beforeEach(async () => {
  world = await openIdentityWorld('arrivals')
  process = await world.startProcess()
})
afterEach(() => world.close())

const setup = (payload: object) => process.call({ method: 'POST', url: '/api/v1/setup', payload })
const signIn = (email: string, password: string, remoteAddress = '10.0.0.1') =>
  process.call({ method: 'POST', url: '/api/v1/session', payload: { email, password }, remoteAddress })
const read = (session: string) => process.call({ method: 'GET', url: '/api/v1/session', session })
const ana = { email: 'Ana@Shop.example', name: 'Ana', password: goodPassword }

test('the first link makes one administrator, once', async () => {
  expect((await process.call({ method: 'GET', url: '/api/v1/setup' })).json()).toEqual({ needed: true, oidc: false })
  const [first, second] = [await createSetupLink(process.needs), await createSetupLink(process.needs)]
  expect(first).toMatch(/^http:\/\/localhost:8420\/setup#[\w-]{43}$/)
  const answers = await Promise.all([
    setup({ token: tokenOf(first ?? ''), ...ana }),
    setup({ token: tokenOf(second ?? ''), ...ana, email: 'eve@shop.example' }),
  ])
  expect(answers.map((answer) => answer.statusCode).sort()).toEqual([201, 403])
  const won = answers.find((answer) => answer.statusCode === 201)
  const cookie = won?.cookies.find((each) => each.name === 'mainstay_session')
  expect(cookie).toMatchObject({ httpOnly: true, sameSite: 'Lax', path: '/' })
  expect((await read(cookie?.value ?? '')).json()).toMatchObject({ person: { role: 'admin', name: 'Ana' } })
  expect(await createSetupLink(process.needs)).toBeNull()
  for (const link of [first, second])
    expect((await setup({ token: tokenOf(link ?? ''), ...ana, email: 'x@shop.example' })).json()).toMatchObject({
      code: 'identity.link-used',
      detail: expect.stringContaining('`mainstay setup-link`'),
    })
  expect((await process.call({ method: 'GET', url: '/api/v1/setup' })).json()).toMatchObject({ needed: false })
})

test('a link that is a day old is none', async () => {
  const link = await createSetupLink(process.needs)
  await world.setClock('1 day')
  expect((await setup({ token: tokenOf(link ?? ''), ...ana })).json()).toMatchObject({ code: 'identity.link-used' })
})

test('an easy password or an unknown zone is refused and leaves the link good', async () => {
  const token = tokenOf((await createSetupLink(process.needs)) ?? '')
  expect((await setup({ token, ...ana, password: 'short' })).json()).toMatchObject({
    code: 'identity.weak-password',
    errors: [{ pointer: '/password' }],
  })
  expect((await setup({ token, ...ana, timeZone: 'America/Nowhere' })).json()).toMatchObject({
    code: 'identity.bad-person',
    errors: [{ pointer: '/timeZone' }],
  })
  expect((await setup({ token, password: goodPassword })).json()).toMatchObject({
    errors: [{ pointer: '/email' }, { pointer: '/name' }],
  })
  expect((await setup({ token, ...ana })).statusCode).toBe(201)
})

test('over TLS the cookie is secure', async () => {
  const safe = await world.startProcess({ publicUrl: 'https://mainstay.example' })
  const token = tokenOf((await createSetupLink(safe.needs)) ?? '')
  const answer = await safe.call({ method: 'POST', url: '/api/v1/setup', payload: { token, ...ana } })
  expect(answer.cookies[0]).toMatchObject({ name: 'mainstay_session', secure: true })
})

test('signing in, whatever the case of the address; a wrong password and a stranger get the same answer', async () => {
  await setUp(process)
  const good = await signIn('ANA@shop.example', goodPassword)
  expect(good.statusCode).toBe(200)
  expect((await read(sessionOf(good))).statusCode).toBe(200)
  const [wrong, stranger] = [
    await signIn('ana@shop.example', 'wrong password 1'),
    await signIn('nobody@shop.example', 'wrong password 1'),
  ]
  const shown = ({ requestId: _, ...rest }: Record<string, unknown>) => rest
  expect(wrong.statusCode).toBe(403)
  expect(shown(wrong.json())).toEqual(shown(stranger.json()))
})

test('forty guesses at once: ten are looked at, in one place or from everywhere', async () => {
  await setUp(process)
  for (const from of [(_: number) => '10.9.9.9', (n: number) => `10.8.0.${n}`]) {
    await world.owner.query('delete from sign_in_attempts')
    const answers = await Promise.all(
      Array.from({ length: 40 }, (_, n) => signIn('ana@shop.example', `guess number ${n}`, from(n))),
    )
    const codes = answers.map((answer) => answer.json<{ code: string }>().code)
    expect(codes.filter((code) => code === 'identity.sign-in-refused').length).toBe(10)
    expect(codes.filter((code) => code === 'identity.too-many-attempts').length).toBe(30)
    expect(answers.find((answer) => answer.statusCode === 429)?.headers['retry-after']).toBe('600')
    // Even the right one is not looked at from there, so that guessing on is useless.
    expect((await signIn('ana@shop.example', goodPassword, from(1))).statusCode).toBe(429)
  }
  expect((await world.journal()).filter((type) => type === 'sign-in.blocked').length).toBe(2)
  await world.setClock('11 minutes')
  expect((await signIn('ana@shop.example', goodPassword, '10.9.9.9')).statusCode).toBe(200)
})

test('guesses from elsewhere do not lock out where somebody has signed in before', async () => {
  await setUp(process)
  expect((await signIn('ana@shop.example', goodPassword, '192.0.2.7')).statusCode).toBe(200)
  for (let n = 0; n < 12; n += 1) await signIn('ana@shop.example', `guess number ${n}`, `10.8.1.${n}`)
  expect((await signIn('ana@shop.example', goodPassword, '10.8.1.99')).statusCode).toBe(429)
  expect((await signIn('ana@shop.example', goodPassword, '192.0.2.7')).statusCode).toBe(200)
})

test('one address that tries many accounts is stopped', async () => {
  const codes: number[] = []
  for (let n = 0; n < 102; n += 1) codes.push((await signIn(`p${n}@shop.example`, 'some password 1')).statusCode)
  expect(codes.slice(0, 100).every((code) => code === 403)).toBe(true)
  expect(codes.slice(100)).toEqual([429, 429])
})

test('stored parameters grow with the next sign-in', async () => {
  await setUp(process)
  const stronger = await world.startProcess({ ports: { passwordCost: { work: 5, blockSize: 8, parallel: 1 } } })
  const stored = async () => (await world.owner.query('select password_hash from people')).rows[0].password_hash
  expect(await stored()).toMatch(/^scrypt\$4\$8\$1\$/)
  const payload = { email: 'ana@shop.example', password: goodPassword }
  expect((await stronger.call({ method: 'POST', url: '/api/v1/session', payload })).statusCode).toBe(200)
  expect(await stored()).toMatch(/^scrypt\$5\$8\$1\$/)
  expect((await signIn('ana@shop.example', goodPassword)).statusCode).toBe(200)
})

test('an invitation sets a password once; a newer one ends it', async () => {
  const { session } = await setUp(process)
  const created = await process.call({
    method: 'POST',
    url: '/api/v1/people',
    session,
    payload: { email: 'ben@shop.example', name: 'Ben', role: 'responder' },
  })
  const { person, invitation } = created.json<{ person: { id: string }; invitation: string }>()
  const again = await process.call({ method: 'POST', url: `/api/v1/people/${person.id}/invitation`, session })
  expect((await setup({ token: tokenOf(invitation), password: goodPassword })).statusCode).toBe(403)
  const token = tokenOf(again.json<{ invitation: string }>().invitation)
  expect((await setup({ token, password: goodPassword })).json()).toMatchObject({
    person: { name: 'Ben', role: 'responder' },
  })
  expect((await setup({ token, password: goodPassword })).statusCode).toBe(403)
  expect(
    (
      await process.call({
        method: 'POST',
        url: '/api/v1/people',
        session,
        payload: { email: 'BEN@shop.example', name: 'B', role: 'viewer' },
      })
    ).json(),
  ).toMatchObject({ code: 'identity.email-taken' })
})

test('a recovery link brings an administrator back and ends what others held', async () => {
  const { session } = await setUp(process)
  const ben = await join(process, session, 'ben@shop.example', 'viewer')
  const link = await createRecoveryLink(process.needs)
  const back = await setup({ token: tokenOf(link), email: 'ben@shop.example', password: 'nine tall herons' })
  expect(back.json()).toMatchObject({ person: { id: ben.id, role: 'admin' } })
  expect((await read(ben.session)).statusCode).toBe(401)
  expect((await signIn('ben@shop.example', 'nine tall herons')).statusCode).toBe(200)
  const late = await createRecoveryLink(process.needs)
  await world.setClock('61 minutes')
  expect((await setup({ token: tokenOf(late), ...ana, email: 'new@shop.example' })).statusCode).toBe(403)
})

test('a new password ends other sessions, not this one', async () => {
  const { session } = await setUp(process)
  const other = sessionOf(await signIn('ana@shop.example', goodPassword))
  const change = (payload: object) => process.call({ method: 'POST', url: '/api/v1/me/password', session, payload })
  expect((await change({ current: 'wrong password 1', next: 'nine tall herons' })).statusCode).toBe(403)
  expect((await change({ current: goodPassword, next: 'ana@shop.example' })).json()).toMatchObject({
    errors: [{ pointer: '/next' }],
  })
  expect((await change({ current: goodPassword, next: 'nine tall herons' })).statusCode).toBe(204)
  expect([(await read(session)).statusCode, (await read(other)).statusCode]).toEqual([200, 401])
})
