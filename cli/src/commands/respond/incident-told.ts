// What was told and what happened, from a terminal: updates, the timeline, the impact.
import type { IncidentImpact, IncidentUpdate, TimelineEntry } from '../../../../client/src/operations.gen.ts'
import { parseDuration } from '../../../../server/src/kernel/duration.ts'
import { parseInstant } from '../../../../server/src/kernel/instant.ts'
import { peopleInWords } from '../../../../server/src/modules/incidents/core/index.ts'
import { type Api, openApi } from '../../connection/api.ts'
import { exitCodes, usageError } from '../../exit-codes.ts'
import type { Run } from '../../line/command.ts'
import { inTable, printDetail, printListing, say } from '../../print/output.ts'
import { harmless } from '../../print/text-width.ts'
import { ago, exact, exactAndAgo } from '../../print/times.ts'
import { mostPeople } from './incidents.ts'
import { oneIncidentId } from './references.ts'

export const listUpdates: Run = async (call) => {
  const { shell } = call
  const api = await openApi(call)
  const id = await oneIncidentId(api, call.args[0] ?? '')
  const { items, waiting } = await api.client['incidents.updates']({ params: { id } })
  await printListing<IncidentUpdate>(call, {
    rows: items,
    columns: [
      { header: 'UPDATE', of: (row) => String(row.number), align: 'right' },
      { header: 'TO', of: (row) => row.customer ?? row.audience },
      { header: 'POSTED', of: (row) => ago(row.postedAt, shell.now()) },
      { header: 'BY', of: (row) => (row.approvedBy === null ? row.postedBy : `${row.postedBy}, ${row.approvedBy}`) },
      { header: 'TEXT', of: (row) => row.text.replaceAll(/\s+/g, ' '), elastic: true },
    ],
    nameOf: (row) => `update/${row.number}`,
    none: 'Nobody was told yet.',
  })
  if (!inTable(call)) return exitCodes.ok
  for (const each of waiting)
    say(
      call,
      `Waits for approval, number ${each.number}, to ${each.customer ?? each.audience}, by ${each.mine ? 'you' : each.proposedBy}: ${each.text.replaceAll(/\s+/g, ' ')}`,
    )
  const { nextUpdateAt } = await api.client['incidents.read']({ params: { id } })
  if (nextUpdateAt !== null) say(call, `The next is due ${exactAndAgo(nextUpdateAt, shell.zone, shell.now())}.`)
  return exitCodes.ok
}

export const showTimeline: Run = async (call) => {
  const { shell } = call
  const most = call.options.integer('limit', 1, 10_000) ?? 100
  const api = await openApi(call)
  const entries = await wholeTimeline(api, await oneIncidentId(api, call.args[0] ?? ''))
  await printListing<TimelineEntry>(call, {
    rows: entries.slice(-most),
    columns: [
      { header: 'ENTRY', of: (row) => String(row.id), align: 'right' },
      { header: 'AT', of: (row) => exact(row.at, shell.zone) },
      { header: 'WHAT', of: (row) => row.sentence, elastic: true },
      { header: 'BY', of: (row) => row.actor.name, wide: true },
      { header: 'TYPE', of: (row) => row.type, wide: true },
    ],
    nameOf: (row) => `entry/${row.id}`,
    none: 'Nothing has happened.',
    more: entries.length > most,
  })
  return exitCodes.ok
}

const pageOf = 1000

/** Read by number and shown by time: an entry may stand at another time than it was written. */
async function wholeTimeline(api: Api, id: string): Promise<readonly TimelineEntry[]> {
  const all: TimelineEntry[] = []
  for (let after = 0; ; ) {
    const { items, more } = await api.client['incidents.timeline']({ params: { id }, query: { limit: pageOf, after } })
    all.push(...items)
    after = Math.max(after, ...items.map((each) => each.id))
    if (!more || items.length === 0) break
  }
  return all.sort((a, b) => a.at.localeCompare(b.at) || a.id - b.id)
}

export const placeEntry: Run = async (call) => {
  const [reference = '', entryText = '', when = ''] = call.args
  const { shell } = call
  const reason = call.options.text('reason')
  if (reason === null) throw usageError('Why?', 'Say it: --reason "the log says so"')
  const entry = Number(/^#?(\d{1,15})$/.exec(entryText)?.[1] ?? 0)
  if (entry === 0)
    throw usageError(`"${entryText}" is no entry.`, `Use its number, from \`mainstay incident timeline ${reference}\`.`)
  const at = timeOf(when, shell.now())
  const api = await openApi(call)
  const placed = await api.client['incidents.place-entry']({
    params: { id: await oneIncidentId(api, reference), entry },
    body: { at, reason },
  })
  say(call, `Entry ${placed.entry} stands at ${exact(placed.at, shell.zone)}.`)
  return exitCodes.ok
}

function timeOf(text: string, now: number): string {
  const at = parseInstant(text)
  if (at !== null) return new Date(at).toISOString()
  const backMs = parseDuration(text)
  if (backMs === null)
    throw usageError(`"${text}" is no time.`, 'Write 2026-03-01T03:12:00Z, or 20m for twenty minutes ago.')
  return new Date(now - backMs).toISOString()
}

export const impact: Run = async (call) => {
  const { options, shell } = call
  const [reference = '', ...words] = call.args
  const statement = words.join(' ').trim()
  const spans = options.all('span').map((text) => spanOf(text, shell.now()))
  const people = options.integer('people', 0, mostPeople)
  const [regions, customers] = [options.all('region'), options.all('customer')]
  const api = await openApi(call)
  const id = await oneIncidentId(api, reference)
  if (statement !== '' || people !== null || [spans, regions, customers].some((each) => each.length > 0)) {
    // What is not said again stays: a statement alone keeps the spans, spans alone keep the statement.
    const before = await api.client['incidents.impact']({ params: { id } })
    await api.client['incidents.state-impact']({
      params: { id },
      body: {
        statement: statement === '' ? before.statement : statement,
        spans: spans.length > 0 ? spans : before.derived ? [] : before.spans,
        ...(people === null ? {} : { people }),
        ...(regions.length === 0 ? {} : { regions }),
        ...(customers.length === 0 ? {} : { customers }),
      },
    })
    say(call, 'Written down.')
  }
  const found = await api.client['incidents.impact']({ params: { id } })
  await printDetail(call, {
    title: `Impact of incident ${reference.replace('#', '')}`,
    facts: [
      ['Statement', found.statement],
      ['Minutes', minutesText(found)],
      ['By tier', found.byTier.map(tierText).join(', ')],
      ['People', found.people === null ? 'nobody counted them' : peopleInWords(found.people)],
      ['Regions', found.regions.join(', ')],
      ['Customers', found.customers.join(', ')],
      ['From', found.derived ? 'the start of the impact to the mitigation; nobody has stated more' : 'what was stated'],
    ],
    sections: [
      {
        title: 'Services',
        lines: found.spans.map((each) =>
          harmless(
            `${each.service}  ${exact(each.startedAt, shell.zone)} – ${each.endedAt === null ? 'still' : exact(each.endedAt, shell.zone)}`,
          ),
        ),
      },
    ],
    name: `incident/${reference}`,
    document: found,
  })
  return exitCodes.ok
}

const tierText = ({ tier, minutes }: IncidentImpact['byTier'][number]): string =>
  `${tier === null ? 'no tier' : `tier ${tier}`}: ${Math.round(minutes)} min`

function minutesText({ minutes, ongoing }: IncidentImpact): string {
  if (minutes === null) return 'unknown'
  return `${Math.round(minutes)}${ongoing ? ' and counting' : ''}`
}

function spanOf(text: string, now: number): IncidentImpact['spans'][number] {
  const [, service, from, to] = /^([^=]+)=([^/]+)(?:\/(.*))?$/.exec(text) ?? []
  if (service === undefined || from === undefined)
    throw usageError(`"${text}" is no span.`, 'Write it as checkout=40m/10m, or checkout=40m while it still is hurt.')
  return { service, startedAt: timeOf(from, now), endedAt: to === undefined || to === '' ? null : timeOf(to, now) }
}
