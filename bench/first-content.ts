// How long the console's pages take to show their first data in a real Chromium with a cold cache, with 10,000 services,
// 10,000 objectives, 10,000 open alerts and 300 incidents behind them. The clock is the page's own, from its navigation.
import { existsSync } from 'node:fs'
import path from 'node:path'
import { type Browser, chromium } from 'playwright-core'
import { print, quantiles, readArguments } from './parts/figures.ts'
import { cpuSeconds } from './parts/processes.ts'
import { demand, type Product, startProduct } from './parts/product.ts'

const options = readArguments({ objects: 10_000, incidents: 300, loads: 7, width: 1440, keep: 0 })
const csrf = { 'x-mainstay-csrf': '1' }
const name = (index: number) => `svc-${String(index).padStart(5, '0')}`
const batchesOf = (size: number): readonly (readonly number[])[] =>
  Array.from({ length: Math.ceil(options.objects / size) }, (_, batch) =>
    Array.from({ length: Math.min(size, options.objects - batch * size) }, (_, index) => batch * size + index),
  )

// What is waited for: the first of the page's own data, drawn. A heading or a grey bar does not count.
const pages = [
  { label: 'overview', path: '/', first: 'main .needs, main .calm, main .all-calm' },
  { label: 'services', path: '/services', first: 'main .table-row a' },
  { label: 'objectives', path: '/objectives', first: 'main .table-row a' },
  { label: 'alerts', path: '/alerts', first: 'main .table-row a' },
  { label: 'incidents', path: '/incidents', first: 'main .table-row a' },
] as const

async function seed(product: Product): Promise<void> {
  const team = (index: number) => ({
    apiVersion: 'mainstay.dev/v1',
    kind: 'Team',
    metadata: { name: `team-${index}`, displayName: `Team ${index}` },
    spec: {},
  })
  await product.apply(Array.from({ length: 50 }, (_, index) => JSON.stringify(team(index))).join('\n---\n'))
  for (const batch of batchesOf(2_500)) await product.apply(batch.map(service).join('\n---\n'))
  for (const batch of batchesOf(1_000)) await product.apply(batch.map(objective).join('\n---\n'))
  for (const batch of batchesOf(1_000))
    demand(await product.admin.send('POST', '/api/v1/signals', { signals: batch.map(signal) }, csrf), 202)
  for (let index = 0; index < options.incidents; index += 1) {
    const order = { title: `Incident ${index} of the seed`, services: [name(index)], severity: `SEV${1 + (index % 4)}` }
    const { id } = JSON.parse(demand(await product.admin.send('POST', '/api/v1/incidents', order, csrf), 201))
    if (index % 10 > 0)
      demand(await product.admin.send('POST', `/api/v1/incidents/${id}/transition`, { to: 'resolved' }, csrf), 200)
  }
}

const service = (index: number) =>
  JSON.stringify({
    apiVersion: 'mainstay.dev/v1',
    kind: 'Service',
    metadata: { name: name(index), displayName: `Service ${index}`, description: 'One of many.' },
    spec: {
      team: `team-${index % 50}`,
      // Warnings of these page nobody: what is measured is a house that is looked at, not one that pages a person 10,000 times.
      tier: 2 + (index % 2),
      ...(index === 0 ? {} : { dependsOn: [name(Math.floor((index - 1) / 10))] }),
    },
  })

const objective = (index: number) =>
  JSON.stringify({
    apiVersion: 'openslo/v1',
    kind: 'SLO',
    metadata: { name: `${name(index)}-answers`, displayName: `Service ${index} answers` },
    spec: {
      service: name(index),
      indicator: {
        metadata: { name: `${name(index)}-views` },
        spec: {
          ratioMetric: {
            counter: true,
            good: { metricSource: { type: 'push', spec: { series: 'a' } } },
            total: { metricSource: { type: 'push', spec: { series: 'b' } } },
          },
        },
      },
      timeWindow: [{ duration: '30d', isRolling: true }],
      budgetingMethod: 'Occurrences',
      objectives: [{ displayName: 'Answers', target: 0.999 }],
    },
  })

const signal = (index: number) => ({
  dedupKey: `seed-${index}`,
  summary: `Service ${index} answers slowly`,
  severity: index % 200 === 0 ? 'critical' : 'warning',
  service: name(index),
  labels: { cluster: `c${index % 7}`, shard: String(index % 16) },
})

interface Load {
  readonly dataMs: number
  /** Spent from the navigation until then: what a busy machine hardly changes. */
  readonly browserCpuMs: number
  readonly serverCpuMs: number
  readonly paintMs: number
  readonly requests: number
  readonly kilobytes: number
}

// Run in the page. The frame after the next one: what was found has been drawn by then.
const watchFor = (selector: string) => `{
  const look = () =>
    document.querySelector(${JSON.stringify(selector)}) === null
      ? requestAnimationFrame(look)
      : requestAnimationFrame(() => setTimeout(() => { window.firstData = performance.now() }))
  requestAnimationFrame(look)
}`
const figures = `(() => {
  const files = performance.getEntriesByType('resource').filter((each) => each.startTime < window.firstData)
  return {
    dataMs: window.firstData,
    paintMs: performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0,
    requests: files.length,
    kilobytes: files.reduce((sum, each) => sum + each.transferSize, 0) / 1000,
  }
})()`

/** CPU-milliseconds. The browser is whatever lives below this process beside the product. */
function spent({ serverPid, databasePid }: Product): { browser: number; server: number } {
  const server = cpuSeconds([serverPid, databasePid]) * 1000
  const own = process.cpuUsage()
  return { server, browser: cpuSeconds([process.pid]) * 1000 - (own.user + own.system) / 1000 - server }
}

/** After a start the server takes 10,000 objectives over; people mostly meet one that runs. */
async function untilServerRests(product: Product): Promise<void> {
  const began = performance.now()
  for (let look = 0; look < 40; look += 1) {
    const { server } = spent(product)
    await new Promise((resolve) => setTimeout(resolve, 5_000))
    if (spent(product).server - server < 1_500) break
  }
  print('first-content', { label: 'at rest', seconds: Math.round((performance.now() - began) / 1000) })
}

/** A new window draws its own frame for half a second of CPU; whoever opens a page has had theirs open for a while. */
async function untilBrowserRests(product: Product): Promise<void> {
  for (let look = 0; look < 40; look += 1) {
    const { browser } = spent(product)
    await new Promise((resolve) => setTimeout(resolve, 250))
    if (spent(product).browser - browser < 15) return
  }
  throw new Error('The browser does not come to rest within ten seconds of opening a window.')
}

/** A new context for each load: nothing is cached but who is signed in. */
async function load(browser: Browser, product: Product, page: (typeof pages)[number], cookie: string): Promise<Load> {
  const context = await browser.newContext({
    baseURL: product.url,
    viewport: { width: options.width, height: 900 },
    serviceWorkers: 'block',
    // The policy of the page forbids the watch below; it changes nothing of what is loaded.
    bypassCSP: true,
  })
  try {
    await context.addCookies([{ name: 'mainstay_session', value: cookie, url: product.url }])
    const tab = await context.newPage()
    await tab.addInitScript({ content: watchFor(page.first) })
    await untilBrowserRests(product)
    const before = spent(product)
    await tab.goto(page.path, { waitUntil: 'commit' })
    await tab.waitForFunction('window.firstData > 0', null, { timeout: 60_000 })
    const after = spent(product)
    return {
      ...(await tab.evaluate<Omit<Load, 'browserCpuMs' | 'serverCpuMs'>>(figures)),
      browserCpuMs: after.browser - before.browser,
      serverCpuMs: after.server - before.server,
    }
  } finally {
    await context.close()
  }
}

// Seeding takes minutes: BENCH_DATA_DIR keeps what was seeded for the next run.
const dataFolder = process.env.BENCH_DATA_DIR
const isSeeded = dataFolder !== undefined && existsSync(path.join(dataFolder, 'postgres'))
const product = await startProduct(dataFolder === undefined ? {} : { dataFolder, setUp: !isSeeded })
try {
  const began = performance.now()
  if (!isSeeded) {
    await seed(product)
    const seconds = Math.round((performance.now() - began) / 1000)
    print('first-content', { label: 'seeded', objects: options.objects, seconds })
  }
  const account = { email: 'bench@shop.example', password: 'nine slow herons' }
  const signedIn = await product.admin.send('POST', '/api/v1/session', account, csrf)
  const cookie = /mainstay_session=([^;]+)/.exec(String(signedIn.headers['set-cookie']))?.[1] ?? ''
  const browser = await chromium.launch({
    executablePath: process.env.MAINSTAY_CHROMIUM ?? '/usr/bin/chromium',
    args: ['--headless', '--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'],
  })
  try {
    await untilServerRests(product)
    for (const page of pages) {
      // The first load of all warms what a running server has warm: plans, connections, compiled code.
      await load(browser, product, page, cookie)
      const loads: Load[] = []
      for (let each = 0; each < options.loads; each += 1) loads.push(await load(browser, product, page, cookie))
      print('first-content', {
        label: page.label,
        objects: options.objects,
        dataMs: quantiles(loads.map((each) => each.dataMs)),
        paintMs: quantiles(loads.map((each) => each.paintMs)).p50,
        browserCpuMs: quantiles(loads.map((each) => each.browserCpuMs)).p50,
        serverCpuMs: quantiles(loads.map((each) => each.serverCpuMs)).p50,
        requests: loads[0]?.requests,
        kilobytes: Math.round(loads[0]?.kilobytes ?? 0),
      })
    }
    if (options.keep > 0) {
      process.stderr.write(
        `${product.url} stays for ${options.keep} s; sign in as ${account.email} / ${account.password}\n`,
      )
      await new Promise((resolve) => setTimeout(resolve, options.keep * 1000))
    }
  } finally {
    await browser.close()
  }
} finally {
  await product.stop()
}
