// Channels may fail for everyone at once (the mail server is down). The rounds of a policy then end without anybody
// having heard anything: such an escalation goes on until one message has arrived.
import { automation } from '../../../kernel/actor.ts'
import { minute } from '../../../kernel/duration.ts'
import { plus } from '../../../kernel/instant.ts'
import type { Needs } from '../../../platform/room/needs.ts'
import { stepEscalation } from '../core/index.ts'
import type { OncallPorts } from '../oncall.ports.ts'
import { lockEscalation, lockOpenOfAlert } from '../oncall.store.ts'
import { loadDirectory } from './load-directory.ts'
import { saveStep, unroutedMs } from './save-step.ts'
import { lookAgain } from './unheard-pace.ts'

/** Slower with every page made: a house without any working channel must not fill its journal. */
const waitAfter = (steps: number): number => Math.min(steps, 30) * minute

/** A person was missed: looks again soon, whatever the escalation does meanwhile. */
export async function rememberMissed(needs: Needs, alertId: string): Promise<void> {
  await needs.database.transaction(async (tx) => {
    const row = await lockOpenOfAlert(tx, alertId)
    if (row === null) return
    await lookAgain(tx, row.id, { at: plus(await tx.now(), waitAfter(row.state.steps)), onDuplicate: 'keep' })
  })
}

export async function pageUnheard(needs: Needs, ports: OncallPorts, id: string): Promise<void> {
  await needs.database.transaction(async (tx) => {
    const row = await lockEscalation(tx, id)
    if (row === null || (await ports.notifier.wasHeard(tx, row.alertId))) return
    const { phase } = row.state
    // While levels are left the escalation goes on by itself; it is looked at again behind its next step.
    if (phase.kind === 'escalating') {
      await lookAgain(tx, id, { at: plus(phase.nextAt, minute) })
    }
    if (phase.kind !== 'exhausted') return
    const now = await tx.now()
    const policies = [row.state.policy]
    const { directory } = await loadDirectory(tx, needs, ports.notifier, { policies, people: [], at: now })
    const by = automation('oncall.page-unheard')
    const step = stepEscalation(
      row.state,
      { kind: 'escalate', by: 'Nobody has heard of it yet: Mainstay' },
      directory,
      now,
    )
    // Still nobody: it was said once, and is tried again in silence until somebody can be reached.
    if (step.effects.some((effect) => effect.kind === 'unrouted')) {
      return lookAgain(tx, id, { at: plus(now, unroutedMs) })
    }
    await saveStep({ tx, needs, ports }, { row, step, by, now })
  })
}
