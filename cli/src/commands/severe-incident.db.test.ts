// A whole SEV1 by the command line alone, against a real server that knows the demo shop: from the first word over customers'
// mail to an action that its signal proves. Two people, each with a key of their own.

import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { startMailSink } from '../../../examples/sinks/mail-sink.ts'
import { sql } from '../../../server/src/platform/database/queries.ts'
import { installClock } from '../../../server/test/clock.ts'
import { openTestDatabase } from '../../../server/test/database.ts'
import { openTestServer } from '../testing/test-server.ts'
import { createTestShell } from '../testing/test-shell.ts'

// Jobs of the server run in real time, on machines that may be slow.
vi.setConfig({ testTimeout: 300_000 })
const patience = { timeout: 120_000, interval: 250 }
const minuteMs = 60_000

const shop = readFileSync(path.resolve(import.meta.dirname, '../../../examples/definitions/shop.yaml'), 'utf8')
const more = `---
apiVersion: openslo/v1
kind: SLO
metadata: { name: payments-taken }
spec:
  service: payment
  indicator: {metadata: {name: payments}, spec: {ratioMetric: {good: {metricSource: {type: push, spec: {series: a}}}, total: {metricSource: {type: push, spec: {series: b}}}}}}
  timeWindow: [{ duration: 1h, isRolling: true }]
  budgetingMethod: Occurrences
  objectives: [{ target: 0.99 }]
---
apiVersion: mainstay.dev/v1
kind: StatusPage
metadata: { name: shop, displayName: The shop }
spec:
  visibility: public
  components: [{ name: pay, title: Paying, services: [payment] }]
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
  const [database, mails] = await Promise.all([openTestDatabase('severe-incident'), startMailSink()])
  const clock = await installClock(database.connection)
  const { server, close } = await openTestServer(database, {
    MAINSTAY_SMTP_URL: `smtp://127.0.0.1:${mails.port}`,
    MAINSTAY_EGRESS_ALLOW: `smtp=127.0.0.1/32:${mails.port}`,
  })
  onTestFinished(async () => {
    await close()
    await mails.stop()
  })
  const mailOf = (to: string, subject: RegExp): string =>
    mails.list().find((mail) => mail.to.includes(to) && subject.test(mail.subject))?.text ?? ''

  /** Whoever has a one-time link sets a password, signs in and makes a key for the terminal. */
  const keyOf = async (link: string, account: object): Promise<string> => {
    const token = /#([\w-]{20,100})/.exec(link)?.[1] ?? ''
    const signed = await ask('POST', '/api/v1/setup', { token, password: 'nine slow herons', ...account }, {})
    const cookie = signed.headers
      .getSetCookie()
      .map((each) => each.split(';')[0])
      .join('; ')
    const made = await ask('POST', '/api/v1/keys', { name: 'terminal', role: 'responder', scopes: ['*'] }, { cookie })
    return JSON.parse(made.text).token
  }
  const ask = async (method: string, where: string, body: object, headers: Record<string, string>) => {
    const reply = await fetch(`${server.url}${where}`, {
      method,
      headers: { 'content-type': 'application/json', 'x-mainstay-csrf': '1', ...headers },
      body: JSON.stringify(body),
    })
    const text = await reply.text()
    expect({ where, status: reply.status, text }).toMatchObject({ status: expect.toSatisfy((code) => code < 300) })
    return { text, headers: reply.headers }
  }
  const admin = await server.createKey({ name: 'setup', role: 'admin', scopes: ['*'] })
  const authorization = `Bearer ${admin}`
  const invite = async (email: string, display: string) =>
    JSON.parse(
      (await ask('POST', '/api/v1/people', { email, name: display, role: 'responder' }, { authorization })).text,
    ).invitation
  const tokens = {
    ana: await keyOf(await invite('ana@shop.example', 'Ana Ruiz'), {}),
    ben: await keyOf(await invite('ben@shop.example', 'Ben Okafor'), {}),
    setup: admin,
  }
  type Who = keyof typeof tokens
  const shells = new Map(
    Object.entries(tokens).map(([who, token]) => [
      who,
      createTestShell({ environment: { MAINSTAY_URL: server.url, MAINSTAY_TOKEN: token } }),
    ]),
  )
  const shellOf = (who: Who) => {
    const shell = shells.get(who)
    if (shell === undefined) throw new Error(`Nobody is ${who}.`)
    return shell
  }
  /** As somebody types it; quotes hold words together. It works unless another end is named. */
  const by =
    (who: Who) =>
    async (line: string, code = 0): Promise<string> => {
      const words = [...line.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare ?? '')
      const said = await shellOf(who).run(...words)
      expect({ line, code: said.code, said: `${said.out}${said.err}` }).toMatchObject({ code })
      return `${said.out}${said.err}`
    }
  const eventually = (line: string, shown: RegExp) =>
    expect.poll(async () => (await shellOf('ana').run(...line.split(' '))).out, patience).toMatch(shown)
  const { database: shared } = server.house.needs
  const looks = async () =>
    (
      await shared.one(
        sql<{ due: number }>`select count(*)::int as due from due_work
          where kind = 'incidents.verify-mitigation' and due_at <= mainstay_now()`,
      )
    ).due
  /** What the shop's machines report, a minute of theirs at a time, each looked at, until the terminal shows it. */
  const measured = async (good: number, bad: number, line: string, shown: RegExp) => {
    await expect
      .poll(async () => {
        const at = new Date(await clock.now()).toISOString()
        const counts = [{ objective: 'payments-taken', at, good, bad }]
        await ask('POST', '/api/v1/telemetry/counts', { counts }, { authorization })
        await clock.forward(minuteMs)
        await expect.poll(looks, patience).toBe(0)
        return (await shellOf('ana').run(...line.split(' '))).out
      }, patience)
      .toMatch(shown)
  }
  const readPage = async () => (await fetch(`${server.url}/status/shop`)).text()
  const subscribe = async (email: string) => {
    await expect.poll(async () => (await fetch(`${server.url}/status/shop`)).status, patience).toBe(200)
    const form = { 'content-type': 'application/x-www-form-urlencoded' }
    const asked = { method: 'POST', headers: form, body: new URLSearchParams({ email }) }
    expect((await fetch(`${server.url}/status/shop/subscribe`, asked)).status).toBeLessThan(400)
    await expect.poll(() => mailOf(email, /^Confirm/), patience).toContain('/status/confirm/')
    const confirm = /\/status\/confirm\/\S+/.exec(mailOf(email, /^Confirm/))?.[0] ?? ''
    expect((await fetch(`${server.url}${confirm}`, { method: 'POST' })).status).toBe(200)
  }
  return { clock, by, eventually, measured, mailOf, readPage, subscribe, home: shellOf('setup').home }
}

test('a SEV1 from the first word to an action that is proven, with nothing but a terminal', async () => {
  const { clock, by, eventually, measured, mailOf, readPage, subscribe, home } = await openShop()
  const [ana, ben] = [by('ana'), by('ben')]
  writeFileSync(path.join(home, 'shop.yaml'), `${shop}\n${more}`)
  await by('setup')('apply -f shop.yaml --yes')
  await subscribe('customer@example.org')

  // Declared by a sentence; what is declared about a SEV1 happens by itself.
  expect(await ana('incident severities --service payment')).toMatch(/Proposed: SEV\d/)
  expect(await ana('incident declare "Nobody can pay" --severity SEV1 --service payment')).toContain('incident 1')
  await ana('alerts send "Payments fail" --service payment --severity critical --key pay')
  await eventually('incident show 1', /Payments fail/)
  await eventually('workflow runs 1', /all-hands .*approval/)
  expect(await ana('incident show 1')).toContain('https://meet.example.com/incident-1')

  // Led: roles are taken, offered and accepted; only who was asked answers.
  await ana('incident role 1 commander')
  await ana('incident offer 1 comms ben')
  expect(await ana('incident show 1')).toContain('communications-lead to Ben Okafor by Ana Ruiz')
  await ana('incident accept 1 comms', 4)
  expect(await ben('incident accept 1 comms -o json')).toContain('"person": "ben"')
  await ana('incident offer 1 commander ben')
  await ben('incident decline 1 commander')
  expect(await ana('incident show 1')).toMatch(/Roles +commander: Ana Ruiz, communications-lead: Ben Okafor/)
  await ana('ack 1')

  // What is known, suspected and done.
  await ana('incident note 1 "The lock on payments is held by a migration"')
  await ana('incident add 1 hypothesis "The migration holds a lock"')
  await ana('incident item 1 1 --for "It began with the migration"')
  await ana('incident item 1 1 confirmed', 1)
  await ana('incident item 1 1 confirmed --reason "The lock is its own"')
  await ana('incident add 1 task "Call the card network" --owner ben')
  await ben('incident item 1 2 done')
  await ana('incident add 1 mitigation "Migration cancelled" --verify payments-taken --hold 2m --within 60m')
  const [run] = JSON.parse(await ana('workflow runs 1 -o json')) as { id: string }[]
  await ana(`workflow approve ${run?.id} 2 --text "Nobody can pay. We cancel a migration."`)
  await eventually('workflow runs 1', /all-hands .*done/)

  // Customers read it, and hear of it by mail.
  expect(await ben('status tell shop 1 --draft')).toContain('Paying')
  await ben('status tell shop 1 "Payments fail. We know why and are on it."')
  expect(await ana('status list')).not.toMatch(/operational/i)
  await expect.poll(() => mailOf('customer@example.org', /^(?!Confirm)/), patience).toContain('Payments fail.')
  await expect.poll(readPage, patience).toContain('Payments fail. We know why')
  await ana('incident severity 1 SEV2 --reason "Half of the payments work again"')
  await ana('incident severity 1 SEV1 --reason "They fail again"')

  // It works when it is measured, not when somebody hopes so.
  await measured(60, 40, 'incident work 1', /mitigation +\S* ?started .*40 % of events are bad/)
  await measured(100, 0, 'incident work 1', /mitigation +\S* ?verified .*Within its budget for 2 min in a row/)
  await ana('incident mitigate 1 --note "The migration is cancelled, payments work"')
  await ben('incident update 1 "Payments work again. We watch them."')
  expect(await ana('incident updates 1')).toMatch(/2 +company .*Payments work again\. We watch them\./)
  expect(await ana('incident update 1 --to executives --propose "Two hours in all."')).toMatch(/incident approve 1 1/)
  expect(await ana('incident updates 1')).toMatch(/Waits for approval, number 1, to executives, by you: Two hours/)
  expect(await ben('incident approve 1 1')).toMatch(/^Update 3 is out\./)
  await ana('alerts resolve 1 --note "The lock is gone"')
  await ana('incident call 1 --over')
  await ben('status tell shop 1 "Paying works again." --state resolved')
  await eventually('status list', /operational/i)
  await expect.poll(() => mailOf('customer@example.org', /^(?!Confirm)/), patience).toContain('Paying works again.')
  const impact = 'incident impact 1 "Every second payment failed." --span payment=40m/30m -o json'
  expect(JSON.parse((await ana(impact)).replace(/Written down\.\n$/, ''))).toMatchObject({
    minutes: 10,
    derived: false,
  })
  await ana('incident resolve 1 --note "Payments work for 30 minutes"')
  expect(await ana('incident show 1')).toMatch(/State +\S* ?resolved/i)
  expect(await ana('incident export 1')).toContain('Nobody can pay. We cancel a migration.')
  const [first] = JSON.parse(await ana('incident timeline 1 -o json')) as { id: number; sentence: string }[]
  await ana(`incident place 1 ${first?.id} 45m --reason "The graph shows it"`)
  await ana('incident work 1 --open')

  // Learnt from: drafted from the facts, written, reviewed, published.
  await eventually('postmortem show 1', /State +\S* ?draft/i)
  await ana('postmortem review 1', 1)
  await ana('postmortem write 1 summary "A migration held a lock, and nobody could pay for half an hour."')
  await ben('postmortem write 1 lessons "Migrations need a lock timeout."')
  await ana('postmortem factor 1 "Migrations run without a lock timeout" --kind latent')
  await ana('postmortem factor 1 "A migration at noon" --kind trigger --leads-to f1')
  await ana('action add 1 "Set a lock timeout" --owner ana --alert "Payments fail" --service payment --for 1h')
  await ana('postmortem review 1')
  await ana('postmortem ask 1 ben')
  await ben('postmortem request-changes 1 --reason "Say how long it took to be seen"')
  expect(await ben('postmortem comments 1')).toContain('Nobody has commented on it.')
  expect(await ben('postmortem comment 1 --section went-badly "Who saw it first?"')).toContain('it is comment 1')
  expect(await ana('postmortem comments 1 --open')).toMatch(/1 +went-badly +ben +.* no +Who saw it first\?/)
  await ana('postmortem answer 1 7', 2)
  expect(await ana('postmortem answer 1 1')).toContain('Comment 1 is answered.')
  expect(await ana('postmortem comments 1 --open')).toContain('No comment waits for an answer.')
  expect(await ana('postmortem answer 1 1 --again')).toContain('open again')
  await ana('postmortem answer 1 1')
  expect(JSON.parse(await ana('postmortem comments 1 -o json'))).toMatchObject([
    { number: 1, section: 'went-badly', by: 'ben', resolved: { by: 'ana' } },
  ])
  await ana('postmortem return 1 --note "Say how long it took to be seen"')
  await ana('postmortem write 1 went-badly "It was seen after 10 minutes." --add')
  await ana('postmortem review 1')
  const versions = JSON.parse(await ana('postmortem versions 1 -o json')) as { number: number; because: string }[]
  const [latest] = versions
  expect(versions.length).toBeGreaterThan(0)
  expect(await ana(`postmortem version 1 ${latest?.number}`)).toContain('A migration held a lock')
  await ana('postmortem version 1 newest', 2)
  await ana('postmortem write 1 summary "Words that nobody wanted."')
  expect(await ana('postmortem export 1')).toContain('Words that nobody wanted.')
  expect(await ana(`postmortem restore 1 ${latest?.number}`)).toContain(`those of version ${latest?.number}`)
  expect(await ana('postmortem export 1')).toContain('A migration held a lock')
  expect(await ana('postmortem export 1')).not.toContain('Words that nobody wanted.')
  // What was there is a version too, so that nothing is lost by it.
  const [undone] = JSON.parse(await ana('postmortem versions 1 -o json')) as { number: number }[]
  expect(await ana(`postmortem version 1 ${undone?.number}`)).toContain('Words that nobody wanted.')
  await ana('postmortem restore 1 newest', 2)
  expect(await ana('chat room 1')).toContain('It has no room in chat.')
  await ben('postmortem approve 1')
  expect(await ana('postmortem publish 1')).toMatch(/published, hash [0-9a-f]{64}/)
  expect(await ana('postmortem export 1')).toContain('A migration held a lock')
  await ana('postmortem write 1 summary "Other words."', 5)
  // Its day is still to come, so it counts neither way.
  expect(await ana('postmortem compliance')).toContain('No postmortem was due.')

  // Proven by its signal, not by a word.
  await ana('action finish 1 --note "Two seconds since 1.5.0"')
  expect(await ana('postmortem actions --all')).toMatch(/proving/)
  await clock.forward(2 * 3_600_000)
  await eventually('postmortem actions --all', /proven/)
})
