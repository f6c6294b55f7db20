// Calendars that other programs subscribe to: one's own shifts, a schedule's or a team's, behind a secret address.
import { createHash, randomBytes } from 'node:crypto'
import type { Actor } from '../../../kernel/actor.ts'
import { AppError } from '../../../kernel/app-error.ts'
import { day } from '../../../kernel/duration.ts'
import { formatInstant, instant, plus } from '../../../kernel/instant.ts'
import type { Needs } from '../../../platform/room/needs.ts'
import { findResource, findResources, listByKind, type StoredResource } from '../../catalog/index.ts'
import type { CalendarEvent } from '../calendar.ports.ts'
import { countFeeds, type FeedRow, findFeedByToken, insertFeed, removeFeed } from '../calendars.store.ts'
import { explainSource, missingCover, type Schedule, type Shift } from '../core/index.ts'
import { feedCreated, feedDeleted } from '../cover.contract.ts'
import type { OncallPorts } from '../oncall.ports.ts'
import { recallFinal } from './keep-history.ts'
import { loadSchedules } from './load-directory.ts'

const mostFeeds = 20
const mostSchedules = 500
const mostEvents = 5_000
const backMs = 31 * day
const aheadMs = 180 * day

const hashOf = (token: string): Buffer => createHash('sha256').update(token).digest()

export interface FeedOrder {
  readonly kind: FeedRow['kind']
  /** A schedule or a team; one's own shifts need no name. */
  readonly name: string | null
  readonly actor: Actor
}

/** The address is told once: whoever has it reads the calendar. */
export async function createFeed(
  needs: Needs,
  ports: Pick<OncallPorts, 'nameOf'>,
  order: FeedOrder,
): Promise<{ readonly feed: FeedRow; readonly url: string }> {
  const { actor } = order
  const me = await ports.nameOf(actor)
  const name = order.kind === 'person' ? me : order.name
  if (name === null)
    throw new AppError(
      'invalid',
      'oncall.feed-unclear',
      'Name the schedule or the team; only a person has shifts of their own.',
    )
  const token = randomBytes(32).toString('base64url')
  const feed = await needs.database.transaction(async (tx) => {
    const kind = { person: 'Person', schedule: 'Schedule', team: 'Team' }[order.kind]
    if ((await findResource(tx, { kind, name })) === null)
      throw new AppError('not-found', 'oncall.feed-unknown', `There is no ${kind.toLowerCase()} ${name}.`)
    if ((await countFeeds(tx, actor.id)) >= mostFeeds)
      throw new AppError('limited', 'oncall.feed-limit', `One person has ${mostFeeds} calendar addresses at most.`)
    const row = await insertFeed(tx, {
      id: needs.newId(),
      kind: order.kind,
      name,
      createdBy: actor.id,
      tokenHash: hashOf(token),
    })
    await needs.journal.publish(tx, feedCreated, {
      actor,
      subject: { kind: order.kind, id: name },
      data: { feed: row.id, kind: row.kind, name },
    })
    return row
  })
  return { feed, url: `${needs.publicUrl}/calendars/${token}.ics` }
}

export async function deleteFeed(needs: Needs, order: { readonly id: string; readonly actor: Actor }): Promise<void> {
  await needs.database.transaction(async (tx) => {
    const row = await removeFeed(tx, order.id, order.actor.id)
    if (row === null) throw new AppError('not-found', 'oncall.unknown-feed', 'You have no such calendar address.')
    await needs.journal.publish(tx, feedDeleted, {
      actor: order.actor,
      subject: { kind: row.kind, id: row.name },
      data: { feed: row.id, kind: row.kind, name: row.name },
    })
  })
}

/** The calendar behind a secret; null when nothing is there. */
export async function readFeed(
  needs: Needs,
  ports: Pick<OncallPorts, 'calendar'>,
  token: string,
): Promise<string | null> {
  const { database } = needs
  const feed = await findFeedByToken(database, hashOf(token))
  if (feed === null) return null
  const now = await database.now()
  const window = { start: plus(now, -backMs), end: plus(now, aheadMs) }
  const all = await listByKind(database, 'Schedule', null, mostSchedules)
  const chosen = all.filter((each) => wants(feed, each))
  const names = chosen.map((each) => each.name)
  const schedules = await loadSchedules(database, needs.log, names, window.start, window.end)
  const titles = new Map(chosen.map((each) => [each.name, each.document.metadata.displayName ?? each.name]))
  const events: CalendarEvent[] = []
  for (const schedule of schedules) {
    const final = await recallFinal(database, schedule, window)
    const shifts = feed.kind === 'person' ? final.shifts.filter((each) => each.person === feed.name) : final.shifts
    const title = titles.get(schedule.name) ?? schedule.name
    const url = `${needs.publicUrl}/oncall?view=schedule&schedule=${encodeURIComponent(schedule.name)}`
    events.push(
      ...shifts.map((each) => eventOf(schedule, each, { title, url, own: feed.kind === 'person', from: window.start })),
    )
    if (feed.kind === 'person') continue
    for (const gap of missingCover(schedule, final.gaps))
      if (gap.end > now)
        events.push({
          ...gap,
          uid: uidOf([schedule.name, 'gap', formatInstant(gap.start)]),
          summary: `NOBODY on call: ${title}`,
          description: null,
          url,
        })
  }
  const people = await nameEveryone(needs, events.length === 0 ? [] : schedules)
  const named = events
    .sort((a, b) => a.start - b.start || (a.uid < b.uid ? -1 : 1))
    .slice(0, mostEvents)
    .map((each) => ({
      ...each,
      summary: each.summary.replace(/^\[(.+?)\]/, (_, person: string) => people.get(person) ?? person),
    }))
  const name = feed.kind === 'person' ? 'My on-call shifts' : `On call: ${titles.get(feed.name) ?? feed.name}`
  return ports.calendar.write({ name, writtenAt: now, events: named })
}

function wants(feed: FeedRow, { name, document }: StoredResource): boolean {
  if (feed.kind === 'person') return true
  return feed.kind === 'schedule' ? name === feed.name : document.spec.team === feed.name
}

function eventOf(
  schedule: Schedule,
  shift: Shift,
  of: { readonly title: string; readonly url: string; readonly own: boolean; readonly from: number },
): CalendarEvent {
  const { source, person, start, end } = shift
  const origin =
    source.kind === 'rotation'
      ? [source.rotation, source.turn]
      : source.kind === 'custom-shift'
        ? ['shift', source.shift]
        : ['override', ...source.overrides]
  // The end is left out: a shift that is cut short stays the same event. The start of one cut by the window moves daily.
  const uid = uidOf([schedule.name, person, ...origin, start === of.from ? 'open' : formatInstant(instant(start))])
  const summary = of.own ? `On call: ${of.title}` : `[${person}]: ${of.title}`
  return { uid, start, end, summary, description: explainSource(source), url: of.url }
}

const uidOf = (parts: readonly (string | number)[]): string =>
  `${createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 40)}@mainstay`

async function nameEveryone(needs: Needs, schedules: readonly Schedule[]): Promise<ReadonlyMap<string, string>> {
  const people = new Set(
    schedules.flatMap(({ rotations, shifts = [], overrides }) =>
      [...rotations.flatMap((each) => each.members), ...shifts, ...overrides].flatMap(({ person }) => person ?? []),
    ),
  )
  const found = await findResources(
    needs.database,
    [...people].map((name) => ({ kind: 'Person', name })),
  )
  return new Map(found.map((each) => [each.name, each.document.metadata.displayName ?? each.name]))
}
