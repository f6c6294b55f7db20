// Where a page under way stands, and what its policy would do if it was edited since and taken over now. Nothing is changed.
import { isDeepStrictEqual } from 'node:util'
import { formatInstant } from '../../../kernel/instant.ts'
import type { Needs } from '../../../platform/room/needs.ts'
import { stepEscalation, wakeAt } from '../core/index.ts'
import type { EscalationNow } from '../escalations.contract.ts'
import type { OncallPorts } from '../oncall.ports.ts'
import { type EscalationRow, findOfAlert } from '../oncall.store.ts'
import { findPolicy } from './choose-policy.ts'
import { loadDirectory } from './load-directory.ts'

/** Null when nothing was ever escalated for the alert. */
export async function describeEscalation(
  needs: Needs,
  ports: OncallPorts,
  alertId: string,
  by: string,
): Promise<{ readonly row: EscalationRow; readonly edited: EscalationNow['edited'] } | null> {
  const { database } = needs
  const row = await findOfAlert(database, alertId)
  if (row === null) return null
  const { state } = row
  const saved = state.phase.kind === 'resolved' ? null : await findPolicy(database, state.policy.name)
  if (saved === null || isDeepStrictEqual(saved, state.policy)) return { row, edited: null }
  const now = await database.now()
  const of = { policies: [saved], people: [], at: now }
  const { directory } = await loadDirectory(database, needs, ports.notifier, of)
  const step = stepEscalation(state, { kind: 'reapply', by, policy: saved }, directory, now)
  const nextAt = wakeAt(step.state)
  return {
    row,
    edited: {
      pages: step.effects.flatMap((effect) =>
        effect.kind === 'page' ? effect.people.map((each) => ({ ...each })) : [],
      ),
      nextAt: nextAt === null ? null : formatInstant(nextAt),
      // The first says who took it over, which nobody has yet.
      sentences: step.reasons.slice(1).map((each) => each.sentence),
    },
  }
}
