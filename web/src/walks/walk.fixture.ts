// A real Chromium in front of the product: contexts that are signed in, and a watch on everything a page complains about.
import { type APIRequestContext, type Browser, type BrowserContext, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, expect } from 'vitest'
import { type Product, shopDefinitions, startProduct } from './product.fixture.ts'

/** `ana` in the definitions of the shop has the same address, so what she does is done by `ana`. */
export const admin = { name: 'Ana Ruiz', email: 'ana@shop.example', password: 'a sentence long enough to keep' }

export interface Signal {
  readonly dedupKey: string
  readonly summary: string
  readonly service: string
  readonly severity: string
}

export interface World {
  readonly product: Product
  readonly browser: Browser
  /** Strangers: nobody is signed in. */
  stranger(options?: ContextOptions): Promise<BrowserContext>
  /** Signed in as the administrator, who is made on the first call. */
  signedIn(options?: ContextOptions): Promise<BrowserContext>
  /** Declares the demo shop. */
  applyShop(part: 'catalog' | 'everything'): Promise<void>
  raise(signal: Signal): Promise<void>
  ask(method: 'GET' | 'POST' | 'PUT', path: string, data?: unknown): Promise<unknown>
}

type ContextOptions = Parameters<Browser['newContext']>[0]

const flags = [
  ...['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'],
  ...['--disable-background-networking', '--disable-component-update', '--disable-sync'],
]

// How long anything may take to appear on a busy machine before the walk has failed.
const longestWaitMs = 15_000

/** One product and one browser for the file. */
export function openWorld(): () => World {
  let world: World | null = null
  const ends: (() => Promise<void>)[] = []
  beforeAll(async () => {
    const product = await startProduct()
    ends.push(() => product.stop())
    const browser = await chromium.launch({
      executablePath: process.env.MAINSTAY_CHROMIUM ?? '/usr/bin/chromium',
      args: flags,
    })
    ends.push(() => browser.close())
    world = worldOf(product, browser)
  })
  afterAll(async () => {
    for (const end of ends.reverse()) await end()
  })
  return () => {
    if (world === null) throw new Error('The product did not start.')
    return world
  }
}

function worldOf(product: Product, browser: Browser): World {
  let state: Awaited<ReturnType<BrowserContext['storageState']>> | null = null
  let asked: APIRequestContext | null = null
  const open = async (options: ContextOptions = {}) => {
    const context = await browser.newContext({
      baseURL: product.url,
      viewport: { width: 1440, height: 900 },
      locale: 'en-GB',
      timezoneId: 'Europe/Berlin',
      ...options,
    })
    context.setDefaultTimeout(longestWaitMs)
    return context
  }
  const requests = async (): Promise<APIRequestContext> => {
    if (asked !== null) return asked
    const context = await open()
    asked = context.request
    const token = new URL(product.setupUrl).hash.slice(1)
    const known = await asked.get('/api/v1/setup')
    const needed = (await known.json()).needed === true
    const reply = await asked.post(needed ? '/api/v1/setup' : '/api/v1/session', {
      headers: csrf,
      data: needed ? { token, ...admin, timeZone: 'Europe/Berlin' } : { email: admin.email, password: admin.password },
    })
    if (!reply.ok()) throw new Error(await reply.text())
    state = await context.storageState()
    return asked
  }
  const ask: World['ask'] = async (method, path, data) => {
    const reply = await (await requests()).fetch(path, {
      method,
      headers: csrf,
      ...(data === undefined ? {} : { data }),
    })
    if (!reply.ok()) throw new Error(`${method} ${path}: ${await reply.text()}\n${product.log()}`)
    return reply.status() === 204 ? null : reply.json()
  }
  return {
    product,
    browser,
    ask,
    stranger: open,
    signedIn: async (options = {}) => {
      await requests()
      return open({ ...(state === null ? {} : { storageState: state }), ...options })
    },
    applyShop: async (part) => {
      await ask('POST', '/api/v1/apply', { documents: shopDefinitions(part), manager: 'walk' })
    },
    raise: async (signal) => {
      await ask('POST', '/api/v1/signals', { source: 'walk', signals: [signal] })
    },
  }
}

const csrf = { 'x-mainstay-csrf': '1' }

// Chromium writes a line for every refusal. One is an answer: nobody is signed in.
function isAnswer(text: string, url: string): boolean {
  return text.includes('status of 401') && url.endsWith('/api/v1/session')
}

export interface Complaints {
  /** Fails when the page wrote an error, threw, or met the content security policy. */
  expectNone(): void
}

/** Watches from the first script on: open before the first visit. */
export async function watch(page: Page): Promise<Complaints> {
  const heard: string[] = []
  page.on('pageerror', (error) => heard.push(`threw: ${error.message}`))
  page.on('console', (message) => {
    if (message.type() !== 'error' || isAnswer(message.text(), message.location().url)) return
    heard.push(`wrote: ${message.text()} (${message.location().url})`)
  })
  await page.exposeBinding('mainstayViolation', (_, what: string) => heard.push(`policy: ${what}`))
  await page.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', (event) => {
      const tell: unknown = Reflect.get(window, 'mainstayViolation')
      if (typeof tell === 'function') tell(`${event.effectiveDirective} ${event.blockedURI} ${event.sourceFile}`)
    })
  })
  return { expectNone: () => expect(heard).toEqual([]) }
}
