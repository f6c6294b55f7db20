// How long Microsoft asks us to wait.
import type { Reply } from '../../platform/egress/index.ts'

/** `Retry-After` in seconds. An hour is the most we take its word for. */
export function waitOf({ headers }: Pick<Reply, 'headers'>): number | null {
  const value = headers['retry-after']
  return typeof value === 'string' && /^\d{1,6}$/.test(value) ? Math.min(3_600, Number(value)) * 1_000 : null
}
