// Writes what this process counted, lets repeats that waited in together, and finds sources that fell silent.
import { automation } from '../../../kernel/actor.ts'
import { formatInstant, instant } from '../../../kernel/instant.ts'
import { readSignal } from '../../alerts/core/index.ts'
import { receiveInTransaction } from '../../alerts/index.ts'
import { complete, judgeSilence, sourceName } from '../core/index.ts'
import type { Desk } from '../desk.ts'
import { addTallies, findSource, listWatched, lockSource, saveSilence } from '../intake.store.ts'
import { markUsed } from '../tokens.store.ts'
import { receive } from './take-delivery.ts'

export async function flushCounts(desk: Desk): Promise<void> {
  const { tallies, used, held } = desk.counter.take()
  if (tallies.length > 0 || used.length > 0)
    await desk.needs.database.transaction(async (tx) => {
      await addTallies(tx, tallies)
      await markUsed(tx, used)
    })
  for (const { source, signals } of held) {
    const row = await findSource(desk.needs.database, source)
    if (row !== null) await receive(desk, row.source, signals)
  }
}

/** The key of the alert that says that a source is silent; it stands under a name of its own, so no alarm can take it. */
const silenceKey = 'silent'

export async function watchSources(desk: Desk): Promise<void> {
  for (const { source: watched } of await listWatched(desk.needs.database)) await watchSource(desk, watched.name)
}

async function watchSource(desk: Desk, name: string): Promise<void> {
  const { needs, ports } = desk
  await needs.database.transaction(async (tx) => {
    const row = await lockSource(tx, name)
    if (row === null) return
    const { source } = row
    const now = await tx.now()
    const verdict = judgeSilence(source, row, now)
    if (verdict.kind === 'none') return
    const isAlarm = verdict.kind === 'alarm'
    const draft = complete(source, {
      status: isAlarm ? 'firing' : 'resolved',
      dedupKey: silenceKey,
      summary: verdict.sentence,
      severity: source.heartbeat?.severity ?? 'critical',
      labels: { alertname: 'SourceSilent', alert_source: name },
      annotations: {
        ...(row.beatAt === null ? {} : { 'last sign of life': formatInstant(row.beatAt) }),
        'what it means': 'Alarms of this source may not arrive. Look whether it runs and reaches this server.',
      },
      startsAt: isAlarm ? verdict.since : (row.silentSince ?? now),
      endsAt: isAlarm ? null : instant(Math.max(now, row.silentSince ?? now)),
      links: [{ href: `${needs.publicUrl}/intake/${name}`, text: 'The source' }],
    })
    const read = readSignal({ ...draft, source: `${sourceName(name)}/heartbeat` }, now)
    if (!read.ok) throw new Error(read.faults.map(({ detail }) => detail).join(' '))
    await saveSilence(tx, name, isAlarm ? verdict.since : null)
    await receiveInTransaction(tx, needs, ports.alerts, {
      source: `${sourceName(name)}/heartbeat`,
      signals: [read.signal],
      policy: { assumedLeaseMs: null },
      actor: automation('intake.watch'),
    })
  })
}
