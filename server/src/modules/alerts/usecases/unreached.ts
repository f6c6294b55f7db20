// Of alerts that rules would tell of: those whose escalation policy reaches nobody, as it stands now. Who will have been on
// call at each of their times is not asked again: thousands of them would take minutes.
import { monotonicMs } from '../../../platform/monotonic.ts'
import type { Needs } from '../../../platform/room/needs.ts'
import type { AlertsPorts } from '../alerts.ports.ts'
import type { PastAlert } from '../core/index.ts'

// Whoever asks waits for it, and it is not what was asked first.
const mostAsked = 200
const longestMs = 3_000
const mostSaid = 20

export interface Unreached {
  readonly ids: ReadonlySet<string>
  readonly notes: readonly string[]
}

/** Alerts of the same service, team and urgency are asked about once, those of the most first. */
export async function findUnreached(
  needs: Needs,
  { foresee }: Pick<AlertsPorts, 'foresee'>,
  alerts: readonly PastAlert[],
): Promise<Unreached> {
  if (foresee === undefined || alerts.length === 0) return { ids: new Set(), notes: [] }
  const kinds = new Map<string, [PastAlert, ...PastAlert[]]>()
  for (const alert of alerts) {
    const key = JSON.stringify([alert.service, alert.team, alert.urgency])
    const kind = kinds.get(key)
    if (kind === undefined) kinds.set(key, [alert])
    else kind.push(alert)
  }
  const sorted = [...kinds.values()].sort((a, b) => b.length - a.length)
  const at = await needs.database.now()
  const began = monotonicMs()
  const ids = new Set<string>()
  const policies = new Map<string, number>()
  let looked = 0
  for (const kind of sorted.slice(0, mostAsked)) {
    if (monotonicMs() - began > longestMs) break
    looked += 1
    const [{ service, team, urgency }] = kind
    const { policy, reaches } = await foresee({ service, team, urgency, at })
    if (reaches) continue
    for (const { id } of kind) ids.add(id)
    policies.set(policy, (policies.get(policy) ?? 0) + kind.length)
  }
  const notes = [...policies].slice(0, mostSaid).map(([policy, count]) => {
    const whom = count === 1 ? 'one alert pages' : `${count} alerts page`
    return `Escalation policy ${policy} reaches nobody as it stands now: ${whom} nobody, whatever the rules say.`
  })
  const left = sorted.length - looked
  const more =
    left === 0 ? [] : [`Whether the policies of ${left} more services and urgencies reach anybody was not asked.`]
  return { ids, notes: [...notes, ...more] }
}
