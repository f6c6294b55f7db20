// The routing tree of an Alertmanager: which receivers an alert is for, and under which settings. Depth first, left to
// right; a match ends the look among its siblings unless it says `continue`; a node whose children all pass is the match.
import type { Labels } from './fingerprint.ts'
import { formatMatcher, matchesAll, type ReadyMatcher } from './matcher.ts'
import { type Asked, asked } from './trace.ts'

export interface Route {
  readonly receiver: string
  readonly matchers: readonly ReadyMatcher[]
  /** Labels that make a group; `all` is Alertmanager's `...`. */
  readonly groupBy: readonly string[] | 'all'
  readonly groupWaitMs: number
  readonly groupIntervalMs: number
  readonly repeatIntervalMs: number
  /** Of this node only: children do not inherit them. */
  readonly muteIn: readonly string[]
  readonly activeIn: readonly string[]
  readonly continues: boolean
  readonly routes: readonly Route[]
  /** In the file it was read from, for people. */
  readonly line: number
}

export interface Receiver {
  readonly name: string
  /** Kinds of what it sends to, as the file names them; empty sends to nobody. */
  readonly sendsBy: readonly string[]
}

/** Never empty: the root matches everything. */
export function routesFor(root: Route, labels: Labels): readonly Route[] {
  const found: Route[] = []
  for (const child of root.routes) {
    if (!matchesAll(child.matchers, labels)) continue
    found.push(...routesFor(child, labels))
    if (!child.continues) break
  }
  return found.length > 0 ? found : [root]
}

/** In the order of the file, each once. */
export function receiversFor(root: Route, labels: Labels): readonly string[] {
  return [...new Set(routesFor(root, labels).map((route) => route.receiver))]
}

/** Depth first, as in the file: several routes may stand on one line. */
export function routesIn(root: Route): readonly Route[] {
  return [root, ...root.routes.flatMap(routesIn)]
}

export function groupLabels(route: Route, labels: Labels): Labels {
  if (route.groupBy === 'all') return labels
  const kept = route.groupBy.flatMap((name): [string, string][] => {
    const value = Object.hasOwn(labels, name) ? labels[name] : undefined
    return value === undefined || value === '' ? [] : [[name, value]]
  })
  return Object.fromEntries(kept)
}

export function describeRoute(route: Route): Asked {
  const matchers = route.matchers.length === 0 ? 'everything' : route.matchers.map(formatMatcher).join(', ')
  return asked('route', route.receiver, `Line ${route.line} of the routing file, for ${matchers}.`)
}
