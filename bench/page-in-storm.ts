// What people wait for while alerts storm: some that are critical and of services of their own are sent in the middle of it, each until
// a webhook of its escalation policy has the page; and for every alert of the storm how long it was open until somebody was told, or
// it joined a page that was out.
import { readFileSync } from 'node:fs'
import path from 'node:path'
import pg from 'pg'
import { grouped, inhibiting } from './parts/alertmanager.ts'
import { print, quantiles, readArguments, round } from './parts/figures.ts'
import { connect } from './parts/http.ts'
import { cpuSeconds } from './parts/processes.ts'
import { demand, type Product, startProduct } from './parts/product.ts'
import { alertOf, serviceOf } from './parts/storm.ts'
import { startMarkSink } from './parts/webhook-sink.ts'

const options = readArguments({
  ...{ alerts: 20_000, keys: 500, seconds: 60, services: 100 },
  // 1: a routing file decides, grouped by service; its rules inhibit.
  ...{ batch: 10, connections: 8, pages: 5, wait: 60, routes: 0, inhibit: 0 },
})

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, Math.max(0, ms)))
const inTime = (ms: number): string => new Date(Date.now() + ms).toISOString()

const sentAt = new Map<string, number>()
const hook = await startMarkSink()
const product = await startProduct({ environment: { MAINSTAY_EGRESS_ALLOW: hook.allow } })
try {
  await declare(product)
  const headers = { authorization: `Bearer ${await product.createKey('storm')}` }
  const pids = [product.serverPid, product.databasePid]
  const [cpu, began] = [cpuSeconds(pids), performance.now()]
  const looking = lookAfterServer(product.url)
  const [posts] = await Promise.all([storm(product.url, headers), urgent(product.url, headers)])
  const stormSeconds = (performance.now() - began) / 1_000
  await told(options.pages)
  await pause(options.wait * 1_000)
  const answers = await looking.end()
  print('page-in-storm', {
    ...options,
    stormSeconds: round(stormSeconds),
    postMs: quantiles(posts),
    urgentFromSentMs: quantiles(waits()),
    urgentMissing: options.pages - waits().length,
    ...(await untilTold(product)),
    aliveMs: quantiles(answers),
    cpuSeconds: round(cpuSeconds(pids) - cpu),
  })
} finally {
  await product.stop()
  await hook.close()
}

async function declare(to: Product): Promise<void> {
  const object = (kind: string, name: string, spec: object): string =>
    JSON.stringify({ apiVersion: 'mainstay.dev/v1', kind, metadata: { name }, spec })
  const policy = (person: string): object => ({
    levels: [{ notify: [{ person }, { webhook: 'board' }], waitFor: '5m' }],
    ...{ repeat: 1, fallbackOwner: person },
  })
  const documents = [
    object('Webhook', 'board', { url: hook.url }),
    object('Person', 'ana', { email: 'ana@shop.example' }),
    object('Team', 'platform', { members: ['ana'] }),
    object('EscalationPolicy', 'platform', policy('ana')),
    ...Array.from({ length: options.pages }, (_, index) => [
      object('Person', `person-${index}`, { email: `person-${index}@shop.example` }),
      object('Team', `team-${index}`, { members: [`person-${index}`] }),
      object('EscalationPolicy', `policy-${index}`, policy(`person-${index}`)),
      object('Service', `urgent-${index}`, { team: `team-${index}`, tier: 1, escalationPolicy: `policy-${index}` }),
    ]).flat(),
    ...Array.from({ length: options.services }, (_, index) =>
      object('Service', serviceOf(index, options.services), {
        team: 'platform',
        tier: 2,
        escalationPolicy: 'platform',
      }),
    ),
  ]
  for (let from = 0; from < documents.length; from += 250)
    await to.apply(documents.slice(from, from + 250).join('\n---\n'))
  if (options.routes === 0 && options.inhibit === 0) return
  const order = { text: grouped('http://127.0.0.1:9/', options.inhibit === 0 ? '' : inhibiting), timing: 'at-once' }
  demand(await to.admin.send('PUT', '/api/v1/routing', order, { 'x-mainstay-csrf': '1' }), 200)
}

/** Each batch leaves when it is due, as long as one of the connections is free. Answers what each was answered after. */
async function storm(url: string, headers: Readonly<Record<string, string>>): Promise<readonly number[]> {
  const connections = Array.from({ length: options.connections }, () => connect(url, headers))
  const [startsAt, began] = [Date.now(), performance.now()]
  const answered: number[] = []
  let next = 0
  const send = async (connection: ReturnType<typeof connect>): Promise<void> => {
    for (let from = next; from < options.alerts; from = next) {
      next += options.batch
      const due = began + (from / options.alerts) * options.seconds * 1_000
      await pause(due - performance.now())
      const endsAt = Date.now() + 4 * 60_000
      const alerts = Array.from({ length: Math.min(options.batch, options.alerts - from) }, (_, index) =>
        alertOf((from + index) % options.keys, { services: options.services, sender: 0 }, { startsAt, endsAt }),
      )
      demand(await connection.send('POST', '/api/v2/alerts', alerts), 200)
      answered.push(performance.now() - Math.max(due, began))
    }
  }
  await Promise.all(connections.map(send))
  for (const each of connections) each.close()
  return answered
}

async function urgent(url: string, headers: Readonly<Record<string, string>>): Promise<void> {
  const connection = connect(url, headers)
  for (let index = 0; index < options.pages; index += 1) {
    await pause((options.seconds * 1_000) / (options.pages + 1))
    const mark = `mark-${index}-end`
    const labels = { alertname: `Down${index}`, service: `urgent-${index}`, severity: 'critical' }
    const alert = { labels, annotations: { summary: `Checkout is down ${mark}` } }
    sentAt.set(mark, performance.now())
    const times = { startsAt: inTime(0), endsAt: inTime(4 * 60_000) }
    demand(await connection.send('POST', '/api/v2/alerts', [{ ...alert, ...times }]), 200)
  }
  connection.close()
}

function waits(): readonly number[] {
  return [...sentAt].flatMap(([mark, at]) => {
    const taken = hook.taken.get(mark)
    return taken === undefined ? [] : [taken - at]
  })
}

async function told(pages: number): Promise<void> {
  const until = performance.now() + 60_000
  while (waits().length < pages && performance.now() < until) await pause(20)
}

/** Asks twenty times a second whether it is alive: what that waits, everybody waits. */
function lookAfterServer(url: string): { end(): Promise<readonly number[]> } {
  const connection = connect(url)
  const answers: number[] = []
  let goesOn = true
  const asked = (async () => {
    while (goesOn) {
      const at = performance.now()
      demand(await connection.send('GET', '/healthz'), 200)
      answers.push(performance.now() - at)
      await pause(50 - (performance.now() - at))
    }
  })()
  // When something else fails first, that is what is to be told.
  asked.catch(() => undefined)
  return {
    end: async () => {
      goesOn = false
      await asked
      connection.close()
      return answers
    },
  }
}

async function untilTold({ dataFolder }: Product): Promise<object> {
  const host = readFileSync(path.join(dataFolder, 'postgres/socket-folder'), 'utf8').trim()
  const owner = new pg.Client({ host, user: 'mainstay', database: 'mainstay' })
  await owner.connect()
  try {
    const { rows } = await owner.query<{ ms: number | null }>(
      `select extract(epoch from told_at - opened_at)::float8 * 1000 as ms from alerts`,
    )
    const ms = rows.flatMap((row) => (row.ms === null ? [] : [row.ms]))
    return { opened: rows.length, untilToldMs: quantiles(ms), untold: rows.length - ms.length }
  } finally {
    await owner.end()
  }
}
