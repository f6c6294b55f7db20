// "Who is paged if this fires on Sunday at 03:00": the real policy, schedules, contacts and rules, run ahead of time.
import { AppError } from '../../../kernel/app-error.ts'
import { formatInstant, type Instant } from '../../../kernel/instant.ts'
import type { Urgency } from '../../../kernel/severity.ts'
import type { Needs } from '../../../platform/room/needs.ts'
import { simulate } from '../core/index.ts'
import type { OncallPorts } from '../oncall.ports.ts'
import { peekTurn } from '../oncall.store.ts'
import { findPolicy } from './choose-policy.ts'
import { loadDirectory } from './load-directory.ts'

export async function simulatePolicy(
  needs: Needs,
  ports: OncallPorts,
  order: { readonly name: string; readonly at: Instant | null; readonly urgency: Urgency },
) {
  const { database } = needs
  const policy = await findPolicy(database, order.name)
  if (policy === null) throw unknownPolicy(order.name)
  const at = order.at ?? (await database.now())
  const { schedules, reach } = await loadDirectory(database, needs, ports.notifier, {
    policies: [policy],
    people: [],
    at,
  })
  const turn = await peekTurn(database, order.name)
  const { messages, trace, findings, complete } = simulate({
    policy,
    schedules,
    people: reach,
    at,
    urgency: order.urgency,
    turn,
  })
  const labels = new Map(
    [...reach.values()].flatMap(({ person, contacts }) => contacts.map((each) => [`${person} ${each.id}`, each.label])),
  )
  return {
    at: formatInstant(at),
    steps: messages.map((each) => ({
      ...each,
      at: formatInstant(each.at),
      contact: labels.get(`${each.person} ${each.contact}`) ?? each.contact,
    })),
    trace: trace.map((each) => ({ ...each, at: formatInstant(each.at) })),
    findings: findings.map((each) => ({ ...each })),
    complete,
  }
}

export const unknownPolicy = (name: string): AppError =>
  new AppError('not-found', 'oncall.unknown-policy', `There is no escalation policy ${name}.`)
