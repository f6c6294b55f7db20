// The commands against a real server with a real database: what is printed, and how they exit.

import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { parse } from 'yaml'
import type { RunningServer } from '../../../server/src/app/running-server.ts'
import { openTestDatabase } from '../../../server/test/database.ts'
import { readContexts } from '../connection/contexts.ts'
import { openTestServer } from '../testing/test-server.ts'
import { createTestShell, type TestShellOptions } from '../testing/test-shell.ts'

let server: RunningServer
let token: string
let viewer: string
let close: () => Promise<void>

beforeAll(async () => {
  const opened = await openTestServer(await openTestDatabase('commands'))
  server = opened.server
  close = opened.close
  token = await server.createKey({ name: 'tests', role: 'admin', scopes: ['*'] })
  viewer = await server.createKey({ name: 'onlooker', role: 'viewer', scopes: ['*'] })
})
afterAll(() => close())

function terminal(options: TestShellOptions = {}) {
  return createTestShell({
    ...options,
    environment: { MAINSTAY_URL: server.url, MAINSTAY_TOKEN: token, ...options.environment },
  })
}

const team = `apiVersion: mainstay.dev/v1
kind: Team
metadata: { name: web, displayName: Web }
spec: {}
`
const service = (name: string, tier: number) => `apiVersion: mainstay.dev/v1
kind: Service
metadata: { name: ${name}, displayName: The ${name} }
spec: { team: web, tier: ${tier} }
`
const documents = [team, service('cart', 2), service('checkout', 2)].join('---\n')

test('plan tells, apply does, a second plan finds nothing', async () => {
  const { run } = terminal({ stdin: documents })
  const planned = await run('plan', '-f', '-', '--detailed-exitcode')
  expect(planned.code).toBe(2)
  expect(planned.out).toContain('+ create    Service/cart')
  expect(planned.err).toContain('3 to create, 0 to change, 0 to delete')
  expect((await run('apply', '-f', '-')).err).toContain('3 created')
  expect(await run('plan', '-f', '-', '--detailed-exitcode')).toMatchObject({ code: 0, out: '' })
})

test('get lists services for people and for scripts, data on stdout alone', async () => {
  const { run } = terminal({ stdin: documents })
  await run('apply', '-')
  const table = await run('get', 'services')
  expect(table.out.split('\n')[0]).toMatch(/^NAME +TIER +TEAM +OBJECTIVES/)
  expect(table.out).toMatch(/^cart +2 +web/m)
  expect(table.err).toBe('')
  expect((await run('get', 'svc', '-o', 'name')).out.split('\n')).toContain('service/cart')
  const json: unknown = JSON.parse((await run('get', 'services', '-o', 'json')).out)
  expect(json).toContainEqual(expect.objectContaining({ kind: 'Service', spec: expect.objectContaining({ tier: 2 }) }))
  const lines = (await run('get', 'services', '-o', 'jsonl')).out.trim().split('\n')
  expect(lines.map((line): unknown => JSON.parse(line))).toEqual(json)
})

test('what get prints as YAML can be applied again and changes nothing', async () => {
  const { run } = terminal({ stdin: documents })
  await run('apply', '-')
  const { out } = await run('get', 'service', 'cart', '-o', 'yaml')
  expect(parse(out)).toMatchObject({ kind: 'Service', metadata: { name: 'cart' } })
  const again = terminal({ stdin: out })
  expect(await again.run('plan', '-', '--detailed-exitcode')).toMatchObject({ code: 0 })
})

test('describe shows a service in words', async () => {
  const { run } = terminal({ stdin: documents })
  await run('apply', '-')
  const { out, code } = await run('describe', 'service/cart')
  expect(code).toBe(0)
  expect(out).toContain('The cart · service cart')
  expect(out).toMatch(/Escalation +none: nobody is paged/)
})

test('a mistake is told at its file and line, and nothing is changed', async () => {
  const { run, home } = terminal()
  writeFileSync(path.join(home, 'a.yaml'), service('wish', 2))
  writeFileSync(path.join(home, 'b.yaml'), service('list', 2).replace('tier: 2', 'tier: 9'))
  const { code, err } = await run('apply', 'a.yaml', 'b.yaml')
  expect(code).toBe(1)
  expect(err).toMatch(/b\.yaml:4:\d+ {2}\/spec\/tier {2}/)
  expect((await run('get', 'service', 'wish')).code).toBe(3)
})

test('fields of another manager are not taken without --force', async () => {
  const { run } = terminal({ stdin: [team, service('owned', 2)].join('---\n') })
  await run('apply', '-', '--manager', 'git:one')
  const other = terminal({ stdin: service('owned', 3) })
  expect(await other.run('plan', '-', '--manager', 'git:two')).toMatchObject({ code: 5 })
  expect((await other.run('apply', '-', '--manager', 'git:two')).code).toBe(5)
  expect((await other.run('apply', '-', '--manager', 'git:two', '--force')).err).toContain('1 changed')
})

test('prune needs a manager, and a person or --yes', async () => {
  const manager = ['--manager', 'git:pruned', '--prune']
  const both = terminal({ stdin: [team, service('stays', 2), service('goes', 2)].join('---\n') })
  await both.run('apply', '-', '--manager', 'git:pruned', '--force')
  const one = [team, service('stays', 2)].join('---\n')
  const script = terminal({ stdin: one })
  expect(await script.run('apply', '-', '--prune')).toMatchObject({ code: 2 })
  expect(await script.run('apply', '-', ...manager)).toMatchObject({ code: 2 })
  const person = terminal({ stdin: one, terminal: true, answers: ['no', 'yes'] })
  expect((await person.run('apply', '-', ...manager)).err).toContain('Nothing was changed.')
  expect((await script.run('get', 'service', 'goes')).code).toBe(0)
  expect(await person.run('apply', '-', ...manager)).toMatchObject({ code: 0 })
  expect((await script.run('get', 'service', 'goes')).code).toBe(3)
})

test('delete asks for the name, and never in a script', async () => {
  const { run } = terminal({ stdin: [team, service('old-cart', 2)].join('---\n') })
  await run('apply', '-')
  expect((await run('delete', 'service', 'old-cart')).code).toBe(2)
  const person = terminal({ terminal: true, answers: ['cart', 'old-cart'] })
  expect((await person.run('delete', 'service', 'old-cart')).code).toBe(1)
  expect(await person.run('delete', 'service', 'old-cart')).toMatchObject({ code: 0 })
  expect(await run('delete', 'service', 'old-cart', '--yes')).toMatchObject({ code: 3 })
})

test('a mistyped kind or name gets the nearest one', async () => {
  const { run } = terminal({ stdin: documents })
  await run('apply', '-')
  expect(await run('get', 'servces')).toMatchObject({ code: 3, err: expect.stringContaining('Did you mean services?') })
  expect(await run('get', 'service', 'chekout')).toMatchObject({
    code: 3,
    err: expect.stringContaining('Did you mean checkout?'),
  })
})

test('alerts are taken by number; several at once say which were refused', async () => {
  const { run } = terminal({ stdin: documents })
  await run('apply', '-')
  await fire('first')
  await fire('second')
  const open: unknown = JSON.parse((await run('alerts', 'list', '-o', 'json')).out)
  const numbers = Array.isArray(open) ? open.map((each: { number: number }) => String(each.number)) : []
  expect(numbers.length).toBe(2)
  const [one = '', two = ''] = numbers
  expect(await run('ack', `#${one}`)).toMatchObject({ code: 0, err: expect.stringContaining(`Taken: alert ${one}`) })
  expect((await run('get', 'alerts')).out).toContain('ℹ acknowledged')
  expect((await run('describe', 'alert', one)).out).toContain('Why')
  await run('alerts', 'resolve', two, '--note', 'over')
  const both = await run('ack', one, two)
  expect(both.code).toBe(8)
  expect(both.out).toBe('')
  expect(await run('ack', '99999')).toMatchObject({ code: 3 })
  expect(await run('ack', 'many')).toMatchObject({ code: 2 })
  expect(await run('alerts', 'snooze', one)).toMatchObject({ code: 2 })
  expect(await run('alerts', 'snooze', one, '--for', '30m')).toMatchObject({ code: 0 })
})

async function fire(key: string): Promise<void> {
  const { createClient } = await import('../../../client/src/client.ts')
  const client = createClient({ baseUrl: server.url, token })
  const signals = [{ dedupKey: key, summary: `${key} went wrong`, severity: 'critical', service: 'checkout' }]
  await client['alerts.send']({ body: { signals } })
}

test('an incident is declared, led, written and resolved', async () => {
  const { run } = terminal({ stdin: documents })
  await run('apply', '-')
  const declared = await run('incident', 'declare', 'Checkout', 'fails', '--service', 'checkout', '-o', 'json')
  expect(declared.err).toMatch(/^Declared SEV\d \(.*[^.]\): incident \d+, Checkout fails$/m)
  const { number }: { number: number } = JSON.parse(declared.out)
  const incident = String(number)
  expect(await run('incident', 'note', incident, 'Rolled', 'back')).toMatchObject({ code: 0 })
  expect((await run('incident', 'show', incident)).out).toContain('Rolled back')
  expect((await run('incident', 'severity', incident, 'SEV1')).code).toBe(2)
  expect((await run('incident', 'list')).out).toContain('Checkout fails')
  expect((await run('incident', 'role', incident, 'queen')).code).toBe(2)
})

test('a change is recorded once for its id', async () => {
  const { run } = terminal({ stdin: documents })
  await run('apply', '-')
  const line = ['changes', 'record', '--service', 'cart', '--version', '1.5.0', '--id', 'build-7']
  expect((await run(...line)).err).toContain('Deployed 1.5.0')
  await run(...line)
  const listed: unknown = JSON.parse((await run('changes', 'list', '--service', 'cart', '-o', 'json')).out)
  expect(listed).toHaveLength(1)
  expect((await run('changes', 'record', '--service', 'cartt', '--version', '1')).code).toBe(1)
})

test('an export proves itself, and one changed letter is found offline', async () => {
  const { run, home } = terminal({ stdin: documents })
  await run('apply', '-')
  expect((await run('journal', '--type', 'resource.*')).out).toContain('resource.created')
  expect(await run('audit', 'export', 'journal.jsonl')).toMatchObject({ code: 0 })
  const offline = createTestShell()
  const file = path.join(home, 'journal.jsonl')
  const good = await offline.run('audit', 'verify', file)
  expect(good).toMatchObject({ code: 0, err: expect.stringContaining('The file’s own key'.replace('’', "'")) })
  expect(good.out).toContain('✓ The journal is what was recorded')
  const key = /[^\s]+\+[0-9a-f]{8}\+\S+/.exec(good.err)?.[0] ?? ''
  expect(await offline.run('audit', 'verify', file, '--key', key)).toMatchObject({ code: 0, err: '' })
  const text = readFileSync(file, 'utf8')
  writeFileSync(file, text.replace('"resource.created"', '"resource.updated"'))
  const bad = await offline.run('audit', 'verify', file, '--key', key)
  expect(bad.code).toBe(1)
  expect(bad.out).toContain('NOT what was recorded')
  expect(await run('audit', 'verify', '--server')).toMatchObject({ code: 0 })
})

test('without a good key: exit 4 and the way in; without the right: exit 4 and who can help', async () => {
  const wrong = terminal({ environment: { MAINSTAY_TOKEN: 'mst_wrong' } })
  expect(await wrong.run('get', 'services')).toMatchObject({ code: 4, err: expect.stringContaining('mainstay login') })
  const onlooker = terminal({ environment: { MAINSTAY_TOKEN: viewer }, stdin: documents })
  expect(await onlooker.run('get', 'services')).toMatchObject({ code: 0 })
  expect(await onlooker.run('apply', '-')).toMatchObject({ code: 4 })
})

test('login with a password keeps a key of its own, logout revokes it', async () => {
  const setup = new URL(server.setupUrl ?? '').hash.slice(1)
  const { createClient } = await import('../../../client/src/client.ts')
  const password = 'a lighthouse keeper counts 9 ships'
  await createClient({ baseUrl: server.url })['identity.setup']({
    body: { token: setup, email: 'ana@shop.example', name: 'Ana', password },
  })
  const { run, shell } = createTestShell({
    terminal: true,
    answers: [server.url, 'ana@shop.example', 'wrong', server.url, 'ana@shop.example', password],
  })
  expect(await run('login')).toMatchObject({ code: 4 })
  expect(readContexts(shell).contexts.size).toBe(0)
  expect((await run('login')).err).toContain('as Ana. This is now the context "local"')
  const saved = readContexts(shell).contexts.get('local')
  expect(saved?.token).toMatch(/^mst_/)
  expect(JSON.stringify([...readContexts(shell).contexts])).not.toContain(password)
  const who = await run('whoami')
  expect(who).toMatchObject({ code: 0 })
  expect(who.out).toMatch(/Made by +Ana .*ana@/s)
  expect((await terminal().run('whoami')).out).toMatch(/Key +tests\s+Made by +the server itself\s+Role +admin/)
  expect(await run('get', 'services')).toMatchObject({ code: 0 })
  // A key of one's own acts as oneself; screens say how people are called, commands take their short name.
  await fire('third')
  const open: readonly { number: number; title: string }[] = JSON.parse((await run('alerts', 'list', '-o', 'json')).out)
  const third = String(open.find((each) => each.title.startsWith('third'))?.number)
  await expect.poll(async () => (await run('get', 'person', 'ana')).code).toBe(0)
  expect(await run('ack', third)).toMatchObject({ code: 0 })
  expect((await run('alerts', 'list')).out).toMatch(/acknowledged.*Ana/)
  expect(JSON.parse((await run('alerts', 'show', third, '-o', 'json')).out)).toMatchObject({ acknowledgedBy: 'ana' })
  expect((await run('alerts', 'show', third)).out).toMatch(/Taken by +Ana, .*\n/)
  expect((await run('logout')).err).toContain('and revoked it')
  expect(await run('whoami')).toMatchObject({ code: 4 })
  const stolen = createTestShell({ environment: { MAINSTAY_URL: server.url, MAINSTAY_TOKEN: saved?.token ?? '' } })
  expect(await stolen.run('get', 'services')).toMatchObject({ code: 4 })
})

test('login in a script takes a key and never asks', async () => {
  const script = createTestShell({ stdin: token })
  expect(await script.run('login', '--url', server.url)).toMatchObject({ code: 2 })
  expect(await script.run('login', '--url', server.url, '--token-file', '-', '--name', 'ci')).toMatchObject({ code: 0 })
  expect((await script.run('context', 'list')).out).toContain('* ci')
  expect(
    await createTestShell({ stdin: 'mst_wrong' }).run('login', '--url', server.url, '--token-file', '-'),
  ).toMatchObject({
    code: 4,
  })
})

test('completion asks the server for kinds and names', async () => {
  const { run } = terminal({ stdin: documents })
  await run('apply', '-')
  const complete = async (...words: readonly string[]) =>
    (await run('__complete', '--', ...words)).out.trim().split('\n')
  expect(await complete('get', 'serv')).toEqual(expect.arrayContaining(['services', 'servicelevelagreements']))
  expect(await complete('get', 'service', 'ca')).toEqual(['cart'])
  expect(await complete('alerts', 'list', '--severity', 'c')).toEqual(['critical'])
  expect(await complete('al')).toEqual(['alerts'])
  expect(await complete('get', 'services', '--out')).toEqual(['--output'])
})

test('the doctor finds nothing wrong with a server that is well', async () => {
  const { run } = terminal()
  const { out } = await run('doctor')
  expect(out).toMatch(/good +server: database/)
})
