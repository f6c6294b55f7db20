// What its earlier episodes say of an alert whose people are to be told now: whether it flaps, and whether it waits first
// because it usually heals by itself. One look for the whole batch; nothing is changed here.
import { type Instant, plus } from '../../../kernel/instant.ts'
import type { Tx } from '../../../platform/database/database.ts'
import type { AlertRow } from '../alerts.store.ts'
import { type Asked, asked, judgeFlapping, judgePause, mostEpisodes } from '../core/index.ts'
import { listPast } from '../past.store.ts'
import type { AlertTurn, Postponed } from '../turns.store.ts'

interface Step {
  readonly alertId: string
  readonly asked: Asked
}

export interface Waiting {
  readonly trace: readonly Step[]
  readonly flapping: readonly string[]
  /** Those that wait, by alert. */
  readonly late: ReadonlyMap<string, Postponed>
}

export async function judgeWaiting(
  tx: Tx,
  rows: readonly AlertRow[],
  turns: ReadonlyMap<string, AlertTurn>,
  now: Instant,
): Promise<Waiting> {
  const trace: Step[] = []
  const flapping: string[] = []
  const late = new Map<string, Postponed>()
  const hasWaited = (row: AlertRow): boolean => turns.get(row.id)?.paused === true
  const first = rows.filter((row) => !hasWaited(row)).map((row) => row.id)
  const past = await listPast(tx, first, mostEpisodes)
  for (const row of rows) {
    if (hasWaited(row)) {
      const over = asked('pause', 'over', 'It did not heal within its pause: people are told now.')
      trace.push({ alertId: row.id, asked: over })
      continue
    }
    const episodes = past.get(row.id) ?? []
    const mark = judgeFlapping(episodes, row.openedAt)
    if (mark.asked !== null) trace.push({ alertId: row.id, asked: mark.asked })
    if (mark.flapping) flapping.push(row.id)
    const longest = turns.get(row.id)?.pauseMs ?? null
    if (longest === null) continue
    const verdict = judgePause(row.worst, episodes, longest)
    trace.push({ alertId: row.id, asked: verdict.asked })
    const until = plus(row.openedAt, verdict.pauseMs ?? 0)
    if (until > now) late.set(row.id, { alertId: row.id, severity: row.worst, until })
  }
  return { trace, flapping, late }
}
