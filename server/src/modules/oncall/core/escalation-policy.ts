// Who is paged when nobody answers: levels, rounds and time-outs. Copied into the escalation when it opens,
// so an edit never changes a page already under way.
import type { Fault } from '../../../kernel/app-error.ts'
import { day, formatDuration, minute, second } from '../../../kernel/duration.ts'

export type Target =
  | { readonly kind: 'person'; readonly person: string }
  | { readonly kind: 'schedule'; readonly schedule: string }
  /** Everybody who is in it at the instant of the step, on call or not. */
  | { readonly kind: 'team'; readonly team: string }
  /** A machine. It is told, and that it was told means nobody has heard of it yet. */
  | { readonly kind: 'webhook'; readonly webhook: string }

export interface Level {
  readonly targets: readonly Target[]
  /** How long this level has to acknowledge before the next one is paged. */
  readonly waitMs: number
  /**
   * `round-robin` pages one target, the next one for each new alert and each round, skipping who cannot be reached.
   * Webhooks take no turns: they are told each time.
   */
  readonly strategy?: 'everyone' | 'round-robin'
}

export interface EscalationPolicy {
  readonly name: string
  readonly levels: readonly Level[]
  /** Rounds after the first one. */
  readonly repeat: number
  /** An acknowledgement with no resolve pages again after this; null means never. */
  readonly ackTimeoutMs: number | null
  /** Someone who comes on call while nobody has acknowledged is paged too. */
  readonly pageOnHandOver: boolean
  /** Paged when no level has anyone who can be reached. */
  readonly fallbackOwner: string | null
}

/** PagerDuty's default; the reference scale people come with. */
export const defaultAckTimeoutMs = 30 * minute

const mostLevels = 20
const mostTargets = 20
const mostRepeats = 9

export interface KnownTargets {
  readonly people: ReadonlySet<string>
  readonly schedules: ReadonlySet<string>
  readonly teams: ReadonlySet<string>
  readonly webhooks: ReadonlySet<string>
}

export function checkEscalationPolicy(policy: EscalationPolicy, known: KnownTargets): readonly Fault[] {
  const faults: Fault[] = []
  const fault = (pointer: string, detail: string) => faults.push({ pointer, detail })
  if (policy.levels.length === 0) fault('/levels', 'A policy needs at least one level.')
  if (policy.levels.length > mostLevels) fault('/levels', `A policy has at most ${mostLevels} levels.`)
  if (!Number.isInteger(policy.repeat) || policy.repeat < 0 || policy.repeat > mostRepeats) {
    fault('/repeat', `A policy repeats 0 to ${mostRepeats} times, not ${policy.repeat}.`)
  }
  if (policy.ackTimeoutMs !== null && !isBetween(policy.ackTimeoutMs, minute, 7 * day)) {
    fault('/ackTimeoutMs', 'An acknowledgement times out after 1m to 7d, or never.')
  }
  if (policy.fallbackOwner === null) {
    fault('/fallbackOwner', 'Name a fallback owner: someone must be paged when every level is empty.')
  } else if (!known.people.has(policy.fallbackOwner)) {
    fault('/fallbackOwner', `There is no person "${policy.fallbackOwner}".`)
  }
  for (const [index, level] of policy.levels.entries()) {
    const at = `/levels/${index}`
    if (level.targets.length === 0) fault(`${at}/targets`, `Level ${index + 1} pages nobody.`)
    if (level.targets.length > mostTargets) fault(`${at}/targets`, `A level has at most ${mostTargets} targets.`)
    if (!isBetween(level.waitMs, 5 * second, day)) fault(`${at}/waitMs`, 'A level waits 5s to 1d for an answer.')
    for (const [which, target] of level.targets.entries()) {
      if (target.kind === 'person' && !known.people.has(target.person)) {
        fault(`${at}/targets/${which}`, `There is no person "${target.person}".`)
      }
      if (target.kind === 'schedule' && !known.schedules.has(target.schedule)) {
        fault(`${at}/targets/${which}`, `There is no schedule "${target.schedule}".`)
      }
      if (target.kind === 'team' && !known.teams.has(target.team)) {
        fault(`${at}/targets/${which}`, `There is no team "${target.team}".`)
      }
      if (target.kind === 'webhook' && !known.webhooks.has(target.webhook)) {
        fault(`${at}/targets/${which}`, `There is no webhook "${target.webhook}".`)
      }
    }
  }
  return faults
}

/** What is worth saying of a policy by itself: levels that tell machines alone. */
export function weighWebhooks({ levels, fallbackOwner }: EscalationPolicy): readonly Fault[] {
  const machinesAlone = ({ targets }: Level) => targets.length > 0 && targets.every((each) => each.kind === 'webhook')
  const alone = levels.flatMap((level, index) => (machinesAlone(level) ? [{ level, index }] : []))
  if (alone.length > 0 && alone.length === levels.length) {
    const detail = `No level names a person, a schedule or a team: ${fallbackOwner ?? 'nobody'} is paged at once, each time.`
    return [{ pointer: '/levels', detail }]
  }
  return alone.map(({ level, index }) => ({
    pointer: `/levels/${index}/targets`,
    detail: `Level ${index + 1} tells webhooks alone: for ${formatDuration(level.waitMs)} it pages nobody.`,
  }))
}

function isBetween(value: number, least: number, most: number): boolean {
  return Number.isInteger(value) && value >= least && value <= most
}
