// A job said that it ran.
import { AppError } from '../../../kernel/app-error.ts'
import { formatInstant } from '../../../kernel/instant.ts'
import type { Needs } from '../../../platform/room/needs.ts'
import { findProbe, saveBeat } from '../probes.store.ts'

export async function takeBeat(
  needs: Needs,
  { name, ok = true, note = '' }: { readonly name: string; readonly ok?: boolean; readonly note?: string },
): Promise<{ at: string; expectedBefore: string }> {
  return needs.database.transaction(async (tx) => {
    const probe = await findProbe(tx, name)
    if (probe === null) throw new AppError('not-found', 'telemetry.unknown-probe', `There is no probe ${name}.`)
    if (probe.check.kind !== 'heartbeat')
      throw new AppError('conflict', 'telemetry.no-heartbeat', `The probe ${name} asks by itself: ${probe.check.kind}.`)
    const at = await tx.now()
    await saveBeat(tx, name, { at, good: ok, note })
    return { at: formatInstant(at), expectedBefore: formatInstant(probe.dueAt) }
  })
}
