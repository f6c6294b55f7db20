// Looks whether the DNS of a page's own host name says that it is for this page; asked outside, written down inside.
import { type Actor, automation } from '../../../kernel/actor.ts'
import { AppError } from '../../../kernel/app-error.ts'
import type { Needs } from '../../../platform/room/needs.ts'
import { judgeHost, readHost } from '../core/index.ts'
import { findHost, type HostRow, listHosts, saveStanding } from '../hosts.store.ts'
import { hostChanged } from '../status.contract.ts'
import type { StatusPorts } from '../status.ports.ts'
import { countRevision } from '../status.store.ts'

export async function checkHost(needs: Needs, ports: StatusPorts, page: string, actor: Actor): Promise<HostRow> {
  const before = await findHost(needs.database, page)
  if (before === null)
    throw new AppError('not-found', 'status.no-host', 'The page declares no host name of its own (spec.host).')
  const { host } = before
  const records = await ports.lookUpHost(host)
  const ours = readHost(new URL(needs.publicUrl).host)
  return needs.database.transaction(async (tx) => {
    const standing = judgeHost({ host, token: before.token, ours }, records, before, await tx.now())
    if (!(await saveStanding(tx, before, standing))) return before
    const changed = (before.verifiedAt === null) !== (standing.verifiedAt === null)
    if (changed) {
      await countRevision(tx)
      await needs.journal.publish(tx, hostChanged, {
        actor,
        subject: { kind: 'status-page', id: page },
        data: { page, host, answers: standing.verifiedAt !== null },
      })
    }
    return { ...before, ...standing, checkedAt: await tx.now() }
  })
}

/** All of them, one after the other: a name whose servers hang holds up only other names. */
export async function checkHosts(needs: Needs, ports: StatusPorts): Promise<void> {
  for (const { page } of await listHosts(needs.database)) {
    try {
      await checkHost(needs, ports, page, automation('status.check-hosts'))
    } catch (error) {
      if (!(error instanceof AppError) || error.kind !== 'not-found') throw error
    }
  }
}
