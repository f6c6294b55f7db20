// Reading and replacing the rules of a person, with what would surprise them at night.
import type { Actor } from '../../../kernel/actor.ts'
import { AppError } from '../../../kernel/app-error.ts'
import { instant } from '../../../kernel/instant.ts'
import type { JsonObject } from '../../../kernel/json.ts'
import { urgencies } from '../../../kernel/severity.ts'
import type { Queries } from '../../../platform/database/queries.ts'
import type { Needs } from '../../../platform/room/needs.ts'
import { saveRules } from '../contacts.store.ts'
import { checkPersonalRules, type PersonalRules, planDeliveries } from '../core/index.ts'
import { rulesReplaced } from '../notifications.contract.ts'
import type { NotificationPorts } from '../notifications.ports.ts'
import { reachOf } from './reach.ts'

export interface RulesOfPerson {
  readonly person: string
  readonly rules: PersonalRules
  readonly findings: readonly { readonly code: string; readonly sentence: string }[]
}

export async function readRules(queries: Queries, ports: NotificationPorts, person: string): Promise<RulesOfPerson> {
  const { rules, contacts } = await reachOf(queries, ports, person)
  const findings = urgencies.flatMap((urgency) => planDeliveries(rules, contacts, urgency, instant(0)).findings)
  const once = new Map(findings.map((each) => [each.sentence, { ...each }]))
  return { person, rules, findings: [...once.values()] }
}

export async function replaceRules(
  needs: Needs,
  ports: NotificationPorts,
  order: { readonly person: string; readonly rules: PersonalRules; readonly actor: Actor },
): Promise<RulesOfPerson> {
  return needs.database.transaction(async (tx) => {
    const { contacts, rules: before } = await reachOf(tx, ports, order.person)
    const faults = checkPersonalRules(order.rules, contacts)
    if (faults.length > 0)
      throw new AppError('invalid', 'notifications.rules-refused', 'The rules cannot be kept as they are.', { faults })
    await saveRules(tx, order.person, order.rules)
    await needs.journal.publish(tx, rulesReplaced, {
      actor: order.actor,
      subject: { kind: 'person', id: order.person },
      data: {},
      before: toJson(before),
      after: toJson(order.rules),
    })
    return readRules(tx, ports, order.person)
  })
}

function toJson(rules: PersonalRules): JsonObject {
  const steps = (list: PersonalRules['high']) => list.map((step) => ({ delayMs: step.delayMs, contact: step.contact }))
  return { high: steps(rules.high), low: steps(rules.low) }
}
