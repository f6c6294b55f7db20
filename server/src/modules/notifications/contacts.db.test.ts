// Contacts from adding to the message that arrives: real receivers, verified by other people's libraries.
import { createECDH, randomBytes } from 'node:crypto'
import ece from 'http_ece'
import { decodeJwt } from 'jose'
import { Webhook } from 'standardwebhooks'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { Actor } from '../../kernel/actor.ts'
import { minute, second } from '../../kernel/duration.ts'
import { sql } from '../../platform/database/queries.ts'
import type { BoundOperation } from '../../platform/http/operation.ts'
import { newId } from '../../platform/ids.ts'
import { ana, openWorld, type World } from '../oncall/testing/world.ts'
import { listDeliveryRows } from './deliveries.store.ts'
import { loadPushKeys } from './index.ts'
import { type HttpReceiver, startReceiver } from './testing/http-receiver.ts'

let world: World
let receiver: HttpReceiver
beforeAll(async () => {
  // The clock of the receiver's library is the machine's.
  world = await openWorld({ name: 'contacts', at: new Date().toISOString() })
  receiver = await startReceiver()
  await world.apply(
    'apiVersion: mainstay.dev/v1\nkind: Person\nmetadata: {name: ana}\nspec: {email: ana@shop.example, timeZone: Europe/Berlin}\n',
  )
})
afterAll(async () => {
  await receiver.close()
  await world.close()
})
beforeEach(async () => {
  await world.database.run(
    sql`truncate contacts, notification_rules, deliveries, delivery_attempts, page_notices, bundles, due_work cascade`,
  )
  world.mails.length = 0
  world.entries.length = 0
  receiver.received.length = 0
  receiver.answer = { status: 201 }
  await world.moveTo(new Date().toISOString())
})

/** One operation as its edge calls it. */
async function call<Reply>(id: string, input: { params?: object; query?: object; body?: unknown; actor?: Actor } = {}) {
  const bound: BoundOperation | undefined = world.rooms
    .flatMap((room) => room.operations ?? [])
    .find((each) => each.operation.id === id)
  if (bound === undefined) throw new Error(`There is no operation ${id}.`)
  const rest = { ifMatch: null, requestId: 'test', signal: new AbortController().signal }
  return (await bound.handle({ params: {}, query: {}, body: {}, actor: ana, ...rest, ...input })) as Reply
}
interface Contact {
  readonly id: string
  readonly kind: string
  readonly label: string
  readonly verified: boolean
}
const contacts = async () => (await call<{ items: Contact[] }>('contacts.list')).items
const add = (body: unknown) => call<{ contact: Contact; secret: string | null }>('contacts.create', { body })

async function page(): Promise<void> {
  const facts = {
    service: 'nas',
    severity: 'critical',
    summary: 'Disk full',
    startedAt: world.now(),
    impact: null,
  } as const
  const rest = { action: null, runbook: null, change: null, because: 'named', link: 'http://mainstay.example/alerts/1' }
  await world.database.transaction((tx) =>
    world.notifier.sendPage(tx, {
      pageId: newId(),
      alertId: newId(),
      step: 1,
      person: 'ana',
      urgency: 'high',
      severity: 'critical',
      facts: { ...facts, ...rest },
      again: null,
    }),
  )
  await world.run()
}

function browser() {
  const ecdh = createECDH('prime256v1')
  const auth = randomBytes(16)
  const p256dh = ecdh.generateKeys('base64url')
  const subscription = { endpoint: `${receiver.url}/push/1`, keys: { p256dh, auth: auth.toString('base64url') } }
  const decrypt = (body: Buffer): unknown =>
    JSON.parse(
      ece
        .decrypt(body, { version: 'aes128gcm', privateKey: ecdh, authSecret: auth.toString('base64url') })
        .toString('utf8'),
    )
  return { subscription, decrypt }
}

test('the address of the catalog is a contact by itself', async () => {
  expect(await contacts()).toMatchObject([{ id: 'email', kind: 'email', label: 'ana@shop.example', verified: true }])
  const other: Actor = { kind: 'person', id: 'ben', name: 'ben', role: 'viewer', teams: [] }
  const seen = await call<{ items: Contact[] }>('contacts.list', { query: { person: 'ana' }, actor: other })
  expect(seen.items.map((each) => each.label)).toEqual(['email'])
})

test('a push is encrypted for the browser, signed by the installation, and replaces its own copy', async () => {
  const { subscription, decrypt } = browser()
  const { contact } = await add({ kind: 'webpush', label: 'Pixel', subscription })
  expect(contact).toMatchObject({ verified: true, label: 'Pixel' })
  await page()
  const [push, ...others] = receiver.received
  expect(others).toEqual([])
  expect(push?.headers).toMatchObject({ ttl: '3600', urgency: 'high', 'content-encoding': 'aes128gcm' })
  expect(push?.headers.topic).toMatch(/^[A-Za-z0-9_-]{32}$/)
  const [, token = '', key] = /^vapid t=([^,]+), k=(\S+)$/.exec(String(push?.headers.authorization)) ?? []
  expect(key).toBe((await loadPushKeys(world.needs, world.notifications)).publicKey)
  expect(await call('webpush.key')).toEqual({ publicKey: key })
  expect(decodeJwt(token)).toMatchObject({ aud: receiver.url, sub: 'mailto:pages@mainstay.example' })
  expect(decrypt(push?.body ?? Buffer.alloc(0))).toMatchObject({
    title: 'Critical: nas – Disk full',
    acknowledge: expect.stringContaining('http://mainstay.example/a/'),
    open: 'http://mainstay.example/alerts/1',
    purpose: 'page',
  })
})

test('a subscription that is gone is never used again, and the mail goes out instead', async () => {
  const { subscription } = browser()
  const { contact } = await add({ kind: 'webpush', subscription })
  await call('rules.replace', { body: { high: [{ delayMs: 0, contact: contact.id }], low: [] } })
  receiver.answer = { status: 410 }
  await page()
  expect(world.mails).toHaveLength(1)
  expect((await contacts()).find((each) => each.id === contact.id)).toMatchObject({
    verified: false,
    disabledBecause: 'The push service answered 410. The subscription is gone.',
  })
  expect(world.types()).toContain('contact.disabled')
  // The browser subscribes again with the same endpoint: it is taken back.
  receiver.answer = { status: 201 }
  expect((await add({ kind: 'webpush', subscription })).contact.verified).toBe(true)
})

test('a webhook is verified by the code it received, and signed as Standard Webhooks say', async () => {
  const { contact, secret } = await add({ kind: 'webhook', url: `${receiver.url}/hook` })
  expect(contact.verified).toBe(false)
  await page()
  // Not verified: the page went by mail alone, and the hook saw only its code.
  expect(world.mails).toHaveLength(1)
  expect(receiver.received).toHaveLength(1)
  const text = receiver.received[0]?.body.toString('utf8') ?? ''
  const code = /(\d{6}) is your Mainstay code/.exec(text)?.[1]
  await expect(
    call('contacts.verify', { params: { id: contact.id }, body: { code: code === '000000' ? '111111' : '000000' } }),
  ).rejects.toMatchObject({ code: 'notifications.wrong-code' })
  expect(await call('contacts.verify', { params: { id: contact.id }, body: { code } })).toMatchObject({
    verified: true,
  })
  await world.forward(2 * minute)
  await world.moveTo(new Date().toISOString())
  await page()
  const hook = receiver.received[1]
  const verified = new Webhook(secret ?? '').verify(hook?.body ?? '', {
    'webhook-id': String(hook?.headers['webhook-id']),
    'webhook-timestamp': String(hook?.headers['webhook-timestamp']),
    'webhook-signature': String(hook?.headers['webhook-signature']),
  })
  expect(verified).toMatchObject({
    specversion: '1.0',
    id: hook?.headers['webhook-id'],
    type: 'dev.mainstay.notification.page',
    source: 'http://mainstay.example',
    data: { summary: 'Disk full', severity: 'critical', person: 'ana', acknowledge: expect.stringContaining('/a/') },
  })
})

test('a receiver that takes the request and says nothing gets the same id once more', async () => {
  const { contact } = await add({ kind: 'webhook', url: `${receiver.url}/hook` })
  await world.database.run(sql`update contacts set verified_at = mainstay_now() where id = ${contact.id}`)
  await call('rules.replace', { body: { high: [{ delayMs: 0, contact: contact.id }], low: [] } })
  await world.run()
  receiver.received.length = 0
  receiver.answer = 'drop'
  await page()
  await world.pass(30 * second, second)
  const ids = receiver.received.map((each) => each.headers['webhook-id'])
  expect(ids).toHaveLength(2)
  expect(new Set(ids).size).toBe(1)
  // Nobody can say whether it arrived, so the next channel of the person tells it too.
  expect(world.mails).toHaveLength(1)
})

test('five wrong guesses end a code; a new one can be asked for', async () => {
  const { contact } = await add({ kind: 'email', email: 'private@ana.example' })
  await world.run()
  const codeOf = () => /(\d{6}) is your/.exec(world.mails.at(-1)?.email.subject ?? '')?.[1] ?? ''
  const good = codeOf()
  const guess = (code: string | undefined) => call('contacts.verify', { params: { id: contact.id }, body: { code } })
  const bad = String((Number(good) + 1) % 1_000_000).padStart(6, '0')
  for (let each = 0; each < 5; each += 1)
    await expect(guess(bad)).rejects.toMatchObject({ code: 'notifications.wrong-code' })
  await expect(guess(good)).rejects.toMatchObject({ code: 'notifications.wrong-code' })
  await guess(undefined)
  await world.run()
  expect(world.mails).toHaveLength(2)
  expect(await guess(codeOf())).toMatchObject({ verified: true })
  expect(world.mails.map((mail) => mail.to)).toEqual(['private@ana.example', 'private@ana.example'])
})

test('the link in a verification confirms it for its own person only', async () => {
  const { contact } = await add({ kind: 'email', email: 'private@ana.example' })
  expect(await world.notifier.confirmContact(contact.id, 'ben')).toBeNull()
  expect(await world.notifier.confirmContact(contact.id, 'ana')).toBe('private@ana.example')
  expect((await contacts()).find((each) => each.id === contact.id)?.verified).toBe(true)
})

test('a test page goes the whole way, and not twice in a breath', async () => {
  expect(await call('contacts.test', { params: { id: 'email' } })).toEqual({
    delivery: expect.stringMatching(/^test:/),
  })
  await expect(call('contacts.test', { params: { id: 'email' } })).rejects.toMatchObject({
    code: 'notifications.tested-just-now',
  })
  await world.run()
  expect(world.mails[0]?.email.subject).toBe('Test page: no action needed')
  const { items } = await call<{ items: object[] }>('deliveries.list', { query: { person: 'ana' } })
  expect(items).toMatchObject([{ purpose: 'test', state: 'sent', attempts: [{ attempt: 1, outcome: 'accepted' }] }])
})

test('rules are kept, checked and told; a removed contact leaves them', async () => {
  const { contact } = await add({ kind: 'webpush', subscription: browser().subscription })
  const rules = {
    high: [
      { delayMs: 0, contact: contact.id },
      { delayMs: 300_000, contact: 'email' },
    ],
    low: [],
  }
  expect(await call('rules.replace', { body: rules })).toMatchObject({ person: 'ana', rules })
  await page()
  await world.pass(5 * minute, minute)
  expect([receiver.received.length, world.mails.length]).toEqual([1, 1])
  await expect(
    call('rules.replace', { body: { high: [{ delayMs: 0, contact: 'x' }], low: [] } }),
  ).rejects.toMatchObject({
    code: 'notifications.rules-refused',
    details: { faults: [{ pointer: '/high/0/contact' }] },
  })
  await call('contacts.delete', { params: { id: contact.id } })
  expect(await call('rules.read')).toMatchObject({ rules: { high: [{ contact: 'email' }], low: [] } })
})

test('what is incomplete, there already, or somebody else’s is refused', async () => {
  await expect(add({ kind: 'email' })).rejects.toMatchObject({ code: 'notifications.contact-incomplete' })
  await expect(add({ kind: 'webhook', url: 'https://x.example', secret: 'short' })).rejects.toMatchObject({
    code: 'notifications.contact-incomplete',
  })
  await add({ kind: 'email', email: 'a@b.example' })
  await expect(add({ kind: 'email', email: 'A@b.example' })).rejects.toMatchObject({
    code: 'notifications.contact-exists',
  })
  const key: Actor = { kind: 'automation', id: 'x', name: 'x' }
  await expect(call('contacts.create', { actor: key, body: {} })).rejects.toMatchObject({
    code: 'notifications.no-person',
  })
  const stored = await world.database.many(sql<{ address: string }>`select address from contacts`)
  expect(JSON.stringify(stored)).not.toContain('b.example')
  expect(await listDeliveryRows(world.database, { alertId: null, pageId: null, person: 'ben' }, null, 5)).toEqual([])
})
