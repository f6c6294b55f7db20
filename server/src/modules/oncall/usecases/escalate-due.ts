// One wake-up of an escalation: everything is read at this instant, decided, and written at once.
import type { Needs } from '../../../platform/room/needs.ts'
import { type Directory, stepEscalation, wakeAt } from '../core/index.ts'
import type { OncallPorts } from '../oncall.ports.ts'
import { lockEscalation } from '../oncall.store.ts'
import { loadDirectory } from './load-directory.ts'
import { escalator, saveStep, syncWakeUp } from './save-step.ts'

/** Who is on call decides nothing about a step that is put off. */
const noDirectory: Directory = {
  onCall: () => [],
  changesAt: () => null,
  inTeam: () => [],
  canReach: () => false,
  hasWebhook: () => false,
}

export async function escalateDue(needs: Needs, ports: OncallPorts, id: string): Promise<void> {
  await needs.database.transaction(async (tx) => {
    const row = await lockEscalation(tx, id)
    if (row === null) return
    const now = await tx.now()
    const at = wakeAt(row.state)
    // Answered meanwhile, or woken early: the state says when to come back.
    if (at === null || now < at) return syncWakeUp(tx, id, at)
    const held = (await ports.heldUntil?.(tx, row.alertId)) ?? null
    if (held !== null && held.until > now) {
      const { until, because } = held
      const step = stepEscalation(row.state, { kind: 'hold', until, because }, noDirectory, now)
      return saveStep({ tx, needs, ports }, { row, step, by: escalator, now })
    }
    const { directory } = await loadDirectory(tx, needs, ports.notifier, {
      policies: [row.state.policy],
      people: [],
      at: now,
    })
    const step = stepEscalation(row.state, { kind: 'due' }, directory, now)
    await saveStep({ tx, needs, ports }, { row, step, by: escalator, now })
  })
}
