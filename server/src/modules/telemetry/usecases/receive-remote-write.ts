// Counts what a Prometheus sends; of a pair that sends the same, one is listened to.
import type { Tx } from '../../../platform/database/database.ts'
import type { Needs } from '../../../platform/room/needs.ts'
import { type Attributes, type DecodedWrite, electReplica, type Replica } from '../core/index.ts'
import type { SignalIntake } from '../core/signals/index.ts'
import { lockLeader, readLeader, saveLeader } from '../replicas.store.ts'
import type { SignalCollector } from './collect-signals.ts'
import { type CountedMetrics, countMetrics, type Intake, type Received, type StreamCache } from './receive-metrics.ts'

/** The leader is written down this often at most, so that the batches of a pair seldom wait for each other. */
const renewMs = 5_000

const intake: Intake = {
  kind: 'remote-write',
  dataSource: null,
  nameOf: (target) => targetName('remote-write', target),
  wholeTargets: true,
}

const writtenSignals: SignalIntake = { kind: 'remote-write', senderOf: intake.nameOf, wholeTargets: true }

export function targetName(kind: string, target: Attributes): string {
  const named = ['job', 'instance'].flatMap((key) => target.get(key) || [])
  return `${kind}:${named.length === 0 ? 'unnamed' : named.join('/')}`.slice(0, 300)
}

export async function receiveRemoteWrite(
  needs: Needs,
  cache: StreamCache,
  decoded: Extract<DecodedWrite, { state: 'decoded' }>,
  signals: SignalCollector,
): Promise<Received> {
  const { replica } = decoded
  let heard = true
  const { received, committed } = await needs.database.transaction(async (tx): Promise<CountedMetrics> => {
    // What the other of the pair sends is known already: it is thanked and not counted.
    heard = replica === null || replica === undefined || (await isHeard(tx, replica))
    if (heard) return countMetrics(tx, cache, decoded, intake)
    return { received: { accepted: decoded.accepted, rejected: 0, sentence: '' }, committed: () => undefined }
  })
  committed()
  if (heard) signals.take(decoded.resources, decoded.accepted, writtenSignals)
  return received
}

async function isHeard(tx: Tx, { cluster, replica }: Replica): Promise<boolean> {
  const now = await tx.now()
  // The usual case, without a lock: batches of the leader need not wait for each other.
  const known = await readLeader(tx, cluster)
  if (known?.replica === replica && now - known.lastAt <= renewMs) return true
  const election = electReplica(await lockLeader(tx, cluster, { replica, lastAt: now }), replica, now)
  if (election.verdict === 'drop') return false
  await saveLeader(tx, cluster, election.leader)
  return true
}
