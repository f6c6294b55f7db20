// One customer of a status page by the command line, against the whole product: its link, what it alone is told, who may see that.
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { RunningServer } from '../../../../server/src/app/running-server.ts'
import { openTestDatabase } from '../../../../server/test/database.ts'
import { openTestServer } from '../../testing/test-server.ts'
import { createTestShell } from '../../testing/test-shell.ts'

const documents = `apiVersion: mainstay.dev/v1
kind: Service
metadata: { name: importer }
spec: { tier: 2 }
---
apiVersion: mainstay.dev/v1
kind: StatusPage
metadata: { name: shop }
spec: { visibility: public, components: [{ name: checkout, title: Checkout }] }
---
apiVersion: mainstay.dev/v1
kind: StatusCustomer
metadata: { name: acme, displayName: Acme }
spec: { page: shop, components: [{ name: checkout }, { name: import, title: Import for Acme, services: [importer] }] }
`
let server: RunningServer
let close: () => Promise<void>
const tokens = new Map<string, string>()
beforeAll(async () => {
  const opened = await openTestServer(await openTestDatabase('status-customers-cli'))
  server = opened.server
  close = opened.close
  for (const role of ['admin', 'responder', 'viewer'] as const)
    tokens.set(role, await server.createKey({ name: role, role, scopes: ['*'] }))
})
afterAll(() => close())

const by = (role: string) =>
  createTestShell({
    stdin: documents,
    environment: { MAINSTAY_URL: server.url, MAINSTAY_TOKEN: tokens.get(role) ?? '' },
  })
const read = async (address: string): Promise<string> => (await fetch(address)).text()

test('a link is made, one customer is told of an incident, and who only reads learns of none', async () => {
  const { run } = by('admin')
  expect(await run('apply', '-f', '-')).toMatchObject({ code: 0 })
  expect((await run('status', 'customers', 'shop')).out).toMatch(/^acme +shop .*none +checkout, import/m)
  const made = await run('status', 'customer', 'link', 'acme')
  const address = made.out.trim()
  expect(address).toMatch(/\/status\/shop\/c\/[\w-]{43}$/)
  expect(made.err).toContain('shown only now')
  expect(await read(address)).toContain('For Acme')

  const { run: lead } = by('responder')
  expect(
    await lead('incident', 'declare', 'Queue imp-7 is stuck', '--severity', 'SEV2', '--service', 'importer'),
  ).toMatchObject({
    code: 0,
  })
  const told = await lead('incident', 'update', '1', '--customer', 'acme', 'Your import is late.')
  expect(told).toMatchObject({ code: 0, err: expect.stringContaining('to acme is out') })
  await expect.poll(() => read(address), { timeout: 60_000 }).toContain('Your import is late.')
  expect(await read(address)).toContain('Problem with Import for Acme')
  expect(await read(`${server.url}/status/shop`)).not.toMatch(/import/i)
  expect((await lead('incident', 'updates', '1')).out).toMatch(/^ +1 +acme /m)
  expect((await lead('incident', 'timeline', '1')).out).toContain(
    'posted update 1 to customer acme: Your import is late.',
  )
  expect((await lead('incident', 'update', '1', '--customer', 'acme', '--to', 'company', 'x')).err).toContain(
    'no customer',
  )
  // The first words have the title; later it is not changed, and that is said.
  const again = ['status', 'tell', 'shop', '1', 'It goes on.', '--customer', 'acme']
  expect(await lead(...again, '--title', 'Another')).toMatchObject({ code: 2, err: expect.stringContaining('--title') })
  expect(await lead(...again)).toMatchObject({ code: 0, err: expect.stringContaining('to acme') })
  await expect.poll(() => read(address), { timeout: 60_000 }).toContain('It goes on.')

  for (const line of [
    ['status', 'customers'],
    ['status', 'customer', 'link', 'acme'],
    ['status', 'customer', 'revoke', 'acme'],
  ])
    expect(await by('viewer').run(...line)).toMatchObject({ code: 4, out: '' })
  expect((await lead('status', 'customer', 'link', 'acme')).code).toBe(4)
  expect((await by('viewer').run('status', 'list', '-o', 'json')).out).not.toMatch(/acme|import/i)
  // Neither what is counted nor what is written down knows the secret.
  const secret = address.split('/').at(-1) ?? ''
  const authorization = `Bearer ${tokens.get('admin')}`
  for (const path of ['/metrics', '/api/v1/journal?limit=200'])
    expect(await (await fetch(`${server.url}${path}`, { headers: { authorization } })).text()).not.toContain(secret)

  expect(await run('status', 'customer', 'revoke', 'acme')).toMatchObject({ code: 0 })
  expect(await read(address)).toBe(await read(`${server.url}/status/no-such-page`))
})
