// Finds the next level that pages anybody. One without anybody who can be reached costs no time; one that tells only
// webhooks is waited for as long as somebody can be reached behind it.
import { type Instant, instant } from '../../../kernel/instant.ts'
import type { Directory } from './directory.ts'
import type { EscalationPolicy, Level, Target } from './escalation-policy.ts'

export interface Paged {
  readonly person: string
  readonly because: string
}

export interface PagedWebhook {
  readonly webhook: string
  readonly because: string
}

export interface Reason {
  readonly code: string
  readonly sentence: string
}

export type Found =
  | {
      readonly kind: 'level'
      readonly level: number
      readonly round: number
      /** None at a level that tells only webhooks. */
      readonly people: readonly Paged[]
      readonly webhooks: readonly PagedWebhook[]
    }
  /** Every round is used up. The webhooks are those of levels that were passed over on the way. */
  | { readonly kind: 'end'; readonly webhooks: readonly PagedWebhook[] }
  /** A whole round of levels, up to this one, has nobody who can be reached. */
  | { readonly kind: 'nobody'; readonly round: number; readonly webhooks: readonly PagedWebhook[] }

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
  const passed: PagedWebhook[] = []
  let { level, round } = from
  for (let tried = 0; tried < levels.length; tried += 1, level += 1) {
    if (level >= levels.length) {
      level = 0
      if (round >= repeat && !endless)
        return { found: { kind: 'end', webhooks: once(passed) } satisfies Found, skipped }
      round = Math.min(round + 1, repeat)
    }
    const { people, why } = peopleOf(search, level, round)
    const webhooks = webhooksOf(search, level)
    // A machine that was told is nobody who has heard of it: behind it there must be somebody to wait for.
    if (people.length > 0 || (webhooks.length > 0 && reachesAnybody(search, round)))
      return { found: { kind: 'level', level, round, people, webhooks } satisfies Found, skipped }
    passed.push(...webhooks)
    const sentence = `Level ${level + 1} was skipped at once: ${why}.`
    skipped.push({ code: 'oncall.level-empty', sentence })
  }
  return { found: { kind: 'nobody', round, webhooks: once(passed) } satisfies Found, skipped }
}

function reachesAnybody(search: Search, round: number): boolean {
  return search.policy.levels.some((_, level) => peopleOf(search, level, round).people.length > 0)
}

/** The webhooks of one level that are still there, each once. */
export function webhooksOf({ policy, directory }: Search, level: number): readonly PagedWebhook[] {
  const targets = policy.levels[level]?.targets ?? []
  return once(
    targets.flatMap((target) =>
      target.kind === 'webhook' && directory.hasWebhook(target.webhook)
        ? [{ webhook: target.webhook, because: 'named in the policy' }]
        : [],
    ),
  )
}

const once = (webhooks: readonly PagedWebhook[]): readonly PagedWebhook[] => [
  ...new Map(webhooks.map((each) => [each.webhook, each])).values(),
]

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
    if (target.kind === 'webhook') absent.push(sayWebhook(search, target.webhook))
    if (found.size > 0 && search.policy.levels[level]?.strategy === 'round-robin') break
  }
  return { people: [...found.values()], why: absent.length === 0 ? 'it names nobody' : absent.join('; ') }
}

function sayWebhook({ directory }: Search, webhook: string): string {
  return directory.hasWebhook(webhook) ? `webhook ${webhook} is nobody` : `there is no webhook ${webhook} any more`
}

function targetsInOrder(search: Search, level: number, round: number): readonly Target[] {
  const of: Level | undefined = search.policy.levels[level]
  if (of === undefined) return []
  if (of.strategy !== 'round-robin') return of.targets
  const inTurn = of.targets.filter((each) => each.kind !== 'webhook')
  const first = (search.turn + round) % Math.max(inTurn.length, 1)
  return [...inTurn.slice(first), ...inTurn.slice(0, first)]
}

function namesOf(search: Search, target: Target): readonly Paged[] {
  if (target.kind === 'webhook') return []
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
