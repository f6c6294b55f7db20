// Joins alerts to the room that pages.
import type { Paging } from '../../modules/alerts/index.ts'

export function pagingOf(): Paging {
  return {
    open: async () => ({ verdict: 'unrouted', because: 'Paging is not part of this build.' }),
    acknowledge: async () => undefined,
    unacknowledge: async () => undefined,
    snooze: async () => undefined,
    resolve: async () => undefined,
    raise: async () => undefined,
    pagesOf: async () => [],
  }
}
