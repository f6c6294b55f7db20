// One batch of one rule in one transaction: look up what is old, keep what anything refers to, remove the rest, remember
// how far it came. Killed anywhere, the next process goes on there.
import { setTimeout as wait } from 'node:timers/promises'
import { automation } from '../../kernel/actor.ts'
import { day } from '../../kernel/duration.ts'
import type { Instant } from '../../kernel/instant.ts'
import type { Tx } from '../../platform/database/database.ts'
import { monotonicMs } from '../../platform/monotonic.ts'
import { cutoff, isQuiet, type KeepRule, mayGo } from '../../platform/retention/keep-rule.ts'
import {
  listHolds,
  lockRound,
  type Progress,
  type RoundRow,
  type RuleProgress,
  saveRound,
} from '../../platform/retention/retention.store.ts'
import type { Needs } from '../../platform/room/needs.ts'
import { laneStates } from '../../platform/work/due-work.store.ts'
import { retentionFinished } from './retention.contract.ts'
import type { RetentionPorts } from './retention.ports.ts'

// Measured (docs/decisions/0053): 500 deliveries with their attempts go in some 15 ms.
const batch = 500
const roundEveryMs = day
/** One turn of the job; the next one goes on. */
const turnMs = 20_000
// Three parts rest for each part of work: autovacuum and everybody else keep up.
const restRatio = 3
const restAtMostMs = 1_000

export type Step = 'more' | 'finished' | 'resting' | 'held'

/** Works until the round is over, somebody else needs the machine, or its time is up. Answers how it ended. */
export async function removeOld(
  needs: Needs,
  ports: RetentionPorts,
  { rest = wait, limit = batch }: { readonly rest?: (ms: number) => Promise<unknown>; readonly limit?: number } = {},
): Promise<Step | 'busy'> {
  const until = monotonicMs() + turnMs
  for (;;) {
    if (!isQuiet(await laneStates(needs.database))) return 'busy'
    const since = monotonicMs()
    const step = await needs.database.transaction((tx) => removeBatch(needs, ports, tx, limit))
    if (step !== 'more' || monotonicMs() > until) return step
    await rest(Math.min(restAtMostMs, restRatio * (monotonicMs() - since)))
  }
}

export async function removeBatch(needs: Needs, ports: RetentionPorts, tx: Tx, limit = batch): Promise<Step> {
  const round = await lockRound(tx)
  const now = await tx.now()
  const { startedAt, finishedAt } = round
  if (startedAt !== null && finishedAt !== null && now - startedAt < roundEveryMs) return 'resting'
  const holds = await listHolds(tx)
  if (holds.some((each) => each.kind === 'everything')) return 'held'
  const current: RoundRow & { readonly startedAt: Instant } =
    startedAt === null || finishedAt !== null
      ? { ...round, number: round.number + 1, startedAt: now, finishedAt: null, progress: {} }
      : { ...round, startedAt }
  const rules = ports.rules()
  const rule = rules.find((each) => current.progress[each.name]?.done !== true)
  if (rule === undefined) return finish(needs, tx, current, now)
  const before = current.progress[rule.name] ?? { after: null, removed: 0, heldBack: 0, done: false }
  const after = await removeSome(ports, tx, { rule, progress: before, startedAt: current.startedAt, holds, limit })
  await saveRound(tx, { ...current, progress: { ...current.progress, [rule.name]: after } })
  return 'more'
}

async function removeSome(
  ports: RetentionPorts,
  tx: Tx,
  of: {
    readonly rule: KeepRule
    readonly progress: RuleProgress
    readonly startedAt: Instant
    readonly holds: Awaited<ReturnType<typeof listHolds>>
    readonly limit: number
  },
): Promise<RuleProgress> {
  const { rule, progress } = of
  // The age is told from the start of the round, so that a long one does not chase its own end.
  const before = cutoff(rule, ports.keeps, of.startedAt)
  if (before === null) return { ...progress, done: true }
  const { candidates, next } = await rule.pick(tx, { before, after: progress.after, limit: of.limit })
  const held = await ports.heldOf(tx, candidates, { holds: of.holds, before })
  const going = candidates.filter((each) => mayGo(each, held)).map((each) => each.id)
  const removed = going.length === 0 ? 0 : await rule.remove(tx, going)
  return {
    after: next ?? progress.after,
    removed: progress.removed + removed,
    heldBack: progress.heldBack + candidates.length - going.length,
    done: next === null,
  }
}

async function finish(needs: Needs, tx: Tx, round: RoundRow, now: Instant): Promise<Step> {
  await saveRound(tx, { ...round, finishedAt: now, last: round.progress })
  const removed = counts(round.progress, 'removed')
  // A round that found nothing is no news; when the last one ended is on the settings page and in the metrics.
  if (Object.keys(removed).length > 0)
    await needs.journal.publish(tx, retentionFinished, {
      actor: automation('retention.remove'),
      subject: { kind: 'retention', id: String(round.number) },
      data: { removed, heldBack: counts(round.progress, 'heldBack') },
    })
  return 'finished'
}

function counts(progress: Progress, of: 'removed' | 'heldBack'): Readonly<Record<string, number>> {
  return Object.fromEntries(
    Object.entries(progress)
      .map(([name, each]) => [name, each[of]] as const)
      .filter(([, count]) => count > 0),
  )
}
