import { ProblemError } from '../../../../client/src/client.ts'
import type { ListedService, Resource, Team } from '../../../../client/src/operations.gen.ts'
import { nearest } from '../../../../server/src/kernel/names.ts'
import { type Api, notFound, openApi, orNull, readPages } from '../../connection/api.ts'
import { exitCodes, usageError } from '../../exit-codes.ts'
import type { Call, Run } from '../../line/command.ts'
import { formatOf, printListing, say } from '../../print/output.ts'
import { stateCell } from '../../print/table.ts'
import { findKind, readReference, type ViewName, viewOf } from './kinds.ts'
import { documentOf, listingOf } from './resource-text.ts'

const mostRows = 100_000

export const get: Run = async (call) => {
  const { kind, names } = readReference(call.args)
  const view = viewOf(kind)
  const elsewhere = view === null ? null : await viewsElsewhere(view)
  if (elsewhere !== null) return elsewhere({ ...call, args: names })
  if (call.options.has('at') && names.length === 0)
    throw usageError('--at is for one object.', 'Try: mainstay get service checkout --at 2h')

  const api = await openApi(call)
  if (view === 'kinds') await printKinds(call, api)
  else if (names.length > 0) await printNamed(call, api, kind, names)
  else if (view === 'services' && forPeople(call)) await printServices(call, api)
  else if (view === 'teams' && forPeople(call)) await printTeams(call, api)
  else if (view === 'probes' && forPeople(call)) await (await import('../reliability/probes.ts')).printProbes(call, api)
  else if (view === 'webhooks' && forPeople(call))
    await (await import('../respond/webhooks.ts')).printWebhooks(call, api)
  else await printAll(call, api, kind)
  return exitCodes.ok
}

/** Kinds that are not declared have commands of their own; `get` is another way to them. */
async function viewsElsewhere(view: ViewName): Promise<Run | null> {
  switch (view) {
    case 'alerts':
      return (await import('../respond/alerts.ts')).getAlerts
    case 'silences':
      return (await import('../respond/silences.ts')).listSilences
    case 'incidents':
      return (await import('../respond/incidents.ts')).getIncidents
    case 'objectives':
      return (await import('../reliability/objectives.ts')).getObjectives
    case 'sources':
      return (await import('../reliability/probes.ts')).listSources
    case 'changes':
      return (await import('../reliability/changes.ts')).listChanges
    default:
      return null
  }
}

const forPeople = (call: Call): boolean => ['table', 'wide', 'name'].includes(formatOf(call))
const limitOf = (call: Call): number => call.options.integer('limit', 1, mostRows) ?? 500

export function sayMore(call: Call, more: boolean, shown: number): void {
  if (more) say(call, `There are more than these ${shown}. Show them with --limit ${shown * 10}.`)
}

async function printAll(call: Call, api: Api, word: string): Promise<void> {
  const list = (plural: string) =>
    readPages((page) => api.client['resources.list']({ params: { plural }, query: page }), limitOf(call))
  // Most words are the plural itself: the kinds are asked for only when it is not.
  const first = await list(word.toLowerCase()).catch((error: unknown) => {
    if (error instanceof ProblemError && error.code === 'resources.unknown-kind') return null
    throw error
  })
  const plural = first === null ? (await findKind(api, word)).plural : word.toLowerCase()
  const found = first ?? (await list(plural))
  await printListing(call, listingOf(found.items, plural, call.shell.now()))
  sayMore(call, found.more, found.items.length)
}

async function printNamed(call: Call, api: Api, word: string, names: readonly string[]): Promise<void> {
  const at = call.options.time('at', call.shell.now())
  const { plural, kind } = await findKind(api, word)
  const rows: Resource[] = []
  for (const name of names) {
    const query = at === null ? {} : { at }
    const row = await orNull(api.client['resources.read']({ params: { plural, name }, query }))
    if (row === null) throw await unknownObject(api, { kind, plural }, name, at)
    rows.push(row)
  }
  const listing = listingOf(rows, plural, call.shell.now())
  const [only] = rows
  // One object asked for by name is one object, not a list of one.
  if (rows.length === 1 && only !== undefined && formatOf(call) === 'json')
    call.shell.out.write(`${JSON.stringify(documentOf(only), null, 2)}\n`)
  else await printListing(call, listing)
}

export async function unknownObject(
  api: Api,
  { kind, plural }: { kind: string; plural: string },
  name: string,
  at: string | null = null,
) {
  const { items } = await readPages((page) => api.client['resources.list']({ params: { plural }, query: page }), 2_000)
  const near = nearest(
    name,
    items.map((each) => each.metadata.name),
  )
  const when = at === null ? '' : ` at ${at}`
  return notFound(
    `There is no ${kind} "${name}"${when}.`,
    near === null ? `See \`mainstay get ${plural}\`.` : `Did you mean ${near}?`,
  )
}

async function printServices(call: Call, api: Api): Promise<void> {
  const filter = {
    ...(call.options.text('team') === null ? {} : { team: call.options.need('team') }),
    ...(call.options.text('search') === null ? {} : { search: call.options.need('search') }),
  }
  const { items, more } = await readPages(
    (page) => api.client['services.list']({ query: { ...page, ...filter } }),
    limitOf(call),
  )
  await printListing<ListedService>(call, {
    rows: items,
    columns: [
      { header: 'NAME', of: (row) => row.name },
      { header: 'TIER', of: (row) => String(row.tier), align: 'right' },
      { header: 'TEAM', of: (row) => row.team },
      { header: 'OBJECTIVES', of: ({ objectives }) => (objectives?.state ? stateCell(objectives.state) : null) },
      { header: 'LIFECYCLE', of: (row) => row.lifecycle },
      { header: 'DEPENDS ON', of: (row) => row.dependsOn.map((each) => each.service).join(', '), elastic: true },
      { header: 'ESCALATION', of: (row) => row.escalationPolicy, wide: true },
      { header: 'DISPLAY NAME', of: (row) => row.displayName, wide: true, elastic: true },
      { header: 'DESCRIPTION', of: (row) => row.description, wide: true, elastic: true },
    ],
    nameOf: (row) => `service/${row.name}`,
    none: 'No services. Declare some: mainstay apply -f services.yaml',
  })
  sayMore(call, more, items.length)
}

async function printTeams(call: Call, api: Api): Promise<void> {
  const { items } = await api.client['teams.list']()
  await printListing<Team>(call, {
    rows: items,
    columns: [
      { header: 'NAME', of: (row) => row.name },
      { header: 'DISPLAY NAME', of: (row) => row.displayName, elastic: true },
      { header: 'LEAD', of: (row) => row.lead },
      { header: 'MEMBERS', of: (row) => row.members.map((each) => each.name).join(', '), elastic: true },
      { header: 'SERVICES', of: (row) => row.services.join(', '), elastic: true },
    ],
    nameOf: (row) => `team/${row.name}`,
    none: 'No teams.',
  })
}

async function printKinds(call: Call, api: Api): Promise<void> {
  const { items } = await api.client['resources.kinds']()
  await printListing(call, {
    rows: items,
    columns: [
      { header: 'NAME', of: (row) => row.plural },
      { header: 'ALSO', of: (row) => [row.kind.toLowerCase(), ...row.aliases].filter(isOther(row.plural)).join(', ') },
      { header: 'API VERSION', of: (row) => row.apiVersion },
      { header: 'KIND', of: (row) => row.kind },
      { header: 'OBJECTS', of: (row) => String(row.count), align: 'right' },
      { header: 'MEANING', of: (row) => row.summary, elastic: true },
    ],
    nameOf: (row) => row.plural,
    none: 'No kinds.',
  })
}

const isOther =
  (plural: string) =>
  (word: string, index: number, all: readonly string[]): boolean =>
    word !== plural && all.indexOf(word) === index
