// A fold over the points of one series, in their order and one at a time: what is usual is learnt from the past only.
// A point is as unusual as its distance from the usual of its hour and from the level of late, against the farthest
// of late (record.ts). State is plain data: written down and read again it goes on the same.
import { type Level, learn, unknownLevel } from './level.ts'
import { beyond, raise } from './record.ts'
import type { AnomalyRules } from './rules.ts'
import { learnSeason, type Pattern, type Season, unknownSeason, usualAt, type WallHour } from './season.ts'

export interface AnomalyConfig {
  readonly rules: AnomalyRules
  /** The wall the series lives by. */
  readonly wallHour: (at: number) => WallHour
  /** A distance that is noise by the nature of the unit, whatever the series did so far. */
  readonly noise: (usual: number) => number
  /** More errors than usual are unusual, fewer are not. */
  readonly side: 'both' | 'above'
}

export interface Point {
  /** Milliseconds since 1970. */
  readonly at: number
  readonly value: number
}

export interface Unusual {
  readonly since: number
  readonly value: number
  readonly usual: number
  readonly pattern: Pattern
  readonly wall: WallHour
  readonly distance: number
}

export interface AnomalyState {
  readonly points: number
  readonly lastAt: number | null
  readonly level: Level
  readonly season: Season
  /** Distances from what is usual at the hour. */
  readonly rest: Level
  readonly record: number
  /** Points until something new is told. */
  readonly quiet: number
  readonly open: (Unusual & { readonly nearer: number }) | null
}

export type Verdict = 'refused' | 'learning' | 'usual' | 'begins' | 'goes-on' | 'ends-back' | 'ends-learnt'

export interface Observed {
  readonly state: AnomalyState
  /** 0 to 1; 0.5 is the threshold. */
  readonly score: number
  readonly verdict: Verdict
  /** What began, goes on or ended. */
  readonly unusual: Unusual | null
}

export const unknownState: AnomalyState = {
  points: 0,
  lastAt: null,
  level: unknownLevel,
  season: unknownSeason,
  rest: unknownLevel,
  record: 0,
  quiet: 0,
  open: null,
}

// Distances are told only against a spread of so many points.
const pointsForSpread = 20

// Far from what any unit measures, and near enough that no distance becomes infinite.
const mostValue = 1e150

export function observe(config: AnomalyConfig, state: AnomalyState, point: Point): Observed {
  const { at } = point
  // Minus zero is written down as zero.
  const value = point.value + 0
  if (!(Math.abs(value) <= mostValue) || !Number.isFinite(at) || (state.lastAt !== null && at <= state.lastAt))
    return { state, score: 0, verdict: 'refused', unusual: null }
  const { rules } = config
  const wall = config.wallHour(at)
  const known = usualAt(state.season, wall, rules.season)
  const usual = known?.usual ?? state.level.middle
  const noise = config.noise(usual)
  const far = config.side === 'above' ? (distance: number) => Math.max(0, distance) : Math.abs
  const fromUsual = known === null ? 0 : distanceIn(state.rest, far(value - usual), noise)
  const fromLevel = distanceIn(state.level, far(value - state.level.middle), noise)
  const distance = fromUsual + fromLevel
  const score = scoreOf(beyond(state.record, distance, rules.record), rules.threshold)
  const limit = state.rest.points > pointsForSpread && state.rest.spread > 0 ? rules.edge * state.rest.spread : Infinity
  const learnt: AnomalyState = {
    points: state.points + 1,
    lastAt: at,
    level: learn(state.level, value, rules.levelHalfLife, rules.edge),
    season: learnSeason(state.season, wall, value, { rules: rules.season, limit }),
    rest: known === null ? state.rest : learn(state.rest, value - usual, rules.levelHalfLife, rules.edge),
    record: raise(state.record, distance, rules.record),
    quiet: Math.max(0, state.quiet - 1),
    open: state.open,
  }
  const seen: Unusual = { since: at, value, usual, pattern: known?.pattern ?? 'all', wall, distance }
  return decide(learnt, rules, score, seen)
}

function decide(state: AnomalyState, rules: AnomalyRules, score: number, seen: Unusual): Observed {
  if (state.points <= rules.pointsToLearn) return { state, score: 0, verdict: 'learning', unusual: null }
  const { open } = state
  if (open !== null) {
    const nearer = seen.distance < open.distance / 2 ? open.nearer + 1 : 0
    const over = nearer >= rules.pointsToEnd ? 'ends-back' : state.quiet === 0 ? 'ends-learnt' : null
    if (over !== null) return { state: { ...state, open: null }, score: 0, verdict: over, unusual: open }
    return { state: { ...state, open: { ...open, nearer } }, score: 0, verdict: 'goes-on', unusual: open }
  }
  if (state.quiet > 0) return { state, score: 0, verdict: 'usual', unusual: null }
  if (score < 0.5) return { state, score, verdict: 'usual', unusual: null }
  const begun = { ...state, quiet: rules.quietPoints, open: { ...seen, nearer: 0 } }
  return { state: begun, score, verdict: 'begins', unusual: seen }
}

function distanceIn(level: Level, distance: number, noise: number): number {
  return level.points < pointsForSpread ? 0 : distance / (level.spread + noise)
}

/** 0 for nothing new, a half at the threshold, towards 1 beyond. */
function scoreOf(news: number, threshold: number): number {
  return news <= 0 ? 0 : 1 - 0.5 ** (news / threshold)
}
