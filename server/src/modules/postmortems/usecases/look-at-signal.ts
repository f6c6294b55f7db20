// What the signal of a corrective action says now. Nothing is taken for good because nobody can see it.
import { AppError } from '../../../kernel/app-error.ts'
import type { Instant } from '../../../kernel/instant.ts'
import type { Queries } from '../../../platform/database/queries.ts'
import { listAlertRows } from '../../alerts/index.ts'
import { findService } from '../../catalog/index.ts'
import { listIncidentRows } from '../../incidents/index.ts'
import { findObjectiveSummary } from '../../slo/index.ts'
import { judgeDrills, type ProofSignal, type SignalSeen } from '../core/index.ts'
import type { PostmortemsPorts } from '../postmortems.ports.ts'

export async function checkSignal(queries: Queries, signal: ProofSignal): Promise<void> {
  const known =
    signal.kind === 'objective'
      ? (await findObjectiveSummary(queries, signal.objective)) !== null
      : (await findService(queries, signal.service)) !== null
  if (known) return
  const name = signal.kind === 'objective' ? `objective ${signal.objective}` : `service ${signal.service}`
  throw new AppError('invalid', 'postmortems.unknown-signal', `There is no ${name}.`)
}

export async function lookAtSignal(
  queries: Queries,
  ports: Pick<PostmortemsPorts, 'checkOf'>,
  signal: ProofSignal,
  since: Instant,
): Promise<SignalSeen> {
  if (signal.kind === 'objective') return lookAtObjective(queries, signal.objective)
  if ((await findService(queries, signal.service)) === null)
    return { state: 'gone', detail: `there is no service ${signal.service} any more.` }
  if (signal.kind === 'alert') return lookAtAlert(queries, signal)
  if (signal.kind === 'drill') return lookAtDrills(queries, signal, since)
  const cell = (await ports.checkOf?.(queries, signal.service, signal.check)) ?? null
  if (cell === null) return { state: 'unknown', detail: `Nobody can say whether ${signal.service} passes.` }
  const detail = `${signal.service}, ${signal.check}: ${cell.sentence}`
  return { state: cell.state === 'present' ? 'good' : cell.state === 'silent' ? 'unknown' : 'bad', detail }
}

async function lookAtObjective(queries: Queries, name: string): Promise<SignalSeen> {
  const objective = await findObjectiveSummary(queries, name)
  if (objective === null) return { state: 'gone', detail: `there is no objective ${name} any more.` }
  if (objective.level !== 'none' || objective.state === 'burning' || objective.state === 'exhausted')
    return { state: 'bad', detail: `${objective.displayName}: ${objective.sentence}` }
  if (objective.state === 'ok') return { state: 'good', detail: `${objective.displayName} is within its budget.` }
  return { state: 'unknown', detail: `${objective.displayName} is not measured now.` }
}

async function lookAtAlert(
  queries: Queries,
  signal: { readonly service: string; readonly title: string },
): Promise<SignalSeen> {
  const filter = {
    status: 'open',
    service: signal.service,
    team: null,
    severity: null,
    incident: null,
    search: null,
    from: null,
    to: null,
  } as const
  const open = (await listAlertRows(queries, filter, null, 200)).some((each) => each.title === signal.title)
  return open
    ? { state: 'bad', detail: `The alert "${signal.title}" is open on ${signal.service}.` }
    : { state: 'good', detail: `The alert "${signal.title}" did not open on ${signal.service}.` }
}

/** Newest first, of one service since a day: more than these nobody holds. */
const mostDrills = 50

async function lookAtDrills(
  queries: Queries,
  signal: Extract<ProofSignal, { kind: 'drill' }>,
  since: Instant,
): Promise<SignalSeen> {
  const filter = {
    reader: { all: true },
    kind: 'drill',
    status: 'over',
    service: signal.service,
    severity: null,
    search: null,
    from: since,
    to: null,
  } as const
  const drills = await listIncidentRows(queries, filter, null, mostDrills)
  return judgeDrills(
    signal,
    since,
    drills.filter((each) => each.mergedInto === null),
  )
}
