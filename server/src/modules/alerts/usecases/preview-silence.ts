// What a silence would hide now, and would have hidden in the last 30 days, before anybody makes it.
import { AppError } from '../../../kernel/app-error.ts'
import { day } from '../../../kernel/duration.ts'
import { plus } from '../../../kernel/instant.ts'
import type { Needs } from '../../../platform/room/needs.ts'
import type { AlertRow } from '../alerts.store.ts'
import { type Breadth, judgeBreadth, matchesAll, readSilence, silenceable } from '../core/index.ts'
import { listOpenedSince } from '../silences.store.ts'
import type { SilenceOrder } from './silence-alerts.ts'

export const previewedMs = 30 * day
const shown = 20

export interface Preview {
  readonly breadth: Breadth
  /** Open ones first, newest first; a few of them. */
  readonly examples: readonly AlertRow[]
}

export async function previewSilence(
  needs: Needs,
  order: Pick<SilenceOrder, 'sets' | 'startsAt' | 'endsAt'>,
): Promise<Preview> {
  const now = await needs.database.now()
  const startsAt = order.startsAt ?? now
  const endsAt = order.endsAt ?? plus(startsAt, 3_600_000)
  const read = readSilence('preview', { sets: order.sets, startsAt, endsAt, by: 'preview', reason: 'preview' }, now)
  if (!read.ok)
    throw new AppError('invalid', 'alerts.silence-invalid', 'The silence cannot be kept like this.', {
      faults: read.faults,
    })
  const rows = await listOpenedSince(needs.database, plus(now, -previewedMs))
  const hidden = rows.filter((row) =>
    read.silence.sets.some((set) => matchesAll(set, silenceable(row.signal, row.team))),
  )
  const breadth = judgeBreadth(
    hidden.map((row) => ({
      service: row.service,
      rule: row.signal.rule,
      severity: row.worst,
      open: row.status !== 'resolved',
    })),
    { history: rows.filter((row) => row.status === 'resolved').length, lastsMs: endsAt - startsAt },
  )
  const open = hidden.filter((row) => row.status !== 'resolved')
  const over = hidden.filter((row) => row.status === 'resolved')
  return { breadth, examples: [...open, ...over].slice(0, shown) }
}
