// Counts what a Prometheus sends; of a pair that sends the same, one is listened to.
import type { Needs } from '../../../platform/room/needs.ts'
import { type Attributes, type DecodedWrite, electReplica } from '../core/index.ts'
import { lockLeader, saveLeader } from '../replicas.store.ts'
import { lockSources } from '../series.store.ts'
import { countMetrics, type Intake, type Received, type StreamCache } from './receive-metrics.ts'

/** The leader is written down this often at most, so that the batches of a pair seldom wait for each other. */
const renewMs = 5_000

const intake: Intake = {
  kind: 'remote-write',
  dataSource: null,
  nameOf: (target) => targetName('remote-write', target),
  wholeTargets: true,
}

export function targetName(kind: string, target: Attributes): string {
  const named = ['job', 'instance'].flatMap((key) => target.get(key) || [])
  return `${kind}:${named.length === 0 ? 'unnamed' : named.join('/')}`.slice(0, 300)
}

export async function receiveRemoteWrite(
  needs: Needs,
  cache: StreamCache,
  decoded: Extract<DecodedWrite, { state: 'decoded' }>,
): Promise<Received> {
  const { replica } = decoded
  return needs.database.transaction(async (tx) => {
    if (replica !== null && replica !== undefined) {
      await lockSources(tx, [`replicas ${replica.cluster}`])
      const [leader, now] = [await lockLeader(tx, replica.cluster), await tx.now()]
      const election = electReplica(leader, replica.replica, now)
      // What the other of the pair sends is known already: it is thanked and not counted.
      if (election.verdict === 'drop') return { accepted: decoded.accepted, rejected: 0, sentence: '' }
      if (election.because !== 'leads' || leader === null || now - leader.lastAt > renewMs)
        await saveLeader(tx, replica.cluster, election.leader)
    }
    return countMetrics(tx, cache, decoded, intake)
  })
}
