// What is promised of one message: on record, once, never after it was stopped, and if in doubt twice at most.
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { automation } from '../../kernel/actor.ts'
import { AppError } from '../../kernel/app-error.ts'
import { minute, second } from '../../kernel/duration.ts'
import { formatInstant } from '../../kernel/instant.ts'
import { sql } from '../../platform/database/queries.ts'
import { newId } from '../../platform/ids.ts'
import { openWorld, type World } from '../oncall/testing/world.ts'
import { type DeliveryRow, listAttempts, listDeliveryRows } from './deliveries.store.ts'
import type { ChannelOutcome, NotificationPorts, Outgoing } from './notifications.ports.ts'
import { auditDeliveries } from './usecases/audit-deliveries.ts'
import { deliverMessage } from './usecases/deliver-message.ts'

let world: World
const by = automation('test')
beforeAll(async () => {
  world = await openWorld({ name: 'deliveries', at: '2026-03-02T09:00:00Z' })
  await world.apply(
    ['ana', 'ben']
      .map(
        (name) =>
          `apiVersion: mainstay.dev/v1\nkind: Person\nmetadata: {name: ${name}}\nspec: {email: ${name}@shop.example}\n`,
      )
      .join('---\n'),
  )
})
afterAll(() => world.close())
beforeEach(async () => {
  await world.database.run(
    sql`truncate contacts, notification_rules, deliveries, delivery_attempts, page_notices, bundles, due_work cascade`,
  )
  world.mails.length = 0
  world.entries.length = 0
  world.mailManner = 'accept'
  world.onConnect = null
  await world.moveTo('2026-03-02T09:00:00Z')
})

interface Sent {
  readonly pageId: string
  readonly alertId: string
}
async function page(person = 'ana', severity: 'critical' | 'warning' = 'critical'): Promise<Sent> {
  const [pageId, alertId] = [newId(), newId()]
  const facts = { service: 'nas', severity, summary: 'Disk full', startedAt: world.now(), impact: null, action: null }
  const rest = { runbook: null, change: null, because: 'named in the policy', link: 'http://mainstay.example/x' }
  await world.database.transaction((tx) =>
    world.notifier.sendPage(tx, {
      pageId,
      alertId,
      step: 1,
      person,
      urgency: 'high',
      severity,
      facts: { ...facts, ...rest },
      again: null,
    }),
  )
  return { pageId, alertId }
}
const rows = async (): Promise<readonly DeliveryRow[]> =>
  listDeliveryRows(world.database, { alertId: null, pageId: null, person: null }, null, 500)
const only = async (): Promise<DeliveryRow> => {
  const [first, ...others] = await rows()
  if (first === undefined || others.length > 0) throw new Error('There is not exactly one delivery.')
  return first
}
const attempts = async () =>
  await listAttempts(
    world.database,
    (await rows()).map((row) => row.key),
  )

/** The same room with one channel of the test's own. */
const withMail = (send: (outgoing: Outgoing) => Promise<ChannelOutcome>): NotificationPorts => ({
  ...world.notifications,
  channels: { ...world.notifications.channels, email: { send } },
})

test('a page is planned once, sent once, and every attempt is on record', async () => {
  const { alertId } = await page()
  await world.run()
  expect(world.mails).toHaveLength(1)
  expect(await only()).toMatchObject({ phase: 'sent', attempts: 1, copies: 0, receipt: expect.stringContaining('250') })
  expect(await attempts()).toMatchObject([{ attempt: 1, outcome: 'accepted' }])
  const entry = world.entries.find((each) => each.type === 'delivery.sent')?.entry
  expect(entry?.links).toEqual(
    expect.arrayContaining([
      { kind: 'alert', id: alertId },
      { kind: 'person', id: 'ana' },
    ]),
  )
  expect(await world.database.one(sql`select count(*)::int as left from due_work`)).toEqual({ left: 0 })
})

test('the same page id planned twice is one page', async () => {
  const order = {
    pageId: newId(),
    alertId: newId(),
    step: 1,
    person: 'ana',
    urgency: 'high',
    severity: 'critical',
  } as const
  const facts = { service: 'nas', severity: 'critical', summary: 'x', startedAt: world.now(), impact: null } as const
  const rest = { action: null, runbook: null, change: null, because: 'b', link: 'l' }
  for (const expected of [1, 0]) {
    const plan = await world.database.transaction((tx) =>
      world.notifier.sendPage(tx, { ...order, facts: { ...facts, ...rest }, again: null }),
    )
    expect(plan.deliveries).toBe(expected)
  }
})

test('refused attempts follow at 2, 5, 10 and 20 seconds with one key, then the person is missed', async () => {
  world.mailManner = 'refuse'
  await page()
  await world.run()
  await world.pass(40 * second, second)
  const started = (await attempts()).map((each) => formatInstant(each.startedAt).slice(17, 19))
  expect(started).toEqual(['00', '02', '05', '10', '20'])
  expect(await only()).toMatchObject({ phase: 'failed', copies: 0 })
  expect(world.types().filter((type) => type === 'person.missed')).toHaveLength(1)
})

test('an answer that never comes: the same key once more, never a third time', async () => {
  world.mailManner = 'drop-after-body'
  await page()
  await world.run()
  await world.pass(60 * second, second)
  expect(world.mails).toHaveLength(2)
  const ids = world.mails.map((mail) => [mail.email.messageId, mail.raw.match(/^x-mainstay-key: ?(.*)$/im)?.[1]])
  expect(ids[0]).toEqual(ids[1])
  expect(await only()).toMatchObject({ phase: 'unknown', copies: 2 })
  expect((await attempts()).map((each) => each.outcome)).toEqual(['lost', 'lost'])
})

test('what the mail server refuses for good is not repeated', async () => {
  world.mailManner = 'reject'
  await page()
  await world.run()
  await world.pass(30 * second, second)
  expect(await only()).toMatchObject({ phase: 'failed', attempts: 1 })
})

test('stopped after the claim and before the first byte: nothing leaves', async () => {
  const { alertId } = await page()
  // The acknowledgement commits while the mail server has greeted nobody yet.
  world.onConnect = () =>
    world.database.transaction((tx) =>
      world.notifier.cancelDeliveries(tx, { alertId, because: 'ana acknowledged.', by }),
    )
  await world.run()
  expect(world.mails).toHaveLength(0)
  expect(await only()).toMatchObject({ phase: 'cancelled', stopped: 'ana acknowledged.', attempts: 1 })
  expect(await attempts()).toMatchObject([{ outcome: 'refused', because: 'ana acknowledged.' }])
  await world.pass(30 * second, second)
  expect(world.mails).toHaveLength(0)
})

test('60 races between a stop and a send: no send begins after the stop has committed', async () => {
  let sequence = 0
  const stopped = new Map<string, number>()
  const began = new Map<string, number>()
  const ports = withMail(async ({ key, beforeWrite }) => {
    await beforeWrite()
    began.set(key, ++sequence)
    return { kind: 'accepted', receipt: null }
  })
  // Queries that a send lasts for on this machine, found out on the way: stops are spread around its middle.
  let patience = 8
  for (let round = 0; round < 20; round += 1) {
    await world.forward(2 * minute)
    const pages = await Promise.all(Array.from({ length: 3 }, () => page(round % 2 === 0 ? 'ana' : 'ben', 'critical')))
    const keys = (await rows()).filter((row) => row.phase === 'pending' && row.purpose === 'page')
    await Promise.all([
      ...keys.map((row) => deliverMessage(world.needs, ports, row.key)),
      ...pages.map(async ({ alertId }, index) => {
        // Without sleeping: each waits for other queries of its own.
        const waits = (patience * ((round * 3 + index) % 9)) / 8
        for (let wait = 0; wait < waits; wait += 1) await world.database.now()
        await world.database.transaction((tx) => world.notifier.cancelDeliveries(tx, { alertId, because: 'stop', by }))
        const key = keys.find((row) => row.alertId === alertId)?.key
        if (key !== undefined) stopped.set(key, ++sequence)
      }),
    ])
    const sent = keys.filter((row) => began.has(row.key)).length
    if (sent === 0) patience = Math.min(2 * patience, 2048)
    else if (sent === keys.length) patience /= 2
  }
  expect(stopped.size).toBeGreaterThan(40)
  for (const [key, at] of stopped) expect(began.get(key) ?? 0, key).toBeLessThan(at)
  const sent = [...stopped.keys()].filter((key) => began.has(key)).length
  // Both outcomes have to occur, or the race was none.
  expect(sent).toBeGreaterThan(0)
  expect(sent).toBeLessThan(stopped.size)
})

test('two workers at once send each key once', async () => {
  const [one, two] = [world.worker('one'), world.worker('two')]
  for (let each = 0; each < 10; each += 1) {
    await world.forward(2 * minute)
    await Promise.all([page('ana'), page('ben')])
    await Promise.all([one.drain(), two.drain()])
  }
  const keys = world.mails.map((mail) => mail.raw.match(/^x-mainstay-key: ?(.*)$/im)?.[1])
  expect(keys).toHaveLength(20)
  expect(new Set(keys).size).toBe(20)
})

test('killed between sending and recording: the same key again after the lease, two copies at most', async () => {
  const copies: string[] = []
  const killed = new Error('kill -9')
  const dying = withMail(async ({ key, beforeWrite }) => {
    await beforeWrite()
    copies.push(key)
    return { kind: 'accepted', receipt: null }
  })
  // The process dies with the answer in its hands, before it has written down a word of it.
  const needs = { ...world.needs, database: { ...world.database, run: () => Promise.reject(killed) } }
  await page()
  const { key } = await only()
  await expect(deliverMessage(needs, dying, key)).rejects.toThrow('kill -9')
  expect(await only()).toMatchObject({ phase: 'sending' })
  // Nobody else touches it before the lease is over.
  await world.run()
  expect(copies).toHaveLength(1)
  // It may have left: whoever sent it has longer to say so, in case it was only cut off.
  await world.forward(6 * second)
  await world.run()
  expect(copies).toHaveLength(1)
  await world.forward(3 * second)
  await expect(deliverMessage(needs, dying, key)).rejects.toThrow('kill -9')
  await world.forward(9 * second)
  await deliverMessage(world.needs, dying, key)
  await world.forward(minute)
  await deliverMessage(world.needs, dying, key)
  expect(copies).toEqual([key, key])
  expect(await only()).toMatchObject({ phase: 'unknown', copies: 2 })
  expect((await attempts()).map((each) => each.outcome)).toEqual(['lost', 'lost'])
})

test('a database that is away right after the message left learns of it when it is back: no second copy', async () => {
  await page()
  const { key } = await only()
  let refusals = 0
  const ports = withMail(async (outgoing) => {
    await outgoing.beforeWrite()
    refusals = 3
    return { kind: 'accepted', receipt: '250 taken' }
  })
  const needs = {
    ...world.needs,
    database: {
      ...world.database,
      transaction: ((work) => {
        if (refusals === 0) return world.database.transaction(work)
        refusals -= 1
        return Promise.reject(new AppError('unavailable', 'database.away', 'The database cannot be reached right now.'))
      }) as typeof world.database.transaction,
    },
  }
  await deliverMessage(needs, ports, key)
  expect(refusals).toBe(0)
  expect(await only()).toMatchObject({ phase: 'sent', attempts: 1, copies: 0 })
  await world.forward(minute)
  expect(world.mails).toEqual([])
  expect(await attempts()).toMatchObject([{ attempt: 1, outcome: 'accepted' }])
  expect(world.types().filter((each) => each === 'delivery.sent')).toHaveLength(1)
})

test('killed right after the provider took it: whoever goes on knows that it was taken', async () => {
  const { alertId } = await page()
  const { key } = await only()
  const killed = new Error('kill -9')
  let transactions = 0
  const dying = {
    ...world.needs,
    database: {
      ...world.database,
      transaction: ((work) => {
        transactions += 1
        return transactions === 2 ? Promise.reject(killed) : world.database.transaction(work)
      }) as typeof world.database.transaction,
    },
  }
  await expect(deliverMessage(dying, world.notifications, key)).rejects.toThrow('kill -9')
  expect(await only()).toMatchObject({ phase: 'sending' })
  // Nobody else decides before the lease is over.
  await world.run()
  expect(await only()).toMatchObject({ phase: 'sending' })
  await world.forward(6 * second)
  await world.run()
  expect(world.mails).toHaveLength(1)
  expect(await only()).toMatchObject({ phase: 'sent', attempts: 1, copies: 0, receipt: expect.stringContaining('250') })
  expect(await attempts()).toMatchObject([{ attempt: 1, outcome: 'accepted' }])
  const told = world.entries.filter((each) => each.type === 'delivery.sent')
  expect(told.map(({ entry }) => entry.links?.[0])).toEqual([{ kind: 'alert', id: alertId }])
})

test('a commit whose answer was lost is tried again and tells of the message once', async () => {
  await page()
  const { key } = await only()
  let asks = 0
  const needs = {
    ...world.needs,
    database: {
      ...world.database,
      transaction: (async (work) => {
        asks += 1
        const result = await world.database.transaction(work)
        if (asks === 2) throw new AppError('unavailable', 'database.away', 'The database did not answer.')
        return result
      }) as typeof world.database.transaction,
    },
  }
  await deliverMessage(needs, world.notifications, key)
  expect(world.mails).toHaveLength(1)
  expect(asks).toBe(3)
  expect(await only()).toMatchObject({ phase: 'sent', attempts: 1, copies: 0 })
  expect(world.types().filter((each) => each === 'delivery.sent')).toHaveLength(1)
})

test('killed before the first byte, however often: no copy, and it is sent in the end; the old rows count as written', async () => {
  await page()
  const { key } = await only()
  // The process is gone between its claim and its first byte: the send never ends.
  const dies = () =>
    void deliverMessage(
      world.needs,
      withMail(() => new Promise(() => undefined)),
      key,
    )
  for (let death = 1; death <= 6; death += 1) {
    dies()
    await expect.poll(async () => (await only()).attempts).toBe(death)
    await world.forward(6 * second)
  }
  await deliverMessage(world.needs, world.notifications, key)
  expect(world.mails).toHaveLength(1)
  expect(await only()).toMatchObject({ phase: 'sent', attempts: 7, copies: 0 })
  expect((await attempts()).map((each) => each.outcome)).toEqual([
    ...Array.from({ length: 6 }, () => 'refused'),
    'accepted',
  ])
})

test('cut off from its database right before the first byte, ten times: no attempt of the channel is used up', async () => {
  await page()
  const { key } = await only()
  const away = new AppError('unavailable', 'database.away', 'The database cannot be reached right now.')
  const cutOff = { ...world.needs, database: { ...world.database, maybe: () => Promise.reject(away) } }
  for (let time = 1; time <= 10; time += 1) {
    await deliverMessage(cutOff, world.notifications, key)
    expect(await only()).toMatchObject({ phase: 'pending', attempts: time, copies: 0 })
    await world.forward(second)
  }
  expect(world.mails).toEqual([])
  await world.run()
  expect(world.mails).toHaveLength(1)
  expect(await only()).toMatchObject({ phase: 'sent', attempts: 11, copies: 0 })
})

test('who was overtaken and comes back late sends nothing, and a late receipt still counts', async () => {
  await page()
  const { key } = await only()
  let wake: () => void = () => undefined
  const asleep = new Promise<void>((resolve) => {
    wake = resolve
  })
  let late = 0
  const frozen = deliverMessage(
    world.needs,
    withMail(async ({ beforeWrite }) => {
      await asleep
      await beforeWrite()
      late += 1
      return { kind: 'accepted', receipt: 'late' }
    }),
    key,
  )
  // The claim of the frozen process is visible before the other one looks.
  await expect.poll(async () => (await only()).phase).toBe('sending')
  await world.forward(6 * second)
  await world.run()
  expect(world.mails).toHaveLength(1)
  wake()
  await frozen
  expect(late).toBe(0)
  expect(await only()).toMatchObject({ phase: 'sent', attempts: 2, copies: 0 })
})

test('three messages within a minute, then one bundle; what is worse comes through', async () => {
  for (let each = 0; each < 8; each += 1) await page('ana', 'warning')
  await page('ana', 'critical')
  await world.run()
  expect(world.mails.map((mail) => mail.email.subject)).toHaveLength(4)
  expect(world.mails.filter((mail) => mail.email.subject?.startsWith('Critical'))).toHaveLength(1)
  await world.forward(minute)
  await world.run()
  expect(world.mails.at(-1)?.email.subject).toBe('Warning: 5 alerts on nas')
  expect(world.mails).toHaveLength(5)
})

test('a bundle leaves out what was stopped, and is not sent when nothing is left', async () => {
  const sent: Sent[] = []
  for (let each = 0; each < 5; each += 1) sent.push(await page())
  await world.run()
  for (const { alertId } of sent.slice(3)) {
    await world.database.transaction((tx) => world.notifier.cancelDeliveries(tx, { alertId, because: 'over', by }))
  }
  await world.forward(minute)
  await world.run()
  expect(world.mails).toHaveLength(3)
  expect((await rows()).filter((row) => row.purpose === 'bundle')).toMatchObject([{ phase: 'cancelled' }])
})

test('a page that comes after everything in the bundle was stopped does not wait for it', async () => {
  const sent: Sent[] = []
  for (let each = 0; each < 4; each += 1) sent.push(await page())
  await world.run()
  const stop = (alertId: string) =>
    world.database.transaction((tx) => world.notifier.cancelDeliveries(tx, { alertId, because: 'acknowledged', by }))
  await stop(sent[3]?.alertId ?? '')
  const later = await page()
  await world.forward(minute)
  await world.run()
  expect(world.mails).toHaveLength(4)
  expect((await rows()).find((row) => row.purpose === 'bundle' && row.phase === 'sent')).toBeDefined()
  await stop(later.alertId)
})

test('10 races between the stop of a bundle and a page that would join it: the page is told', async () => {
  for (let round = 0; round < 10; round += 1) {
    await world.database.run(sql`truncate deliveries, delivery_attempts, page_notices, bundles, due_work cascade`)
    world.mails.length = 0
    const sent: Sent[] = []
    for (let each = 0; each < 4; each += 1) sent.push(await page())
    await world.run()
    const alertId = sent[3]?.alertId ?? ''
    const stop = world.database.transaction((tx) =>
      world.notifier.cancelDeliveries(tx, { alertId, because: 'acknowledged', by }),
    )
    await Promise.all([stop, page()])
    await world.forward(minute)
    await world.run()
    expect(world.mails, `round ${round}`).toHaveLength(4)
    await world.forward(2 * minute)
  }
})

test('without a mail server the delivery says so, and the person counts as missed', async () => {
  const ports = withMail(async () => ({
    kind: 'rejected',
    because: 'No mail server is configured (MAINSTAY_SMTP_URL).',
  }))
  await page()
  await deliverMessage(world.needs, ports, (await only()).key)
  expect(await only()).toMatchObject({
    phase: 'failed',
    endedBecause: 'No mail server is configured (MAINSTAY_SMTP_URL).',
  })
  expect(world.types()).toContain('person.missed')
})

test('a delivery that lost its job is found after a minute', async () => {
  await page()
  await world.database.run(sql`delete from due_work`)
  await world.forward(61 * second)
  expect(await auditDeliveries(world.needs)).toBe(1)
  await world.run()
  expect(world.mails).toHaveLength(1)
})
