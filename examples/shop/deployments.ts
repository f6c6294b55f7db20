// Tells Mainstay what the shop's pipeline rolled out. The shop does not depend on the answer.
import { setTimeout as wait } from 'node:timers/promises'
import type { Log } from './log.ts'

export interface Deployment {
  readonly externalId: string
  readonly service: string
  readonly version: string
  readonly summary: string
  readonly at: string
}

export interface DeploymentReceiver {
  /** Where Mainstay listens; null announces nothing. */
  readonly url: string | null
  readonly token: string | null
}

const timeoutMs = 3_000
const pausesMs = [0, 1_000, 3_000]

/** True when it was taken. Tried three times with the same outside id, so it is recorded once at most. */
export async function announceDeployment(
  receiver: DeploymentReceiver,
  deployment: Deployment,
  log: Log,
): Promise<boolean> {
  if (receiver.url === null) return false
  const target = `${receiver.url.replace(/\/+$/, '')}/api/v1/changes`
  for (const pause of pausesMs) {
    await wait(pause, undefined, { ref: false })
    try {
      const response = await fetch(target, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          ...(receiver.token === null ? {} : { authorization: `Bearer ${receiver.token}` }),
        },
        body: JSON.stringify({ source: 'shop-ci', kind: 'deployment', ...deployment }),
        signal: AbortSignal.timeout(timeoutMs),
      })
      await response.arrayBuffer()
      if (response.ok) return true
      log.write('warn', 'the deployment was not taken', { status: response.status, externalId: deployment.externalId })
      // Our mistake: the same request would be refused again.
      if (response.status < 500 && response.status !== 429) return false
    } catch (error) {
      log.write('warn', 'the deployment was not announced', { error: String(error), externalId: deployment.externalId })
    }
  }
  return false
}
