// What could not be understood is kept where people find it, and they are told once for each source.
import { automation } from '../../../kernel/actor.ts'
import { sha256 } from '../../../platform/secrets/index.ts'
import { sourceName } from '../core/index.ts'
import type { Desk } from '../desk.ts'
import { orphanKept } from '../intake.contract.ts'
import { addDisplaced } from '../intake.store.ts'
import { displaceOrphans, saveOrphan } from '../orphans.store.ts'

/** Of one source. A sender that is wrong is wrong in few ways; the oldest give way. */
const kept = 200
/** Of one body: the longest a documented sender sends is 256 KiB (SNS). */
const bodyLimit = 256 * 1024

export async function keepOrphan(
  desk: Desk,
  orphan: {
    readonly source: string
    readonly because: string
    readonly headers: Readonly<Record<string, string>>
    readonly body: string
  },
): Promise<void> {
  const { needs } = desk
  const cut = orphan.body.length > bodyLimit
  const body = cut ? orphan.body.slice(0, bodyLimit).toWellFormed() : orphan.body
  await needs.database.transaction(async (tx) => {
    const { id, fresh } = await saveOrphan(tx, {
      ...{ id: needs.newId(), source: orphan.source, because: orphan.because, headers: orphan.headers, body, cut },
      digest: sha256(Buffer.from(`${orphan.because}\n${body}`)),
    })
    if (!fresh) return
    const { open, displaced } = await displaceOrphans(tx, orphan.source, kept)
    if (displaced > 0) await addDisplaced(tx, orphan.source, displaced)
    // The first of a run is told; a sender that is wrong is wrong again and again.
    if (open > 1) return
    await needs.journal.publish(tx, orphanKept, {
      actor: automation(sourceName(orphan.source)),
      subject: { kind: 'alert-source', id: orphan.source },
      reason: orphan.because.slice(0, 500),
      data: { source: orphan.source, orphan: id, because: orphan.because.slice(0, 500) },
    })
  })
}
