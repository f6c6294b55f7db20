// Brings a room to what it should be: one call after the other, each written down before and after.
import { automation } from '../../../kernel/actor.ts'
import { invariant } from '../../../kernel/app-error.ts'
import { minute } from '../../../kernel/duration.ts'
import { type Instant, plus } from '../../../kernel/instant.ts'
import type { Tx } from '../../../platform/database/database.ts'
import type { Needs } from '../../../platform/room/needs.ts'
import type { Turn } from '../../../platform/work/job.ts'
import { roomOpened } from '../chat.contract.ts'
import type { ChatOutcome, ChatPorts, ChatRoom, PlaceOfRoom, Posting } from '../chat.ports.ts'
import { findLink, lockRoom, type RoomRow, saveRoom, type UnderWay } from '../chat.store.ts'
import { type ChatMessage, nextStep, type RoomStep, roomName, textOf } from '../core/index.ts'
import { noteAway, noteBack } from './keep-link.ts'
import { type Wish, wantedOf } from './wanted-room.ts'

/** Slack takes about one message a second in a room; others take more. */
const paceMs = 1_100
/** What an administrator has to mend is looked at again after this. */
const mendMs = 5 * minute
const mostNames = 20
/** A lost answer may stand for a message: one more copy, and then it counts as told. */
const mostCopies = 2

type Ended = { readonly kind: 'go-on' } | { readonly kind: 'again'; readonly at: Instant } | { readonly kind: 'rest' }
const goOn: Ended = { kind: 'go-on' }

export async function bringRoom(needs: Needs, ports: ChatPorts, roomId: string, turn: Turn): Promise<void> {
  for (;;) {
    const plan = await planStep(needs, ports, roomId)
    if (plan === null) return
    const ended = plan.kind === 'step' ? await takeStep(needs, ports, plan) : plan
    if (ended.kind === 'go-on') continue
    const settled = await needs.database.transaction(async (tx) => {
      if (ended.kind === 'again') {
        await turn.again(tx, ended.at)
        return true
      }
      const room = await lockRoom(tx, roomId)
      // News came while the last step was under way.
      if (room !== null && plan.kind !== 'again' && room.wanted !== plan.seen) return false
      await turn.finish(tx)
      return true
    })
    if (settled) return
  }
}

interface Step {
  readonly kind: 'step'
  readonly seen: number
  readonly room: RoomRow
  readonly chat: ChatRoom
  readonly wish: Wish
  readonly step: RoomStep
  /** Begun by somebody whose end was never heard of. */
  readonly inDoubt: UnderWay | null
}
type Plan = Step | { readonly kind: 'again'; readonly at: Instant } | { readonly kind: 'rest'; readonly seen: number }

/** Chooses the next call, and writes down that it is begun when making it twice would show. */
async function planStep(needs: Needs, ports: ChatPorts, roomId: string): Promise<Plan | null> {
  const provider = await needs.database.transaction(async (tx) => (await lockRoom(tx, roomId))?.provider ?? null)
  const chat = provider === null ? undefined : ports.chats[provider]?.room
  if (chat === undefined) return null
  const connected = await chat.isConnected()
  return needs.database.transaction(async (tx): Promise<Plan | null> => {
    const room = await lockRoom(tx, roomId)
    if (room === null || room.state === 'archived') return null
    const now = await tx.now()
    const link = await findLink(tx, chat.provider)
    if (link.nextTryAt !== null && now < link.nextTryAt) return { kind: 'again', at: link.nextTryAt }
    if (!connected) {
      const fault = `${chat.title} is not connected: an administrator adds it under Settings, Channels.`
      await saveRoom(tx, { ...room, fault })
      return { kind: 'again', at: plus(now, mendMs) }
    }
    const wish = await wantedOf(tx, ports, room, needs.publicUrl)
    if (wish === null) {
      await saveRoom(tx, { ...room, state: 'archived' })
      return null
    }
    const seen = room.wanted
    const common = { kind: 'step', seen, room, chat, wish, inDoubt: room.underWay } as const
    if (room.underWay !== null) return { ...common, step: stepOf(room.underWay) }
    const step = nextStep({ ...room, hasSummary: room.summaryRef !== null, ...stateOf(room) }, wish.wanted)
    if (step.kind === 'nothing') {
      if (room.fault !== null) await saveRoom(tx, { ...room, fault: null })
      return { kind: 'rest', seen }
    }
    const isPost = step.kind === 'post' || step.kind === 'summary' || step.kind === 'change-summary'
    if (isPost && room.nextPostAt !== null && now < room.nextPostAt) return { kind: 'again', at: room.nextPostAt }
    const underWay = beginning(room, wish, chat, step)
    if (underWay !== null) await saveRoom(tx, { ...room, underWay })
    return { ...common, step }
  })
}

const stateOf = ({ state }: RoomRow) => ({ state: state === 'archived' ? ('open' as const) : state })

function beginning(room: RoomRow, { incident }: Wish, chat: ChatRoom, step: RoomStep): UnderWay | null {
  switch (step.kind) {
    case 'open': {
      const { number, title, kind } = incident
      const name = roomName({ number, title, kind, limit: chat.longestName, attempt: room.nameAttempt })
      return { kind: 'open', name }
    }
    case 'summary':
      return { kind: 'summary', key: `${room.id}:summary`, message: step.message, attempts: 1 }
    case 'post':
      return { ...step, kind: 'post', key: `${room.id}:${step.upTo}`, attempts: 1 }
    default:
      return null
  }
}

function stepOf(underWay: UnderWay): RoomStep {
  if (underWay.kind === 'open') return { kind: 'open' }
  const { message } = underWay
  return underWay.kind === 'summary' ? { kind: 'summary', message } : { kind: 'post', upTo: underWay.upTo, message }
}

async function takeStep(needs: Needs, ports: ChatPorts, plan: Step): Promise<Ended> {
  const { step } = plan
  switch (step.kind) {
    case 'open':
      return openRoom(needs, plan)
    case 'summary':
    case 'post':
      return postMessage(needs, plan, step)
    case 'skip':
      return record(needs, plan, { kind: 'done', value: null }, () => ({ toldTo: step.upTo }))
    case 'invite':
      return inviteAll(needs, ports, plan, step.people)
    default:
      return changeRoom(needs, plan, step)
  }
}

async function changeRoom(
  needs: Needs,
  plan: Step,
  step: Extract<RoomStep, { kind: 'change-summary' | 'pin' | 'topic' | 'archive' | 'nothing' }>,
): Promise<Ended> {
  const { room, chat } = plan
  const place = room.place ?? ''
  const ref = room.summaryRef ?? ''
  switch (step.kind) {
    case 'change-summary': {
      const changed = await chat.change(place, ref, summaryPosting(room, step.message))
      return record(needs, plan, changed, (_, now) => ({
        summary: textOf(step.message),
        nextPostAt: plus(now, paceMs),
      }))
    }
    case 'pin':
      return record(needs, plan, await chat.pin(place, ref), () => ({ isPinned: true }))
    case 'topic':
      return record(needs, plan, await chat.setTopic(place, step.topic), () => ({ topic: step.topic }))
    case 'archive':
      return record(needs, plan, await chat.archive(place), () => ({ state: 'archived' }))
    case 'nothing':
      return { kind: 'rest' }
  }
}

const summaryPosting = ({ id, incidentId }: RoomRow, message: ChatMessage): Posting => ({
  message,
  incidentId,
  key: `${id}:summary`,
  isSummary: true,
})

async function openRoom(needs: Needs, plan: Step): Promise<Ended> {
  const { room, chat, inDoubt } = plan
  const { number, title, kind } = plan.wish.incident
  const naming = { number, title, kind, limit: chat.longestName, attempt: room.nameAttempt }
  const name = inDoubt?.kind === 'open' ? inDoubt.name : roomName(naming)
  if (inDoubt !== null) {
    const found = await chat.findOwn(name)
    // A chat that cannot tell is asked to make one: if it is there, the name is taken.
    if (found.kind === 'wait' || found.kind === 'lost') return record(needs, plan, found, () => ({}))
    if (found.kind === 'done' && found.value !== null) return keepRoom(needs, plan, found.value)
  }
  if (room.state === 'leaving')
    return record(needs, plan, { kind: 'done', value: null }, () => ({ state: 'archived', underWay: null }))
  const summary = summaryPosting(room, plan.wish.wanted.summary)
  const opened = await chat.open({ name, isPrivate: room.isPrivate, summary })
  if (opened.kind === 'done') return keepRoom(needs, plan, opened.value)
  if (opened.kind === 'refused' && opened.code === 'name-taken' && room.nameAttempt < mostNames)
    return record(needs, plan, { kind: 'done', value: null }, () => ({
      nameAttempt: room.nameAttempt + 1,
      underWay: null,
    }))
  return record(needs, plan, opened, () => ({}))
}

async function keepRoom(needs: Needs, plan: Step, made: PlaceOfRoom): Promise<Ended> {
  const { incident, wanted } = plan.wish
  return record(
    needs,
    plan,
    { kind: 'done', value: made },
    ({ place, name, url, begunWith }, now, room) => ({
      // It may have become one for few meanwhile.
      state: room.state === 'leaving' ? 'leaving' : 'open',
      place,
      name,
      url,
      underWay: null,
      ...(begunWith === undefined
        ? {}
        : { summaryRef: begunWith, summary: textOf(wanted.summary), nextPostAt: plus(now, paceMs) }),
    }),
    async (tx) => {
      await needs.journal.publish(tx, roomOpened, {
        actor: automation('chat.sync-room'),
        subject: { kind: 'incident', id: incident.id },
        links: incident.kind === 'security' ? [{ kind: 'restricted', id: incident.id }] : [],
        data: { incidentId: incident.id, number: incident.number, chat: plan.chat.title, name: made.name },
      })
    },
  )
}

async function postMessage(
  needs: Needs,
  plan: Step,
  step: Extract<RoomStep, { kind: 'summary' | 'post' }>,
): Promise<Ended> {
  const { room, chat, inDoubt } = plan
  const place = room.place ?? ''
  const key = step.kind === 'summary' ? `${room.id}:summary` : `${room.id}:${step.upTo}`
  const keep = (ref: string, now: Instant): Partial<RoomRow> => ({
    underWay: null,
    nextPostAt: plus(now, paceMs),
    ...(step.kind === 'summary' ? { summaryRef: ref, summary: textOf(step.message) } : { toldTo: step.upTo }),
  })
  // What was begun for everybody's eyes is not ended once the incident is for few.
  if (room.state === 'leaving' && step.kind === 'post')
    return record(needs, plan, { kind: 'done', value: null }, () => ({ underWay: null }))
  if (inDoubt !== null && inDoubt.kind !== 'open') {
    const found = await chat.findPost(place, key)
    if (found.kind === 'done' && found.value !== null)
      return record(needs, plan, found, (ref, now) => keep(ref ?? '', now))
    if (found.kind === 'wait' || found.kind === 'lost') return record(needs, plan, found, () => ({}))
    const unknown = found.kind === 'refused' && found.code !== 'room-gone'
    // It cannot be found out: as many copies as are bearable, and the lines are not lost.
    if (unknown && inDoubt.attempts >= mostCopies && step.kind === 'post')
      return record(needs, plan, { kind: 'done', value: '' }, keep)
    if (unknown) await countCopy(needs, room.id, inDoubt)
  }
  const { incidentId } = room
  const posting = { message: step.message, key, incidentId, isSummary: step.kind === 'summary' }
  return record(needs, plan, await chat.post(place, posting), keep)
}

async function countCopy(needs: Needs, roomId: string, underWay: Exclude<UnderWay, { kind: 'open' }>): Promise<void> {
  await needs.database.transaction(async (tx) => {
    const room = await lockRoom(tx, roomId)
    if (room !== null) await saveRoom(tx, { ...room, underWay: { ...underWay, attempts: underWay.attempts + 1 } })
  })
}

/** Those the chat does not know are looked for once; they can be asked in by hand. */
async function inviteAll(needs: Needs, _ports: ChatPorts, plan: Step, emails: readonly string[]): Promise<Ended> {
  const users: string[] = []
  for (const email of emails) {
    const found = await plan.chat.findUser(email)
    if (found.kind === 'wait' || found.kind === 'lost') return record(needs, plan, found, () => ({}))
    if (found.kind === 'done' && found.value !== null) users.push(found.value)
  }
  const invited =
    users.length === 0 ? ({ kind: 'done', value: null } as const) : await plan.chat.invite(plan.room.place ?? '', users)
  // One that may not be asked in must not keep the lines from the others.
  const outcome =
    invited.kind === 'refused' && invited.code === 'other' ? ({ kind: 'done', value: null } as const) : invited
  return record(needs, plan, outcome, () => ({ invited: [...plan.room.invited, ...emails] }))
}

/** Writes the end of a call down: what it changed, or when to ask again. */
async function record<Value>(
  needs: Needs,
  plan: Step,
  outcome: ChatOutcome<Value>,
  change: (value: Value, now: Instant, room: RoomRow) => Partial<RoomRow>,
  also?: (tx: Tx) => Promise<void>,
): Promise<Ended> {
  return needs.database.transaction(async (tx): Promise<Ended> => {
    const { provider } = plan.chat
    const now = await tx.now()
    const room = await lockRoom(tx, plan.room.id)
    invariant(room !== null, 'a room that was planned for is there')
    if (outcome.kind === 'done') {
      await saveRoom(tx, { ...room, ...change(outcome.value, now, room), fault: null })
      await noteBack(tx, needs, provider)
      await also?.(tx)
      return goOn
    }
    if (outcome.kind === 'refused') {
      await noteBack(tx, needs, provider)
      if (outcome.code === 'room-gone') {
        // Somebody archived or deleted it over there: it is over, and said in the console.
        await saveRoom(tx, { ...room, state: 'archived', underWay: null, fault: outcome.because })
        return goOn
      }
      if (outcome.code === 'message-gone') {
        // The summary was removed: it is posted and pinned anew.
        await saveRoom(tx, { ...room, summaryRef: null, summary: null, isPinned: false, fault: null })
        return goOn
      }
      await saveRoom(tx, { ...room, underWay: null, fault: outcome.because })
      return { kind: 'again', at: plus(now, mendMs) }
    }
    // Certainly not done: nothing is in doubt.
    if (outcome.kind === 'wait' && plan.inDoubt === null && room.underWay !== null)
      await saveRoom(tx, { ...room, underWay: null })
    const { because } = outcome
    return {
      kind: 'again',
      at: await noteAway(tx, needs, provider, { because, afterMs: 'afterMs' in outcome ? outcome.afterMs : null }),
    }
  })
}
