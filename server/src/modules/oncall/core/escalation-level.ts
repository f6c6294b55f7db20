// Finds the people of the next level that has any. A level without anybody who can be reached costs no time.
import { type Instant, instant } from '../../../kernel/instant.ts'
import type { Directory } from './directory.ts'
import type { EscalationPolicy, Level, Target } from './escalation-policy.ts'

export interface Paged {
  readonly person: string
  readonly because: string
}

export interface Reason {
  readonly code: string
  readonly sentence: string
}

export type Found =
  | { readonly kind: 'level'; readonly level: number; readonly round: number; readonly people: readonly Paged[] }
  /** Every round is used up. */
  | { readonly kind: 'end' }
  /** A whole round of levels, up to this one, has nobody who can be reached. */
  | { readonly kind: 'nobody'; readonly round: number }

export interface Search {
  readonly policy: EscalationPolicy
  /** The round-robin counter of this escalation. */
  readonly turn: number
  readonly directory: Directory
  readonly now: Instant
}

/** Tries each level once at most, from the given place on, going round while rounds are left. */
export function findLevel(search: Search, from: { level: number; round: number }, endless: boolean) {
  const { levels, repeat } = search.policy
  const skipped: Reason[] = []
  let { level, round } = from
  for (let tried = 0; tried < levels.length; tried += 1, level += 1) {
    if (level >= levels.length) {
      level = 0
      if (round >= repeat && !endless) return { found: { kind: 'end' } satisfies Found, skipped }
      round = Math.min(round + 1, repeat)
    }
    const { people, why } = peopleOf(search, level, round)
    if (people.length > 0) return { found: { kind: 'level', level, round, people } satisfies Found, skipped }
    const sentence = `Level ${level + 1} was skipped at once: ${why}.`
    skipped.push({ code: 'oncall.level-empty', sentence })
  }
  return { found: { kind: 'nobody', round } satisfies Found, skipped }
}

/** The people of one level who can be reached, each once, however many targets lead to them. */
export function peopleOf(search: Search, level: number, round: number): { people: readonly Paged[]; why: string } {
  const found = new Map<string, Paged>()
  const absent: string[] = []
  for (const target of targetsInOrder(search, level, round)) {
    const named = namesOf(search, target)
    for (const each of named.filter((each) => search.directory.canReach(each.person))) {
      if (!found.has(each.person)) found.set(each.person, each)
    }
    const unreachable = named.filter((each) => !search.directory.canReach(each.person)).map((each) => each.person)
    if (target.kind === 'schedule' && named.length === 0)
      absent.push(`nobody is on call in schedule ${target.schedule}`)
    if (target.kind === 'team' && named.length === 0) absent.push(`nobody is in team ${target.team}`)
    if (unreachable.length > 0) absent.push(`${unreachable.join(', ')} cannot be reached`)
    if (found.size > 0 && search.policy.levels[level]?.strategy === 'round-robin') break
  }
  return { people: [...found.values()], why: absent.length === 0 ? 'it names nobody' : absent.join('; ') }
}

function targetsInOrder(search: Search, level: number, round: number): readonly Target[] {
  const of: Level | undefined = search.policy.levels[level]
  if (of === undefined) return []
  if (of.strategy !== 'round-robin') return of.targets
  const first = (search.turn + round) % Math.max(of.targets.length, 1)
  return [...of.targets.slice(first), ...of.targets.slice(0, first)]
}

function namesOf(search: Search, target: Target): readonly Paged[] {
  if (target.kind === 'person') return [{ person: target.person, because: 'named in the policy' }]
  if (target.kind === 'team') {
    const because = `in team ${target.team}`
    return search.directory.inTeam(target.team).map((person) => ({ person, because }))
  }
  const because = `on call in schedule ${target.schedule}`
  return search.directory.onCall(target.schedule, search.now).map((person) => ({ person, because }))
}

/** When the answer of a level changes next; null when no schedule says so. */
export function levelChangesAt(search: Search, levels: readonly Level[]): Instant | null {
  const targets = levels.flatMap((level) => level.targets)
  const changes = targets.flatMap((target) => {
    const at = target.kind === 'schedule' ? search.directory.changesAt(target.schedule, search.now) : null
    return at === null || at <= search.now ? [] : [at]
  })
  return changes.length === 0 ? null : instant(Math.min(...changes))
}
