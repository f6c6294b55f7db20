// Connecting a tracker: asked first whether it works, kept sealed, never read back.
import type { Actor } from '../../../kernel/actor.ts'
import { AppError } from '../../../kernel/app-error.ts'
import type { Tx } from '../../../platform/database/database.ts'
import type { Needs } from '../../../platform/room/needs.ts'
import { cancelWork } from '../../../platform/work/due-work.store.ts'
import {
  type ConnectionRow,
  findConnection,
  lockConnection,
  removeConnection,
  saveConnection,
} from '../connections.store.ts'
import { mappingFaults, mappingOf } from '../core/index.ts'
import { tendTickets, trackerConnected, trackerDisconnected } from '../tickets.contract.ts'
import type { ConnectionOrder, TicketsPorts, TrackerName, TrackerSettings } from '../tickets.ports.ts'
import { hasTickets, leaveTickets } from '../tickets.store.ts'
import { hurryConnection } from './hurry.ts'
import { noteBack } from './keep-away.ts'
import { openSettings, sealSettings } from './settings.ts'

export async function connectTracker(
  needs: Needs,
  ports: TicketsPorts,
  order: ConnectionOrder & { readonly actor: Actor },
): Promise<ConnectionRow> {
  const kept = await findConnection(needs.database, order.name)
  const before = kept === null || kept.tracker !== order.tracker ? null : openSettings(ports, kept)
  const settings = settingsOf(order, before)
  const states = order.states ?? (before === null ? {} : (kept?.states ?? {}))
  const tracker = ports.trackers[order.tracker]
  const [fault] = mappingFaults(mappingOf(tracker.speech, states))
  if (fault !== undefined)
    throw new AppError('invalid', 'tickets.bad-connection', fault.detail, {
      faults: [{ pointer: `/states/${fault.state}`, detail: fault.detail }],
    })
  const proved = await tracker.prove(settings)
  if (proved.kind !== 'done')
    throw new AppError(proved.kind === 'refused' ? 'invalid' : 'conflict', 'tickets.connection-refused', proved.because)
  const { shown, flavour } = proved.value
  const by = await ports.personOf(order.actor)
  return needs.database.transaction(async (tx) => {
    await refuseElsewhere(tx, ports, { name: order.name, tracker: order.tracker, settings: { ...settings, flavour } })
    const row = await saveConnection(tx, {
      name: order.name,
      tracker: order.tracker,
      url: settings.url,
      project: settings.project,
      settings: sealSettings(ports, order.name, { ...settings, flavour }),
      shown: Object.fromEntries(Object.entries(shown).map(([key, value]) => [key, String(value)])),
      states,
      hasHook: settings.hookSecret !== null,
      changedBy: by,
      changedAt: await tx.now(),
    })
    await needs.journal.publish(tx, trackerConnected, {
      actor: order.actor,
      subject: { kind: 'tracker', id: order.name },
      data: { connection: order.name, tracker: tracker.title },
    })
    await hurryConnection(tx, order.name)
    return row
  })
}

interface Target {
  readonly name: string
  readonly tracker: TrackerName
  readonly settings: TrackerSettings
}

/** Tickets are known by numbers: at another place the same numbers are other people's tickets, and would be driven. */
async function refuseElsewhere(tx: Tx, ports: TicketsPorts, target: Target): Promise<void> {
  const kept = await lockConnection(tx, target.name)
  if (kept === null || !(await hasTickets(tx, target.name))) return
  const before = openSettings(ports, kept)
  if (kept.tracker === target.tracker && isSamePlace(target.tracker, before, target.settings)) return
  throw new AppError(
    'conflict',
    'tickets.other-tracker',
    `${target.name} has tickets at ${ports.trackers[kept.tracker].title}, ${kept.project}, ${kept.url}. Connect the other place under a new name.`,
  )
}

function isSamePlace(tracker: TrackerName, before: TrackerSettings, after: TrackerSettings): boolean {
  const address = (url: string): string => new URL(url).href.replace(/\/+$/, '')
  if (address(before.url) !== address(after.url)) return false
  switch (tracker) {
    // Keys of Jira say their project themselves.
    case 'jira':
      return true
    // Ids are those of a table; without a name it is `incident`.
    case 'servicenow':
      return (before.type ?? 'incident') === (after.type ?? 'incident')
    case 'github':
    case 'gitlab':
      // Renamed, it keeps its id; made anew under the old name, its numbers begin again.
      if (before.flavour !== null && after.flavour !== null) return before.flavour === after.flavour
      return before.project.toLowerCase() === after.project.toLowerCase()
  }
}

function settingsOf(order: ConnectionOrder, before: TrackerSettings | null): TrackerSettings {
  const url = order.url.replace(/\/+$/, '')
  if (!/^https?:\/\//.test(url) || !URL.canParse(url) || new URL(url).username !== '')
    throw new AppError(
      'invalid',
      'tickets.bad-connection',
      'The address begins with https:// and holds no password; http:// is only for what MAINSTAY_EGRESS_ALLOW names.',
      { faults: [{ pointer: '/url', detail: 'Write it like https://api.github.com.' }] },
    )
  // A kept secret goes only where it was given for: else whoever may change the address could have it sent anywhere.
  const moved = before !== null && new URL(before.url).origin !== new URL(url).origin
  const token = order.token ?? (moved ? null : (before?.token ?? null))
  if (token === null)
    throw new AppError('invalid', 'tickets.bad-connection', 'A token is needed.', {
      faults: [
        { pointer: '/token', detail: moved ? 'The address is another one: give the token again.' : 'Give a token.' },
      ],
    })
  const { user = before?.user ?? null, type = before?.type ?? null } = order
  if (/[\r\n\0]/.test(`${token}${user ?? ''}`))
    throw new AppError('invalid', 'tickets.bad-connection', 'The user and the token are one line each.')
  const hookSecret = order.hookSecret ?? before?.hookSecret ?? null
  return { url, project: order.project, user, type, token, hookSecret, flavour: null }
}

export async function testTracker(
  needs: Needs,
  ports: TicketsPorts,
  name: string,
): Promise<{ readonly ok: boolean; readonly sentence: string }> {
  const row = await needConnection(needs, name)
  const tracker = ports.trackers[row.tracker]
  const proved = await tracker.prove(openSettings(ports, row))
  if (proved.kind !== 'done') return { ok: false, sentence: proved.because }
  await needs.database.transaction(async (tx) => {
    await noteBack(tx, needs, ports, name)
    await hurryConnection(tx, name)
  })
  return { ok: true, sentence: `${tracker.title} answers, takes the token and shows ${row.project}.` }
}

export async function disconnectTracker(
  needs: Needs,
  ports: TicketsPorts,
  { name, actor }: { readonly name: string; readonly actor: Actor },
): Promise<void> {
  await needs.database.transaction(async (tx) => {
    const row = await removeConnection(tx, name)
    if (row === null) throw unknownConnection(name)
    await leaveTickets(tx, name)
    await cancelWork(tx, tendTickets, name)
    await needs.journal.publish(tx, trackerDisconnected, {
      actor,
      subject: { kind: 'tracker', id: name },
      data: { connection: name, tracker: ports.trackers[row.tracker].title },
    })
  })
}

export async function needConnection(needs: Pick<Needs, 'database'>, name: string): Promise<ConnectionRow> {
  const row = await findConnection(needs.database, name)
  if (row === null) throw unknownConnection(name)
  return row
}

export const unknownConnection = (name: string) =>
  new AppError('not-found', 'tickets.unknown-connection', `No tracker is connected as ${name}: see Settings, Trackers.`)
