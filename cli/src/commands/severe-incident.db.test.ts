// A whole SEV1 by the command line alone, against a real server: from the first word to an action that its signal proves.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { startServer } from '../../../server/src/app/start-server.ts'
import { installClock } from '../../../server/test/clock.ts'
import { openTestDatabase } from '../../../server/test/database.ts'
import { createTestShell } from '../testing/test-shell.ts'

// Jobs of the server run in real time, on machines that may be slow.
vi.setConfig({ testTimeout: 300_000 })
const patience = { timeout: 120_000, interval: 250 }

const definitions = `apiVersion: mainstay.dev/v1
kind: Person
metadata: { name: ana, displayName: Ana Ruiz }
spec: { email: ana@shop.example }
---
apiVersion: mainstay.dev/v1
kind: Person
metadata: { name: ben, displayName: Ben Okafor }
spec: { email: ben@shop.example }
---
apiVersion: mainstay.dev/v1
kind: Team
metadata: { name: web, displayName: Web }
spec: { members: [ana, ben] }
---
apiVersion: mainstay.dev/v1
kind: Service
metadata: { name: checkout, displayName: Checkout }
spec: { team: web, tier: 1 }
---
apiVersion: mainstay.dev/v1
kind: StatusPage
metadata: { name: shop, displayName: The shop }
spec:
  visibility: public
  components: [{ name: pay, title: Paying, services: [checkout] }]
---
apiVersion: mainstay.dev/v1
kind: Workflow
metadata: { name: all-hands, displayName: All hands }
spec:
  on: [declared]
  when: incident.severity == "SEV1"
  steps:
    - call: { url: "https://meet.example.com/incident-{number}" }
    - update: { audience: company }
`

async function openShop() {
  const database = await openTestDatabase('severe-incident')
  const clock = await installClock(database.connection)
  const folder = mkdtempSync(path.join(tmpdir(), 'mainstay-data-'))
  const { host, port, user, database: name } = database.connection
  const server = await startServer({
    environment: {
      DATABASE_URL: `postgres://${user}@localhost:${port}/${name}?host=${encodeURIComponent(host)}`,
      MAINSTAY_DATA_DIR: folder,
      MAINSTAY_PORT: '0',
    },
    logLevel: 'silent',
  })
  onTestFinished(async () => {
    await server.stop()
    rmSync(folder, { recursive: true, force: true })
    await database.close()
  })
  const token = await server.createKey({ name: 'ana', role: 'admin', scopes: ['*'] })
  const { run, home } = createTestShell({ environment: { MAINSTAY_URL: server.url, MAINSTAY_TOKEN: token } })
  /** As somebody types it; quotes hold words together. It works unless another end is named. */
  const type = async (line: string, code = 0): Promise<string> => {
    const words = [...line.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare ?? '')
    const said = await run(...words)
    expect({ line, code: said.code, said: `${said.out}${said.err}` }).toMatchObject({ code })
    return `${said.out}${said.err}`
  }
  const eventually = (line: string, shown: RegExp) =>
    expect.poll(async () => (await run(...line.split(' '))).out, patience).toMatch(shown)
  return { clock, type, eventually, home }
}

test('a SEV1 from the first word to an action that is proven, with nothing but a terminal', async () => {
  const { clock, type, eventually, home } = await openShop()
  writeFileSync(path.join(home, 'shop.yaml'), definitions)
  await type('apply -f shop.yaml --yes')

  // Declared by a sentence; what is declared about a SEV1 happens by itself.
  expect(await type('incident declare "Nobody can pay" --severity SEV1 --service checkout')).toContain('incident 1')
  await type('alerts send "Payments fail" --service checkout --severity critical --key pay')
  await eventually('incident show 1', /Payments fail/)
  await eventually('workflow runs 1', /all-hands .*approval/)
  expect(await type('incident show 1')).toContain('https://meet.example.com/incident-1')

  // Led: roles, what is known, what is told.
  await type('incident role 1 commander ana')
  await type('incident role 1 comms ben')
  await type('ack 1')
  await type('incident note 1 "The lock on payments is held by a migration"')
  await type('incident add 1 hypothesis "The migration holds a lock"')
  await type('incident add 1 mitigation "Migration cancelled"')
  const [run] = JSON.parse(await type('workflow runs 1 -o json')) as { id: string }[]
  await type(`workflow approve ${run?.id} 2 --text "Nobody can pay. We cancel a migration."`)
  await eventually('workflow runs 1', /all-hands .*done/)
  expect(await type('status tell shop 1 --draft')).toContain('Paying')
  await type('status tell shop 1 "Payments fail. We know why and are on it."')
  expect(await type('status list')).not.toMatch(/operational/i)
  await type('incident severity 1 SEV2 --reason "Half of the payments work again"')
  await type('incident severity 1 SEV1 --reason "They fail again"')
  await type('incident mitigate 1 --note "The migration is cancelled, payments work"')
  await type('incident update 1 "Payments work again. We watch them."')
  await type('alerts resolve 1 --note "The lock is gone"')
  await type('incident call 1 --over')
  await type('status tell shop 1 "Paying works again." --state resolved')
  await eventually('status list', /operational/i)
  await type('incident resolve 1 --note "Payments work for 30 minutes"')
  expect(await type('incident show 1')).toMatch(/State +\S* ?resolved/i)
  expect(await type('incident export 1')).toContain('Nobody can pay. We cancel a migration.')

  // Learnt from: drafted from the facts, written, reviewed, published.
  await eventually('postmortem show 1', /State +\S* ?draft/i)
  await type('postmortem review 1', 1)
  await type('postmortem write 1 summary "A migration held a lock, and nobody could pay for half an hour."')
  await type('postmortem write 1 lessons "Migrations need a lock timeout."')
  await type('postmortem factor 1 "Migrations run without a lock timeout" --kind latent')
  await type('postmortem factor 1 "A migration at noon" --kind trigger --leads-to f1')
  await type('action add 1 "Set a lock timeout" --owner ana --alert "Payments fail" --service checkout --for 1h')
  await type('postmortem review 1')
  await type('postmortem return 1 --note "Say how long it took to be seen"')
  await type('postmortem write 1 went-badly "It was seen after 10 minutes." --add')
  await type('postmortem review 1')
  expect(await type('postmortem publish 1')).toMatch(/published, hash [0-9a-f]{64}/)
  expect(await type('postmortem export 1')).toContain('A migration held a lock')
  await type('postmortem write 1 summary "Other words."', 5)

  // Proven by its signal, not by a word.
  await type('action finish 1 --note "Two seconds since 1.5.0"')
  expect(await type('postmortem actions --all')).toMatch(/proving/)
  await clock.forward(2 * 3_600_000)
  await eventually('postmortem actions --all', /proven/)
})
