// What the events of a stream are told apart by, and which values get a group of their own.
//
// The first values to be counted get theirs, up to a stated number; all later ones are counted together. A group that
// exists stays: none is dropped for a busier one, and none is merged back, so that what was said of it stays true.
export interface GroupRule {
  /** Attributes or labels, in the order their values are shown. */
  readonly by: readonly string[]
  /** Groups besides the one of all others. */
  readonly most: number
}

export const mostAttributes = 4
export const defaultMostGroups = 100
export const mostGroups = 1_000
/** Values are told apart by so many characters: names, not documents. */
const longestValue = 200

/** In the order of the rule. A missing attribute is empty, as in selectors. */
export function groupValues(rule: GroupRule, find: (attribute: string) => string | undefined): readonly string[] {
  return rule.by.map((attribute) => {
    const value = find(attribute) ?? ''
    const cut = value.length > longestValue ? value.slice(0, longestValue) : value
    // A cut may halve a character, and no database takes these two.
    return cut.toWellFormed().replaceAll('\u0000', '\ufffd')
  })
}

/** Unambiguous whatever the values contain. */
export const groupKey = (values: readonly string[]): string => JSON.stringify(values)

export interface Admitted {
  /** Get a group of their own now. */
  readonly fresh: readonly string[]
  /** Are counted together with all others. */
  readonly others: readonly string[]
}

/** Which of the values without a group get one: the first to come, while there is room. */
export function admitGroups(rule: GroupRule, existing: number, without: Iterable<string>): Admitted {
  let room = Math.max(0, rule.most - existing)
  const [fresh, others] = [new Set<string>(), new Set<string>()]
  for (const key of without) {
    if (fresh.has(key) || others.has(key)) continue
    if (room > 0) {
      fresh.add(key)
      room -= 1
    } else others.add(key)
  }
  return { fresh: [...fresh], others: [...others] }
}

export const isSameGrouping = (a: GroupRule | null, b: GroupRule | null): boolean =>
  groupKey(a?.by ?? []) === groupKey(b?.by ?? [])
