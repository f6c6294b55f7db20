// A primary and a standby that confirms every commit, and the operator who promotes: by hand, as Patroni or pg_auto_failover
// would, one step after the other.
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { eventually } from '../chaos/product.ts'
import { copyPrimary } from './copy-primary.ts'
import { owner, PostgresNode, port } from './node.ts'

/** `killed`: its machine is gone. `stalled`: it hangs, and wakes up as the primary it was. `stopped`: a planned change. */
export type Fate = 'killed' | 'stalled' | 'stopped'

export interface Pair {
  readonly primary: PostgresNode
  readonly standby: PostgresNode
  /** Both hosts, for DATABASE_URL. */
  readonly url: string
  /** The standby becomes the primary. Afterwards the former one is gone, or awake again when it was stalled. */
  promote(fate: Fate): Promise<void>
  /** Makes the former primary a standby of the new one, and commits wait for it again. */
  mend(): Promise<void>
  stop(): Promise<void>
}

export const database = 'mainstay'

export async function openPair(): Promise<Pair> {
  const folder = mkdtempSync(path.join(tmpdir(), 'mainstay-pair-'))
  // Its servers may run as another account, which has to pass.
  chmodSync(folder, 0o755)
  let [primary, standby] = [await PostgresNode.open(folder, 'one'), await PostgresNode.open(folder, 'two')]
  primary.make()
  primary.setSynchronous('')
  await primary.start()
  await primary.ask(`create database ${database}`)
  const joinStandby = async () => {
    await copyPrimary(primary, standby)
    standby.setSynchronous('')
    standby.follow(primary)
    await standby.start()
    primary.setSynchronous('*')
    await eventually('the standby confirms commits', async () => {
      const rows = await primary.ask<{ state: string }>('select sync_state as state from pg_stat_replication')
      return rows.some(({ state }) => state === 'sync') ? true : null
    })
  }
  await joinStandby()
  return {
    get primary() {
      return primary
    },
    get standby() {
      return standby
    },
    url: `postgres://${owner}@/${database}?host=${[primary, standby].map((each) => encodeURIComponent(each.folder)).join(',')}&port=${port}`,
    promote: async (fate) => {
      if (fate === 'killed') await primary.kill()
      else if (fate === 'stopped') await primary.stop()
      else primary.stall()
      // Nobody confirms the new one's commits until there is a standby again.
      await standby.ask('select pg_promote(true, 60)')
      ;[primary, standby] = [standby, primary]
      standby.thawed()
    },
    mend: async () => {
      await standby.kill()
      await joinStandby()
    },
    stop: async () => {
      await Promise.all([primary.kill(), standby.kill()])
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
