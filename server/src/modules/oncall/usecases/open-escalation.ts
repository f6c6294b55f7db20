// Begins to look for somebody who answers, in the transaction that opens the alert.
import { type Actor, automation } from '../../../kernel/actor.ts'
import type { AlertSeverity, Tier, Urgency } from '../../../kernel/severity.ts'
import type { Tx } from '../../../platform/database/database.ts'
import { onceIn } from '../../../platform/database/once.ts'
import type { Queries } from '../../../platform/database/queries.ts'
import type { Needs } from '../../../platform/room/needs.ts'
import { openEscalation as decideOpening, type EscalationStep, type Target } from '../core/index.ts'
import { escalationOpened } from '../oncall.contract.ts'
import type { OncallPorts } from '../oncall.ports.ts'
import { type AlertFacts, insertEscalation, lockNewestOfAlert, takeTurn } from '../oncall.store.ts'
import { escalationIdOf } from '../page-id.ts'
import { alsoTelling, type ChosenPolicy, choosePolicy, lastResortPolicy, policyOf } from './choose-policy.ts'
import { loadDirectory } from './load-directory.ts'
import { saveStep, told } from './save-step.ts'

export interface OpenOrder {
  readonly alertId: string
  readonly service: string | null
  /** For alerts whose service nobody knows. */
  readonly team?: string | null
  /** Overrules the service's own; null leaves it to the service. */
  readonly policyName: string | null
  /** Asked for by name, without a policy of their own; goes before every policy. */
  readonly people?: { readonly name: string; readonly levels: readonly (readonly Target[])[] }
  readonly urgency: Urgency
  readonly severity: AlertSeverity
  readonly tier: Tier | null
  readonly facts: AlertFacts | Promise<AlertFacts>
  readonly by?: Actor
}

const isUnrouted = (step: EscalationStep): boolean => step.effects.some((effect) => effect.kind === 'unrouted')

/** Who can be reached is read once for the choice and for the pages that follow from it. */
const pagedIn = (tx: Tx, { knownWebhooks, reachForPages }: OncallPorts['notifier']) => ({
  knownWebhooks,
  reachOf: (_: Queries, people: readonly string[]) => reachForPages(tx, people),
})

export interface Opened {
  /** `webhooks`: machines are told, and people are still to come. */
  readonly verdict: 'paged' | 'assigned' | 'webhooks' | 'unrouted' | 'already-open'
  readonly because: string
}

export async function openEscalation(tx: Tx, needs: Needs, ports: OncallPorts, order: OpenOrder): Promise<Opened> {
  const of = { policy: order.policyName, service: order.service, team: order.team ?? null }
  const choosing =
    order.people === undefined
      ? onceIn(tx, `oncall.policy ${JSON.stringify(of)}`, () => choosePolicy(tx, ports, of))
      : { policy: policyOf(order.people.name, order.people.levels), because: 'asked for by name' }
  const [newest, now, chosen] = await Promise.all([lockNewestOfAlert(tx, order.alertId), tx.now(), choosing])
  if (newest !== null && newest.state.phase.kind !== 'resolved')
    return { verdict: 'already-open', because: 'It is being escalated already.' }
  const begin = async ({ policy, because }: ChosenPolicy) => {
    const { directory } = await onceIn(tx, `oncall.directory ${JSON.stringify(policy)}`, () =>
      loadDirectory(tx, needs, pagedIn(tx, ports.notifier), { policies: [policy], people: [], at: now }),
    )
    // Its row is locked until the commit: only those who take turns wait for each other.
    const takesTurns = policy.levels.some((level) => level.strategy === 'round-robin')
    const turn = takesTurns ? await takeTurn(tx, policy.name) : 0
    return { policy, because, step: decideOpening({ policy, urgency: order.urgency, turn }, directory, now) }
  }
  let opening = await begin(chosen)
  if (isUnrouted(opening.step)) {
    const last = await onceIn(tx, 'oncall.last-resort', () => lastResortPolicy(tx, ports))
    const resort = alsoTelling(last, chosen.policy)
    const why = `policy ${chosen.policy.name} (${chosen.because}) reaches nobody; ${resort.because}`
    const other = await begin({ ...resort, because: why })
    // The chosen one wakes by itself when a schedule changes; it stays when nobody else can be reached either.
    if (!isUnrouted(other.step)) opening = other
  }
  const { policy, because, step } = opening
  const { alertId, service, urgency, severity, tier } = order
  const facts = await order.facts
  const row = {
    id: newest === null ? escalationIdOf(alertId) : needs.newId(),
    alertId,
    service,
    chosen: because,
    urgency,
    severity,
    tier,
    facts,
    state: step.state,
  }
  insertEscalation(tx, row)
  const by = order.by ?? automation('oncall.open')
  const reasons = step.reasons.map((each) => each.sentence).join(' ')
  const sentence = `Policy ${policy.name} (${because}). ${reasons}`
  const opened = told({ row, step, by }, escalationOpened, sentence)
  await saveStep({ tx, needs, ports }, { row, step, by, now }, [opened])
  const { phase } = step.state
  if (phase.kind === 'exhausted')
    return { verdict: phase.because === 'low-urgency' ? 'assigned' : 'unrouted', because: sentence }
  return { verdict: step.state.assigned.length === 0 ? 'webhooks' : 'paged', because: sentence }
}
