// Matchers of a route or of an inhibition rule: the list of today, and the two maps of old files.
import { type Matcher, parseMatchers, type ReadyMatcher, readMatchers } from '../../modules/alerts/core/index.ts'
import type { Block } from './config-block.ts'

interface Fields {
  readonly list: string
  readonly equal: string
  readonly pattern: string
}

export function readMatcherFields(block: Block, fields: Fields): readonly ReadyMatcher[] {
  const named = (key: string, operator: Matcher['operator']) =>
    block.pairs(key).map(([name, value]): [string, Matcher] => [key, { name, operator, value }])
  const listed = block.texts(fields.list).flatMap((text): [string, Matcher][] => {
    const read = parseMatchers(text)
    if (!read.ok) block.fault(read.detail, fields.list)
    return read.ok ? read.matchers.map((matcher) => [fields.list, matcher]) : []
  })
  return [...named(fields.equal, '='), ...named(fields.pattern, '=~'), ...listed].flatMap(([key, matcher]) => {
    const read = readMatchers([matcher])
    if (read.ok) return read.matchers
    for (const fault of read.faults) block.fault(fault.detail, key)
    return []
  })
}
