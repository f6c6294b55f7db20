// Reads a ticket where it is, compares it with what it is about, and lets one follow the other, or says why not.

import { plus } from '../../../kernel/instant.ts'
import type { Needs } from '../../../platform/room/needs.ts'
import {
  type Agreement,
  decideAgreement,
  lookAgainMs,
  mappingOf,
  readState,
  type Sides,
  sayable,
  type TicketState,
  vocabularyOf,
} from '../core/index.ts'
import { ticketConflict, ticketFollowed, ticketGone, ticketHeld, ticketTold } from '../tickets.contract.ts'
import type { RemoteTicket, Standing, TicketsPorts } from '../tickets.ports.ts'
import { countOpenAt, saveTicket, type TicketRow } from '../tickets.store.ts'
import { keepRefIn, record, recordFailure } from './record-step.ts'
import { openSettings } from './settings.ts'
import type { Tended } from './tended.ts'
import { tender } from './tender.ts'
import { tellJournal } from './ticket-entry.ts'

export async function compareTicket(needs: Needs, ports: TicketsPorts, tended: Tended): Promise<void> {
  const { connection, row } = tended
  const tracker = ports.trackers[row.tracker]
  const read = await tracker.read(openSettings(ports, connection), row.ref ?? '')
  if (read.kind === 'refused' && read.gone === true) return loseTicket(needs, ports, tended)
  if (read.kind !== 'done') return recordFailure(needs, ports, tended, read)
  const remote = read.value
  const mapping = mappingOf(tracker.speech, connection.states)
  const state = readState(remote.stateName, remote.category, mapping)
  if (state === null) {
    const because = `"${remote.stateName}" of ${tracker.title} stands for no state here: name it under Settings, Trackers.`
    return recordFailure(needs, ports, tended, { kind: 'refused', because }, seen(remote))
  }
  const standing = await ports.standingOf(needs.database, { kind: row.subjectKind, id: row.subjectId })
  if (standing === null) return loseTicket(needs, ports, tended)
  if (remote.ref !== row.ref && !(await keepRef(needs, ports, tended, remote))) return
  const words = vocabularyOf(row.subjectKind, tracker.speech, mapping)
  const say = (each: TicketState): TicketState => sayable(each, words)
  const base = row.base === null ? null : { ours: say(row.base), theirs: say(row.baseTheirs ?? row.base) }
  const sides = { base, ours: say(standing.state), theirs: say(state) }
  const agreement = decideAgreement(sides)
  const calm = agreement.kind === 'conflict' ? {} : { conflict: false, settle: null }
  const { ours, theirs } = sides
  const step = { ...tended, row: { ...row, ref: remote.ref }, remote, ours, theirs, standing, say, calm }
  return carryOut(needs, ports, step, settled(agreement, row.settle))
}

/** Linked as people call it, it turns out to be one that is looked after already: then one of the two is enough. */
async function keepRef(needs: Needs, ports: TicketsPorts, tended: Tended, remote: RemoteTicket): Promise<boolean> {
  let isOurs = true
  await record(needs, ports, tended, async (tx, current, now) => {
    isOurs = await keepRefIn(tx, needs, ports, current, remote)
    if (isOurs) await saveTicket(tx, { ...current, ref: remote.ref, key: remote.key, seenAt: now })
  })
  return isOurs
}

/** Somebody said which side counts. */
function settled(agreement: Agreement, settle: TicketRow['settle']): Agreement {
  if (agreement.kind !== 'conflict' || settle === null) return agreement
  return settle === 'ours' ? { kind: 'tell', to: agreement.ours } : { kind: 'follow', to: agreement.theirs }
}

interface Step extends Tended {
  readonly remote: RemoteTicket
  readonly ours: TicketState
  readonly theirs: TicketState
  readonly standing: Standing
  /** In words both can say. */
  readonly say: (state: TicketState) => TicketState
  /** Where nothing is to be decided, what was is over. */
  readonly calm: Partial<Pick<TicketRow, 'conflict' | 'settle'>>
}

type Base = NonNullable<Sides['base']>

async function carryOut(needs: Needs, ports: TicketsPorts, step: Step, agreement: Agreement): Promise<void> {
  switch (agreement.kind) {
    case 'agreed':
      return agree(needs, ports, step, { ours: step.ours, theirs: step.theirs })
    case 'tell':
      return tellTracker(needs, ports, step, agreement.to)
    case 'follow':
      return followTracker(needs, ports, step, agreement.to)
    case 'conflict':
      return record(needs, ports, step, async (tx, current, now, due) => {
        const saved = await saveTicket(tx, {
          ...current,
          ...seen(step.remote),
          theirs: step.theirs,
          conflict: true,
          dueAt: due(plus(now, lookAgainMs('open', await countOpenAt(tx, current.connection)))),
          seenAt: now,
        })
        if (current.conflict) return
        const { ours, theirs } = agreement
        await tellJournal(tx, needs, ports, {
          event: ticketConflict,
          row: saved,
          actor: tender,
          data: (base) => ({ ...base, ours, theirs }),
        })
      })
  }
}

const seen = ({ key, url, title, stateName }: RemoteTicket) => ({ key, url, title, theirName: stateName })

type Said =
  | { readonly event: typeof ticketTold | typeof ticketFollowed; readonly to: TicketState }
  | { readonly event: null }

async function agree(
  needs: Needs,
  ports: TicketsPorts,
  step: Step,
  on: Base,
  said: Said = { event: null },
): Promise<void> {
  await record(needs, ports, step, async (tx, current, now, due) => {
    const saved = await saveTicket(tx, {
      ...current,
      ...seen(step.remote),
      theirs: on.theirs,
      base: on.ours,
      baseTheirs: on.theirs === on.ours ? null : on.theirs,
      conflict: false,
      settle: null,
      held: null,
      fault: null,
      dueAt: due(plus(now, lookAgainMs(on.ours, await countOpenAt(tx, current.connection)))),
      seenAt: now,
    })
    if (said.event !== null)
      await tellJournal(tx, needs, ports, {
        event: said.event,
        row: saved,
        actor: tender,
        data: (base) => ({ ...base, to: said.to }),
      })
  })
}

/** Setting a state twice shows once: a lost answer is simply looked at again. */
async function tellTracker(needs: Needs, ports: TicketsPorts, step: Step, to: TicketState): Promise<void> {
  const { connection, row, standing } = step
  const tracker = ports.trackers[row.tracker]
  const names = mappingOf(tracker.speech, connection.states)[to] ?? []
  const noun = standing.kind === 'incident' ? 'Incident' : 'Action'
  const note = `${noun} ${standing.number} is ${wordOf(to)} in Mainstay: ${standing.url}`
  const moved = await tracker.move(openSettings(ports, connection), row.ref ?? '', { state: to, names, note })
  if (moved.kind !== 'done') return recordFailure(needs, ports, step, moved, step.calm)
  // Read again: the tracker's own words of it, and whatever else its rules made of our change.
  const after = await tracker.read(openSettings(ports, connection), row.ref ?? '')
  const remote = after.kind === 'done' ? after.value : step.remote
  return agree(needs, ports, { ...step, remote }, { ours: to, theirs: to }, { event: ticketTold, to })
}

const words: Readonly<Record<TicketState, string>> = {
  open: 'open',
  doing: 'being worked on',
  done: 'done',
  dropped: 'dropped',
}
const wordOf = (state: TicketState): string => words[state]

async function followTracker(needs: Needs, ports: TicketsPorts, step: Step, to: TicketState): Promise<void> {
  const { row, remote, connection } = step
  const tracker = ports.trackers[row.tracker]
  const because = `${remote.key} is ${remote.stateName} at ${tracker.title}.`
  const moved = await ports.moveSubject({ kind: row.subjectKind, id: row.subjectId }, to, because)
  if (moved.kind === 'done')
    return agree(needs, ports, step, { ours: step.say(moved.as), theirs: to }, { event: ticketFollowed, to })
  let isNew = false
  await record(needs, ports, step, async (tx, current, now, due) => {
    isNew = current.held !== moved.because
    const saved = await saveTicket(tx, {
      ...current,
      ...seen(remote),
      ...step.calm,
      theirs: step.theirs,
      held: moved.because,
      dueAt: due(plus(now, lookAgainMs('open', await countOpenAt(tx, current.connection)))),
      seenAt: now,
    })
    if (isNew)
      await tellJournal(tx, needs, ports, {
        event: ticketHeld,
        row: saved,
        actor: tender,
        data: (base) => ({ ...base, to, because: moved.because }),
        reason: moved.because,
      })
  })
  // Said there once at most: whoever closed it looks there, not here. The reason names nothing of a restricted incident.
  if (isNew) await tracker.comment(openSettings(ports, connection), row.ref ?? '', `Mainstay: ${moved.because}`)
}

async function loseTicket(needs: Needs, ports: TicketsPorts, tended: Tended): Promise<void> {
  await record(needs, ports, tended, async (tx, current) => {
    const saved = await saveTicket(tx, { ...current, phase: 'gone', dueAt: null })
    await tellJournal(tx, needs, ports, { event: ticketGone, row: saved, actor: tender, data: (base) => base })
  })
}
