// One alert that mutes another, by the rules of an Alertmanager: the target is muted while some open alert matches the
// source and both agree on the labels named `equal`. Every source is asked, not just the one seen last.
import { type Labels, labelOf } from './fingerprint.ts'
import { matchesAll, type ReadyMatcher } from './matcher.ts'

export interface InhibitRule {
  readonly source: readonly ReadyMatcher[]
  readonly target: readonly ReadyMatcher[]
  readonly equal: readonly string[]
  readonly line: number
}

export interface Source {
  readonly id: string
  readonly labels: Labels
}

export interface Inhibition {
  readonly by: string
  readonly rule: InhibitRule
}

/** Rules that could mute an alert with these labels; nothing is looked up when there are none. */
export function rulesAgainst(labels: Labels, rules: readonly InhibitRule[]): readonly InhibitRule[] {
  return rules.filter((rule) => matchesAll(rule.target, labels))
}

/**
 * What a source has at least, by each rule that could mute an alert with these labels: enough to find the few among very
 * many by an index. What more a rule asks of them, `inhibitionsOf` sees.
 */
export function probesAgainst(labels: Labels, rules: readonly InhibitRule[]): readonly Labels[] {
  return rulesAgainst(labels, rules).flatMap(({ source, equal }) => {
    const named = source.filter(({ operator }) => operator === '=').map(({ name, value }) => [name, value] as const)
    const shared = equal.map((name) => [name, labelOf(labels, name)] as const)
    const wanted = new Map<string, string>()
    for (const [name, value] of [...named, ...shared]) {
      // No label has two values, so no alert is such a source.
      if ((wanted.get(name) ?? value) !== value) return []
      wanted.set(name, value)
    }
    // A label that is not there is an empty one.
    return [Object.fromEntries([...wanted].filter(([, value]) => value !== ''))]
  })
}

/** `self` is never its own source. */
export function inhibitionsOf(
  self: Source,
  sources: readonly Source[],
  rules: readonly InhibitRule[],
): readonly Inhibition[] {
  return rulesAgainst(self.labels, rules).flatMap((rule) => {
    // What matches both sides is not muted by another of its kind, or two such alerts would mute each other.
    const twoSided = matchesAll(rule.source, self.labels)
    const source = sources.find(
      (each) =>
        each.id !== self.id &&
        matchesAll(rule.source, each.labels) &&
        !(twoSided && matchesAll(rule.target, each.labels)) &&
        rule.equal.every((name) => labelOf(each.labels, name) === labelOf(self.labels, name)),
    )
    return source === undefined ? [] : [{ by: source.id, rule }]
  })
}
