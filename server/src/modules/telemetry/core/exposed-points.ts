// What lines of an endpoint tell together: types say what can fall, `_created` when a counter began.
import type { ExposedSample } from './exposition.ts'
import { suffixes } from './openmetrics.ts'

const counting = ['_total', '_bucket', '_count', '_sum', '_gcount', '_gsum']
const falling = ['gauge', 'gaugehistogram', 'info', 'stateset']

export const isFalling = (type: string | undefined): boolean => type !== undefined && falling.includes(type)

/** The family of which it tells when it began; null when it tells something else. */
export const createdOf = (name: string): string | null =>
  name.endsWith('_created') ? name.slice(0, -'_created'.length) : null

export function familyOf(name: string, types: ReadonlyMap<string, string>): string {
  // In the text format the type of a counter is said of its whole name.
  if (types.has(name)) return name
  const suffix = counting.find((each) => name.endsWith(each)) ?? ''
  const family = name.slice(0, name.length - suffix.length)
  const type = types.get(family)
  return type !== undefined && suffixes[type]?.includes(suffix) === true ? family : suffix === '_total' ? family : name
}

export function startKey(family: string, { labels }: Pick<ExposedSample, 'labels'>): string {
  return JSON.stringify([family.replace(/_total$/, ''), [...labels].filter(([label]) => label !== 'le').sort()])
}
