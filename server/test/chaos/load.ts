// Alerts that stream in while something breaks, and the oracle: what was answered for must be there.
import { setTimeout as wait } from 'node:timers/promises'
import { expect } from 'vitest'
import { eventually, read } from './product.ts'

export interface Refusal {
  readonly status: number
  readonly type: string
  readonly code: string
  readonly detail: string
  readonly retryAfter: string | null
  readonly withinMs: number
}

export interface Load {
  /** Keys the product answered for: from then on they must be there. */
  readonly accepted: ReadonlySet<string>
  /** Answers that were no acceptance, in order. */
  readonly refusals: readonly Refusal[]
  /** One alert; true when it was accepted. */
  accept(key: string, url?: string): Promise<true | null>
  /** One sender every so many milliseconds, to each address in turn, until stopped and answered. */
  stream(everyMs: number): { stop(): Promise<void> }
}

export function loadOn(urls: readonly string[], token: string): Load {
  const accepted = new Set<string>()
  const refusals: Refusal[] = []
  let sent = 0
  const accept = async (key: string, url = urls[0] ?? ''): Promise<true | null> => {
    const since = performance.now()
    try {
      const reply = await fetch(`${url}/api/v1/signals`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: JSON.stringify({ source: 'chaos', signals: [{ dedupKey: key, summary: key, severity: 'critical' }] }),
        signal: AbortSignal.timeout(30_000),
      })
      if (!reply.ok) {
        const problem = (await reply.json()) as { code: string; detail: string }
        refusals.push({
          status: reply.status,
          type: reply.headers.get('content-type') ?? '',
          code: problem.code,
          detail: problem.detail,
          retryAfter: reply.headers.get('retry-after'),
          withinMs: performance.now() - since,
        })
        return null
      }
      await reply.arrayBuffer()
      accepted.add(key)
      return true
    } catch {
      // It was not answered, so nothing was promised.
      return null
    }
  }
  return {
    accepted,
    refusals,
    accept,
    stream: (everyMs) => {
      let streaming = true
      const underWay = new Set<Promise<unknown>>()
      const ended = (async () => {
        while (streaming) {
          sent += 1
          const answer = accept(`alert-${sent}`, urls[sent % urls.length])
          underWay.add(answer)
          void answer.then(() => underWay.delete(answer))
          await wait(everyMs)
        }
      })()
      return {
        stop: async () => {
          streaming = false
          await ended
          await Promise.all(underWay)
        },
      }
    },
  }
}

/** Everything accepted is listed, nothing is there half, and the journal verifies. */
export async function expectNothingLost(url: string, token: string, load: Load): Promise<void> {
  expect(load.accepted.size).toBeGreaterThan(0)
  let titles: readonly string[] = []
  const missing = () => [...load.accepted].filter((key) => !titles.includes(key))
  // What was answered for while the database was away lies in the lifeboat, until it is written down.
  await eventually('everything accepted is listed', async () => {
    titles = (await listAlerts(url, token)).map((alert) => alert.title)
    return missing().length === 0 ? true : null
  }).catch(() => undefined)
  expect(missing()).toEqual([])
  // One alert for each key, however often its sender had to ask.
  expect(new Set(titles).size).toBe(titles.length)
  const journal = await read<{ ok: boolean }>(url, token, '/api/v1/journal/verification')
  expect(journal.ok).toBe(true)
}

export async function listAlerts(url: string, token: string): Promise<readonly { id: string; title: string }[]> {
  const all: { id: string; title: string }[] = []
  for (let cursor: string | null = ''; cursor !== null; ) {
    const page: { items: { id: string; title: string }[]; nextCursor: string | null } = await read(
      url,
      token,
      `/api/v1/alerts?limit=500${cursor === '' ? '' : `&cursor=${cursor}`}`,
    )
    all.push(...page.items)
    cursor = page.nextCursor
  }
  return all
}
