// Alertmanager's API v2, so that Prometheus, amtool, Grafana and karma need no other address. Codes and bodies are theirs.
import { Readable } from 'node:stream'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Actor } from '../../kernel/actor.ts'
import { AppError } from '../../kernel/app-error.ts'
import { formatInstant, type Instant } from '../../kernel/instant.ts'
import { isJsonObject } from '../../kernel/json.ts'
import { isAwayRefusal } from '../../platform/database/away.ts'
import { JsonText, keepJsonText } from '../../platform/http/json-body.ts'
import type { WireDoor } from '../../platform/http/server.ts'
import type { Needs } from '../../platform/room/needs.ts'
import {
  alertText,
  groupTexts,
  hasMatchers,
  isSuppressed,
  type Looked,
  type Seen,
  type Sight,
  seeAlerts,
  seeAlike,
  seesAllAlike,
  showSilence,
  sortSilences,
} from './alertmanager-view.ts'
import type { AlertsPorts } from './alerts.ports.ts'
import {
  type IntakePolicy,
  labelsAsked,
  type Matcher,
  matchesAll,
  parseMatchers,
  probesOf,
  type ReadyMatcher,
  type Routing,
  readMatchers,
  readPattern,
} from './core/index.ts'
import { createKnownAlerts } from './known-alerts.ts'
import { listSources, readOpenAlerts, type ShownAlert } from './open-alerts.store.ts'
import { saveOrphan } from './orphans.store.ts'
import { readDrafts } from './read-drafts.ts'
import { findRouting } from './routing.store.ts'
import { sourceOf } from './signal-source.ts'
import { findHold, findSilence, listMaintenanceHolds, listRecentSilences, loadSilences } from './silences.store.ts'
import { loadRouting } from './usecases/route-alerts.ts'
import { createSilence, editSilence, expireSilence } from './usecases/silence-alerts.ts'
import { intakeNow, takeIn } from './usecases/take-in.ts'
import { takePosted } from './usecases/take-posted.ts'

// Prometheus sends up to 64 alerts in a request; other senders batch more. 4 MiB is 20 times what 64 large ones need.
const bodyLimit = 4 * 1024 * 1024
// Each batch is a transaction: a later one that fails is sent again by the sender, and the earlier ones are known then.
const batch = 1_000
// Without an end of its own an alert holds this long unless repeated: Alertmanager's resolve_timeout.
const policy: IntakePolicy = { assumedLeaseMs: 5 * 60_000 }
/** Shown while no routing file was taken over. */
const plainFile = 'route:\n  receiver: mainstay\nreceivers:\n  - name: mainstay\n'
// The one whose answers these are; amtool warns of any other than its own.
const version = '0.25.0'

type Query = Readonly<Record<string, readonly string[]>>

/** Answered as Alertmanager does: a JSON text, or {code, message}. */
class Refused extends Error {
  readonly status: number
  readonly body: unknown
  constructor(status: number, body: unknown) {
    super('refused')
    this.status = status
    this.body = body
  }
}
const refusal = (status: number, message: string, code = status) => new Refused(status, { code, message })

export function alertmanagerRoutes(
  needs: Needs,
  ports: AlertsPorts,
): (server: FastifyInstance, door: WireDoor) => void {
  // When it was first asked: programs only look whether it goes backwards.
  let since: Instant | null = null
  const sinceWhen = async (): Promise<Instant> => {
    since ??= await needs.database.now()
    return since
  }
  const plain = ports.readRouting(plainFile)
  return (server, door) => {
    void server.register(async (scope) => {
      const post = postingOf(needs, ports)
      scope.setErrorHandler((error, _request, reply) => answer(needs, error, reply))
      const read =
        (handle: (request: FastifyRequest, reply: FastifyReply) => Promise<unknown>) =>
        async (request: FastifyRequest, reply: FastifyReply) => {
          await door.admit(request, 'alertmanager.read')
          const body = await handle(request, reply)
          return reply.sent ? reply : reply.type('application/json').send(JSON.stringify(body))
        }
      const healthy = async (request: FastifyRequest, reply: FastifyReply) => {
        await door.admit(request, 'alertmanager.health')
        return reply.type('text/plain; charset=utf-8').send('OK')
      }
      const routingOf = async (): Promise<Routing> => {
        const own = await loadRouting(needs.database, needs, ports)
        if (own !== null) return own
        if (!plain.ok) throw new Error('The file shown without a routing file cannot be read.')
        return plain.routing
      }

      void scope.register(async (inner) => {
        keepJsonText(inner)
        inner.post(
          '/api/v2/alerts',
          { bodyLimit, config: { operationId: 'intake.alertmanager' } },
          async (request, reply) => {
            const actor = await door.admit(request, 'intake.alertmanager')
            return post(request.body, actor, reply)
          },
        )
      })

      scope.get('/api/v2/alerts', { config: { operationId: 'alertmanager.read' } }, async (request, reply) => {
        await door.admit(request, 'alertmanager.read')
        const { pages, wants } = look(needs, routingOf(), queryOf(request))
        const shown = withAnswer(pages, (seen) => seen.filter((each) => each.receivers.some(wants)).map(alertText))
        return reply.type('application/json').send(Readable.from(arrayText(await begun(shown))))
      })
      scope.get('/api/v2/alerts/groups', { config: { operationId: 'alertmanager.read' } }, async (request, reply) => {
        await door.admit(request, 'alertmanager.read')
        const routing = await routingOf()
        const { pages, wants } = look(needs, Promise.resolve(routing), queryOf(request))
        const seen: Seen[] = []
        for await (const page of pages) seen.push(...page)
        return reply.type('application/json').send(Readable.from(arrayText(inTurn(groupTexts(seen, routing, wants)))))
      })
      scope.get(
        '/api/v2/receivers',
        { config: { operationId: 'alertmanager.read' } },
        read(async () => (await routingOf()).receivers.map(({ name }) => ({ name }))),
      )
      scope.get(
        '/api/v2/status',
        { config: { operationId: 'alertmanager.read' } },
        read(async () => ({
          cluster: { name: '', peers: [], status: 'disabled' },
          config: { original: (await findRouting(needs.database))?.text ?? plainFile },
          uptime: formatInstant(await sinceWhen()),
          versionInfo: {
            ...{ branch: 'mainstay', buildDate: '', buildUser: '', goVersion: '', revision: 'mainstay', version },
          },
        })),
      )
      scope.get(
        '/api/v2/silences',
        { config: { operationId: 'alertmanager.read' } },
        read(async (request) => {
          const wanted = filtersOf(queryOf(request))
          const now = await needs.database.now()
          // Maintenance is shown as what it does, and ended where it was declared.
          const all = [...(await listRecentSilences(needs.database)), ...(await listMaintenanceHolds(needs.database))]
          const rows = all.filter((row) => hasMatchers(row, wanted))
          return sortSilences(rows, now).map((row) => showSilence(row, now))
        }),
      )
      scope.get(
        '/api/v2/silence/:id',
        { config: { operationId: 'alertmanager.read' } },
        read(async (request, reply) => {
          const row = await findHold(needs.database, idOf(request))
          if (row === null) return reply.code(404).send()
          return showSilence(row, await needs.database.now())
        }),
      )

      scope.post('/api/v2/silences', { config: { operationId: 'alertmanager.silence' } }, async (request, reply) => {
        const actor = await door.admit(request, 'alertmanager.silence')
        const given = ports.readSilence(request.body)
        if (!given.ok) throw refusal(given.status, given.message, given.code)
        const { silence } = given
        const order = {
          sets: [silence.matchers],
          startsAt: silence.startsAt,
          endsAt: silence.endsAt,
          reason: silence.comment,
          by: silence.createdBy,
          actor,
        }
        if (silence.id !== null && !isUuid(silence.id)) throw new Refused(404, 'silence not found')
        const row =
          silence.id === null
            ? await createSilence(needs, ports, order)
            : await editSilence(needs, ports, silence.id, order)
        if (row === null) throw new Refused(404, 'silence not found')
        return reply.type('application/json').send(JSON.stringify({ silenceID: row.id }))
      })
      scope.delete(
        '/api/v2/silence/:id',
        { config: { operationId: 'alertmanager.silence' } },
        async (request, reply) => {
          const actor = await door.admit(request, 'alertmanager.silence')
          const id = idOf(request)
          if ((await findSilence(needs.database, id)) === null) return reply.code(404).send()
          await expireSilence(needs, ports, { id, actor }).catch((error: unknown) => {
            // Over already is what was asked for.
            if (!(error instanceof AppError) || error.code !== 'alerts.unknown-silence') throw error
          })
          return reply.code(200).send()
        },
      )

      scope.get('/-/healthy', { config: { operationId: 'alertmanager.health' } }, healthy)
      scope.get('/-/ready', { config: { operationId: 'alertmanager.health' } }, healthy)
      for (const [url, allowed] of [
        ['/api/v2/alerts', 'GET,POST'],
        ['/api/v2/silences', 'GET,POST'],
        ['/api/v2/silence/:id', 'DELETE,GET'],
      ] as const)
        scope.route({
          method: (['DELETE', 'PUT', 'PATCH', 'POST'] as const).filter((method) => !allowed.includes(method)),
          url,
          config: { operationId: 'alertmanager.read' },
          handler: async (request, reply) => {
            await door.admit(request, 'alertmanager.read')
            const message = `method ${request.method} is not allowed, but [${allowed}] are`
            return reply.code(405).header('allow', allowed).send({ code: 405, message })
          },
        })
    })
  }
}

type Posting = (body: unknown, actor: Actor, reply: FastifyReply) => Promise<FastifyReply>

function postingOf(needs: Needs, ports: AlertsPorts): Posting {
  const known = createKnownAlerts()
  return async (body, actor, reply) => {
    const source = sourceOf('alertmanager', actor)
    const pieces = body instanceof JsonText ? ports.splitAlertmanager(body.text) : null
    if (body instanceof JsonText && pieces !== null && pieces.length <= batch) {
      const taken = await takePosted(needs, ports, known, { source, actor, policy, pieces, read: readable(body) })
      if (taken !== null) return done(reply, taken.lifeboat)
    }
    return postInFull(needs, ports, { source, actor, body: body instanceof JsonText ? body.read() : body }, reply)
  }
}

/** Of a part that is no JSON there is nothing to read; the whole body says what is wrong. */
const readable = (body: JsonText) => (part: string) => {
  try {
    return body.read(part)
  } catch {
    return null
  }
}

/** Whatever is in it: each alert is read, and what is wrong with one is said. */
async function postInFull(
  needs: Needs,
  ports: AlertsPorts,
  { source, actor, body }: { readonly source: string; readonly actor: Actor; readonly body: unknown },
  reply: FastifyReply,
): Promise<FastifyReply> {
  const given = ports.readAlertmanager(body)
  if (!given.ok) {
    await keepOrphan(needs, body, given.detail)
    throw refusal(given.status ?? 400, given.detail, given.code ?? 400)
  }
  const { read: signals, faults } = readDrafts(source, given.drafts, await intakeNow(needs, ports))
  // What is right is kept, whatever else came with it: the sender repeats the whole batch in a minute.
  let lifeboat: string | null = null
  for (let from = 0; from < signals.length; from += batch) {
    const order = { source, signals: signals.slice(from, from + batch), policy, actor }
    lifeboat = (await takeIn(needs, ports, order)).lifeboat ?? lifeboat
  }
  if (faults.length === 0) return done(reply, lifeboat)
  await keepOrphan(needs, body, faults.join(' '))
  throw new Refused(400, faults.join('\n').slice(0, 2_000))
}

interface Look {
  /** In the order of fingerprints, some hundred at a time: whoever is paged meanwhile does not wait for all of them. */
  readonly pages: AsyncGenerator<readonly Seen[]>
  readonly wants: (receiver: string) => boolean
}

function look(needs: Needs, routing: Promise<Routing>, query: Query): Look {
  // Whoever asks for what cannot be read is told so; the other one's failure is told where it is waited for.
  routing.catch(() => undefined)
  const matchers = readyFilters(query)
  const receiver = oneOf(query.receiver)
  const pattern = receiver === null || receiver === '' ? null : readPattern(receiver)
  if (pattern !== null && !pattern.ok) throw new Refused(400, `failed to parse receiver param: ${pattern.detail}`)
  const [active, silenced, inhibited] = ['active', 'silenced', 'inhibited'].map((name) => flagOf(query, name))
  const wanted = (each: Seen): boolean =>
    (active === true || isSuppressed(each)) &&
    (silenced === true || each.silencedBy.length === 0) &&
    (inhibited === true || each.inhibitedBy.length === 0)
  const pages = withAnswer(seePages(needs, routing, matchers), (seen) => seen.filter(wanted))
  return { pages, wants: (name) => pattern === null || pattern.pattern.matches(name) }
}

async function* seePages(
  { database }: Needs,
  routingRead: Promise<Routing>,
  matchers: readonly ReadyMatcher[],
): AsyncGenerator<readonly Seen[]> {
  const having = labelsAsked(matchers)
  const pages = readOpenAlerts(database, having)
  // What stands in `having` the database has looked at.
  const others = matchers.filter(({ operator, name, value }) => operator !== '=' || having[name] !== value)
  const looksFirst = async (): Promise<Sight> => {
    const now = await database.now()
    return { now, routing: await routingRead, silences: await loadSilences(database, now) }
  }
  // The first ones are read meanwhile.
  const [sight, first] = await Promise.all([looksFirst(), pages.next()])
  const alike = others.length === 0 && seesAllAlike(sight)
  const see = async (page: readonly ShownAlert[]): Promise<readonly Seen[]> => {
    if (alike) return seeAlike(page, sight)
    const looked = page
      .map((alert): Looked => ({ alert, labels: JSON.parse(alert.labels) }))
      .filter(({ labels }) => matchesAll(others, labels))
    const found = await listSources(database, probesOf(sight.routing, looked))
    const sources = found.map(({ fingerprint, labels }) => ({ id: fingerprint, labels }))
    sources.sort((a, b) => (a.id < b.id ? -1 : 1))
    return seeAlerts(looked, sight, sources)
  }
  if (first.done === true) return
  yield see(first.value)
  for await (const page of pages) yield see(page)
}

async function* withAnswer<T, R>(pages: AsyncGenerator<T>, of: (page: T) => R): AsyncGenerator<R> {
  for await (const page of pages) yield of(page)
}

/** Its first page has been read: what is wrong up to then is still answered with a code. */
async function begun<T>(pages: AsyncGenerator<T>): Promise<AsyncGenerator<T>> {
  const first = await pages.next()
  return (async function* () {
    if (first.done === true) return
    yield first.value
    yield* pages
  })()
}

async function* inTurn(items: Iterable<string>): AsyncGenerator<readonly string[]> {
  for (const item of items) yield [item]
}

async function* arrayText(pages: AsyncGenerator<readonly string[]>): AsyncGenerator<string> {
  let before = '['
  for await (const page of pages) {
    if (page.length === 0) continue
    yield `${before}${page.join(',')}`
    before = ','
  }
  yield before === '[' ? '[]' : ']'
}

function queryOf({ query }: FastifyRequest): Query {
  if (!isJsonObject(query)) return {}
  return Object.fromEntries(
    Object.entries(query).map(([name, value]) => [name, (Array.isArray(value) ? value : [value]).map(String)]),
  )
}

function filtersOf(query: Query): readonly Matcher[] {
  const given = query.filter ?? []
  return given.flatMap((text) => {
    const read = parseMatchers(text)
    if (!read.ok) throw new Refused(400, `bad matcher format: ${text}`)
    return read.matchers
  })
}

function readyFilters(query: Query): readonly ReadyMatcher[] {
  const read = readMatchers(filtersOf(query))
  if (!read.ok) throw new Refused(400, read.faults.map((fault) => fault.detail).join(' '))
  return read.matchers
}

const oneOf = (values: readonly string[] | undefined): string | null => values?.at(-1) ?? null

/** What is no word for yes is a no: so Alertmanager reads it, and a program that sends nonsense finds the same. */
function flagOf(query: Query, name: string): boolean {
  return ['true', '1', 't', 'yes', 'y', 'on', 'ok', 'checked', 'selected', 'enabled'].includes(
    oneOf(query[name])?.toLowerCase() ?? 'true',
  )
}

const isUuid = (text: string): boolean => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text)

function idOf(request: FastifyRequest): string {
  const id = isJsonObject(request.params) ? request.params.id : null
  if (typeof id !== 'string' || !isUuid(id)) throw refusal(422, `silenceID in path must be of type uuid: "${id}"`, 601)
  return id
}

async function keepOrphan(needs: Needs, body: unknown, because: string): Promise<void> {
  const text = JSON.stringify(body) ?? ''
  // What is wrong is refused whether or not it can be kept for people to look at.
  await saveOrphan(needs.database, { source: 'alertmanager', because: because.slice(0, 2_000), body: text }).catch(
    (error: unknown) => {
      if (!isAwayRefusal(error)) throw error
    },
  )
}

/** 503 and never 429 or 500 for what passes: that is what Prometheus and Alertmanager repeat soon. */
function answer(needs: Needs, error: unknown, reply: FastifyReply): FastifyReply {
  if (error instanceof Refused)
    return reply.code(error.status).type('application/json').send(JSON.stringify(error.body))
  if (error instanceof AppError) {
    const detail = [error.message, ...(error.details.faults ?? []).map((fault) => fault.detail)].join(' ')
    const status = error.code === 'http.unauthenticated' ? 401 : (statuses[error.kind] ?? 503)
    return reply.code(status).send({ code: status, message: detail })
  }
  const status = error instanceof Error && 'statusCode' in error ? Number(error.statusCode) : 503
  if (status >= 400 && status < 500)
    return reply.code(status).send({ code: status, message: error instanceof Error ? error.message : 'refused' })
  needs.log.error('A request in Alertmanager’s format failed.', { error: String(error) })
  return reply.code(503).send({ code: 503, message: 'Not now; try again soon.' })
}

/** Alertmanager's own senders look at nothing but the first digit. */
function done(reply: FastifyReply, lifeboat: string | null): FastifyReply {
  return lifeboat === null ? reply.code(200).send() : reply.code(202).send({ lifeboat })
}

const statuses: Readonly<Partial<Record<AppError['kind'], number>>> = {
  invalid: 400,
  forbidden: 403,
  'not-found': 404,
  conflict: 409,
}
