// Runs a command as the person who wrote it: the operations of the console, with that person's rights and nothing more.
import type { Actor } from '../../../kernel/actor.ts'
import { AppError } from '../../../kernel/app-error.ts'
import { minute } from '../../../kernel/duration.ts'
import { isName } from '../../../kernel/names.ts'
import type { Needs } from '../../../platform/room/needs.ts'
import { actOnAlerts } from '../../alerts/index.ts'
import { findResource } from '../../catalog/index.ts'
import { incidentOperations as operations } from '../../incidents/index.ts'
import { describeObjectives } from '../../slo/index.ts'
import type { ChatPorts } from '../chat.ports.ts'
import { type ChatCommand, commandLines, type PersonWord, readCommand } from '../core/index.ts'

export interface Order {
  readonly actor: Actor
  readonly text: string
  /** The incident of the room it was written in. */
  readonly incidentId: string | null
  /** The same wish asked twice is fulfilled once. */
  readonly once?: string
  /** Somebody named by the chat's own id: who that is here, and what they are called in any case. */
  readonly nameOfUser: (user: string) => Promise<Named>
}

export interface Named {
  /** Null when nobody here. */
  readonly person: string | null
  readonly shown: string
}

export interface Obeyed {
  readonly done: boolean
  readonly sentence: string
  readonly incidentId: string | null
  /** Nothing is said yet: a form can ask for it. */
  readonly form?: 'update' | 'declare'
}

export async function obeyCommand(needs: Needs, ports: ChatPorts, order: Order): Promise<Obeyed> {
  const read = readCommand(order.text)
  if (!read.ok) return refuse(read.sentence)
  try {
    const incidentId = read.incident === null ? order.incidentId : await findByNumber(ports, order, read.incident)
    return await obey(needs, ports, { ...order, incidentId }, await withNames(order, read.command))
  } catch (error) {
    // In flight means that another process is at it: that is for the job to wait for.
    if (!(error instanceof AppError) || error.kind === 'unavailable' || error.code === 'http.idempotency-in-flight')
      throw error
    const faults = (error.details.faults ?? []).map((fault) => fault.detail)
    return { ...refuse([error.message, ...faults].join(' ')), incidentId: order.incidentId }
  }
}

/** In a timeline people have names, not the chat's numbers. */
async function withNames(order: Order, command: ChatCommand): Promise<ChatCommand> {
  switch (command.kind) {
    case 'declare':
      return { ...command, title: command.title === null ? null : await nameMentions(command.title, order.nameOfUser) }
    case 'severity':
    case 'merge':
      return { ...command, reason: await nameMentions(command.reason, order.nameOfUser) }
    case 'note':
    case 'task':
    case 'hypothesis':
    case 'mitigation':
    case 'vendor-case':
      return { ...command, text: await nameMentions(command.text, order.nameOfUser) }
    case 'update':
    case 'impact':
      return { ...command, text: command.text === null ? null : await nameMentions(command.text, order.nameOfUser) }
    default:
      return command
  }
}

export async function nameMentions(text: string, nameOfUser: Order['nameOfUser']): Promise<string> {
  let named = text
  for (const user of new Set([...text.matchAll(/<@([A-Za-z0-9-]{2,40})>/g)].map((found) => found[1] ?? '')))
    named = named.replaceAll(`<@${user}>`, `@${(await nameOfUser(user)).shown}`)
  return named
}

const refuse = (sentence: string): Obeyed => ({ done: false, sentence, incidentId: null })

async function findByNumber(ports: ChatPorts, { actor }: Order, number: number): Promise<string> {
  if (number < 1 || number > 2_147_483_647) throw unknown(number)
  const { items } = await ports.perform(operations.list, actor, { query: { number } })
  const [found] = items
  if (found === undefined) throw unknown(number)
  return found.id
}

const unknown = (number: number) =>
  new AppError('not-found', 'incidents.unknown', `There is no incident ${number} that you may read.`)

async function obey(needs: Needs, ports: ChatPorts, order: Order, command: ChatCommand): Promise<Obeyed> {
  if (command.kind === 'help') return said(order, helpText())
  if (command.kind === 'declare') return declare(needs, ports, order, command)
  if (order.incidentId === null)
    return command.kind === 'status' ? listOpen(needs, ports, order) : whichOne(ports, order)
  return act(needs, ports, { ...order, incidentId: order.incidentId }, command)
}

const said = ({ incidentId }: Order, sentence: string): Obeyed => ({ done: true, sentence, incidentId })

export function helpText(): string {
  return commandLines.map(([written, does]) => `\`${written}\` – ${does}`).join('\n')
}

async function declare(
  needs: Needs,
  ports: ChatPorts,
  order: Order,
  { title, severity }: Extract<ChatCommand, { kind: 'declare' }>,
): Promise<Obeyed> {
  if (title === null) return { ...refuse('What is wrong? Write `declare SENTENCE`.'), form: 'declare' }
  const body = { title: title.slice(0, 200), ...(severity === null ? {} : { severity }) }
  const incident = await ports.perform(operations.declare, order.actor, { body }, order.once)
  const sentence = `Incident ${incident.number} is declared as ${incident.severity}: ${incident.title}. ${needs.publicUrl}/incidents/${incident.id}`
  return { done: true, sentence, incidentId: incident.id }
}

async function listOpen(needs: Needs, ports: ChatPorts, order: Order): Promise<Obeyed> {
  const { items } = await ports.perform(operations.list, order.actor, { query: { status: 'open', limit: 20 } })
  if (items.length === 0) return said(order, 'No incident is open.')
  const lines = items.map(
    (each) =>
      `${each.number} · ${each.severity} · ${each.status} · ${each.title} ${needs.publicUrl}/incidents/${each.id}`,
  )
  return said(order, lines.join('\n'))
}

async function whichOne(ports: ChatPorts, order: Order): Promise<Obeyed> {
  const { items } = await ports.perform(operations.list, order.actor, { query: { status: 'open', limit: 5 } })
  const open = items.map((each) => `${each.number} (${each.title})`).join(', ')
  const which = open === '' ? 'None is open: `declare SENTENCE` opens one.' : `Open: ${open}.`
  return refuse(
    `Which incident? Write its number first, \`42 ${order.text.trim().slice(0, 40)}\`, or write in its room. ${which}`,
  )
}

type Within = Order & { readonly incidentId: string }

async function act(
  needs: Needs,
  ports: ChatPorts,
  order: Within,
  command: Exclude<ChatCommand, { kind: 'help' | 'declare' }>,
): Promise<Obeyed> {
  const { actor, once } = order
  const params = { id: order.incidentId }
  switch (command.kind) {
    case 'acknowledge':
      return acknowledge(ports, order)
    case 'severity': {
      const body = { severity: command.severity, reason: command.reason.slice(0, 500) }
      const { severity } = await ports.perform(operations.update, actor, { params, body }, once)
      return said(order, `It is ${severity} now.`)
    }
    case 'role': {
      const person = await nameOf(needs, order, command.person)
      const body = { role: command.role, ...(person === null ? {} : { person }) }
      await ports.perform(operations.assignRole, actor, { params, body }, once)
      return said(order, `${person ?? 'You'} ${person === null ? 'are' : 'is'} ${spaced(command.role)} now.`)
    }
    case 'update': {
      if (command.text === null)
        return { ...refuse('What is to be told? Write `update TEXT`.'), incidentId: order.incidentId, form: 'update' }
      const { audience, customer } = command
      const body = { audience, text: command.text.slice(0, 4_000), ...(customer === null ? {} : { customer }) }
      try {
        const update = await ports.perform(operations.postUpdate, actor, { params, body }, once)
        return said(
          order,
          `Update ${update.number} is out${update.nextAt === null ? '.' : `; the next is due ${update.nextAt}.`}`,
        )
      } catch (error) {
        if (!(error instanceof AppError) || error.code !== 'incidents.needs-approval') throw error
        const { number } = await ports.perform(
          operations.proposeUpdate,
          actor,
          { params, body },
          once === undefined ? undefined : `${once} proposed`,
        )
        return said(order, `It waits for somebody else: \`approve ${number}\`. Nobody is told before.`)
      }
    }
    case 'decide-update': {
      const { proposal, approve, reason } = command
      const body = { approve, ...(reason === null ? {} : { reason: reason.slice(0, 500) }) }
      const at = { ...params, number: proposal }
      const { update, outcome } = await ports.perform(operations.decideUpdate, actor, { params: at, body }, once)
      if (update !== null) return said(order, `Update ${update} is out.`)
      return said(order, `It is ${outcome === 'taken-back' ? 'taken back' : 'declined'}; nobody is told.`)
    }
    case 'withdraw-update': {
      const { proposal, reason } = command
      const body = reason === null ? {} : { reason: reason.slice(0, 500) }
      const at = { ...params, number: proposal }
      await ports.perform(operations.withdrawUpdate, actor, { params: at, body }, once)
      return said(order, 'It is taken back; nobody is told.')
    }
    case 'offer': {
      const person = (await nameOf(needs, order, command.person)) ?? ''
      const body = { role: command.role, person }
      await ports.perform(operations.offerRole, actor, { params, body }, once)
      return said(order, `${person} is asked to be ${spaced(command.role)}; until then nothing changes.`)
    }
    case 'answer-offer': {
      const { role, accept } = command
      await ports.perform(operations.answerOffer, actor, { params, body: { role, accept } }, once)
      return said(order, accept ? `You are ${spaced(role)} now.` : 'It is declined.')
    }
    case 'impact':
      return stateImpact(ports, order, command)
    case 'merge': {
      const into = await findByNumber(ports, order, command.into)
      const body = { into, reason: command.reason.slice(0, 500) }
      await ports.perform(operations.merge, actor, { params, body }, once)
      return said(order, `It goes on in incident ${command.into}. ${needs.publicUrl}/incidents/${into}`)
    }
    case 'note': {
      await ports.perform(operations.note, actor, { params, body: { text: command.text.slice(0, 4_000) } }, once)
      return said(order, 'It stands in the timeline.')
    }
    case 'pin':
      return pin(needs, ports, order, command)
    case 'task':
    case 'decision':
    case 'hypothesis':
    case 'mitigation':
    case 'vendor-case':
      return addItem(needs, ports, order, command)
    case 'move': {
      const body = { to: command.to, ...(command.note === null ? {} : { note: command.note.slice(0, 500) }) }
      const moved = await ports.perform(operations.transition, actor, { params, body }, once)
      return said(order, `Incident ${moved.number} is ${moved.status} now.`)
    }
    case 'status':
      return describe(needs, ports, order)
  }
}

const spaced = (role: string): string => role.replace('-', ' ')

// A little of what was before, so that the beginning can be seen.
const beforeMs = 15 * minute

async function pin(
  needs: Needs,
  ports: ChatPorts,
  order: Within,
  { objective, backMs }: Extract<ChatCommand, { kind: 'pin' }>,
): Promise<Obeyed> {
  const params = { id: order.incidentId }
  const incident = await ports.perform(operations.read, order.actor, { params })
  const name = objective ?? (await worstOf(needs, incident.services))
  if (name === null)
    return {
      ...refuse('None of its services has an objective. Name one: `pin OBJECTIVE`.'),
      incidentId: order.incidentId,
    }
  const now = await needs.database.now()
  const to = incident.resolvedAt === null || backMs !== null ? now : Date.parse(incident.resolvedAt)
  const from = backMs === null ? Date.parse(incident.impactStartedAt ?? incident.declaredAt) - beforeMs : now - backMs
  const body = { objective: name, from: new Date(from).toISOString(), to: new Date(to).toISOString() }
  const { title } = await ports.perform(operations.pinGraph, order.actor, { params, body }, order.once)
  return said(order, `${title} is pinned, as it is measured now.`)
}

/** The one with the least left of its budget. */
async function worstOf(needs: Needs, services: readonly string[]): Promise<string | null> {
  for (const service of services) {
    const [worst] = await describeObjectives(needs.database, { service, state: null, sort: 'remaining' }, null, 1)
    if (worst !== undefined) return worst.name
  }
  return null
}

/** What is not said stays as it was stated. */
async function stateImpact(
  ports: ChatPorts,
  order: Within,
  { people, text }: Extract<ChatCommand, { kind: 'impact' }>,
): Promise<Obeyed> {
  const params = { id: order.incidentId }
  const stated = await ports.perform(operations.readImpact, order.actor, { params })
  const body = {
    statement: text?.slice(0, 2_000) ?? stated.statement,
    // Spans that nobody stated go on following the incident.
    spans: stated.derived ? [] : stated.spans,
    ...(people === null ? {} : { people }),
  }
  await ports.perform(operations.stateImpact, order.actor, { params, body }, order.once)
  return said(order, 'The impact is stated.')
}

async function addItem(
  needs: Needs,
  ports: ChatPorts,
  order: Within,
  command: Extract<ChatCommand, { kind: 'task' | 'decision' | 'hypothesis' | 'mitigation' | 'vendor-case' }>,
): Promise<Obeyed> {
  const owner = command.kind === 'task' && command.owner !== null ? await nameOf(needs, order, command.owner) : null
  const self = command.kind === 'task' && command.owner?.kind === 'self'
  const person = owner ?? (self ? await ports.declaredNameOf(order.actor) : null)
  const body = {
    kind: command.kind,
    text: command.text.slice(0, 1_000),
    ...(person === null ? {} : { owner: person }),
    ...(command.kind === 'decision' ? { reason: command.reason.slice(0, 1_000) } : {}),
    ...(command.kind === 'mitigation' && command.objective !== null
      ? { verify: { objective: command.objective } }
      : {}),
    ...(command.kind === 'vendor-case' ? { vendorCase: caseOf(command) } : {}),
  }
  const item = await ports.perform(
    operations.addItem,
    order.actor,
    { params: { id: order.incidentId }, body },
    order.once,
  )
  const to = person === null ? '' : ` for ${person}`
  switch (command.kind) {
    case 'task':
      return said(order, `The task stands in the room${to}.`)
    case 'decision':
      return said(order, 'The decision is on record.')
    case 'hypothesis':
      return said(order, 'The suspicion stands in the room.')
    case 'mitigation':
      return said(
        order,
        item.verification === null
          ? 'The mitigation is under way.'
          : `It is watched on ${item.verification.objective}.`,
      )
    case 'vendor-case': {
      const reached = (item.vendorCase?.contacts ?? []).map((each) => `${each.label}: ${each.value}`)
      return said(order, [`The case at ${command.vendor} stands in the room.`, ...reached].join('\n'))
    }
  }
}

const caseOf = ({ vendor, caseNumber }: { readonly vendor: string; readonly caseNumber: string | null }) =>
  caseNumber === null ? { vendor } : { vendor, caseNumber }

/** All its alerts; and an incident nobody has looked at yet is looked at now. */
async function acknowledge(ports: ChatPorts, order: Within): Promise<Obeyed> {
  const { actor, once } = order
  const params = { id: order.incidentId }
  const incident = await ports.perform(operations.read, actor, { params })
  const ids = incident.alerts.filter((alert) => alert.status === 'firing').map((alert) => alert.id)
  const taken =
    ids.length === 0
      ? []
      : (await ports.perform(actOnAlerts, actor, { body: { ids: ids.slice(0, 500), action: 'acknowledge' } }, once))
          .done
  // The last of its alerts may have moved it on already.
  const now = await ports.perform(operations.read, actor, { params })
  if (now.status === 'triage') {
    const body = { to: 'active' as const, note: `${await ports.personOf(actor)} is on it.` }
    await ports.perform(operations.transition, actor, { params, body }, once).catch((error: unknown) => {
      if (!(error instanceof AppError) || error.kind !== 'conflict') throw error
    })
  }
  if (taken.length > 0)
    return said(order, `It is yours: ${taken.length} ${taken.length === 1 ? 'alert' : 'alerts'} acknowledged.`)
  return said(order, now.status === 'triage' ? 'It is yours.' : 'Nothing waits for an acknowledgement.')
}

async function describe(needs: Needs, ports: ChatPorts, order: Within): Promise<Obeyed> {
  const incident = await ports.perform(operations.read, order.actor, { params: { id: order.incidentId } })
  const roles = incident.roles.map((each) => `${each.role.replace('-', ' ')} ${each.person}`).join(', ')
  return said(
    order,
    [
      `Incident ${incident.number}, ${incident.severity}, ${incident.status}: ${incident.title}`,
      roles === '' ? 'Nobody has a role.' : roles,
      ...(incident.nextUpdateAt === null ? [] : [`The next update is due ${incident.nextUpdateAt}.`]),
      `${needs.publicUrl}/incidents/${incident.id}`,
    ].join('\n'),
  )
}

/** The catalog's name; null for whoever writes. */
async function nameOf(needs: Needs, order: Order, word: PersonWord): Promise<string | null> {
  if (word.kind === 'self') return null
  const name = word.kind === 'user' ? (await order.nameOfUser(word.id)).person : word.name
  const known = name !== null && isName(name) && (await findResource(needs.database, { kind: 'Person', name })) !== null
  if (known) return name
  throw new AppError(
    'not-found',
    'chat.unknown-person',
    name === null
      ? 'Mainstay does not know who that is: the account here needs the same e-mail address as the one in chat.'
      : `There is no person ${name.slice(0, 63)} in the catalog.`,
  )
}
