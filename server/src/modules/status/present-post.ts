import { formatInstant, type Instant } from '../../kernel/instant.ts'
import { readKey } from './core/index.ts'
import type { StatusPostReply } from './status.contract.ts'
import type { PostView } from './status-view.ts'

const timeOrNull = (at: Instant | null): string | null => (at === null ? null : formatInstant(at))

/** `customer`: its name, when it is for one alone. */
export function presentPost(post: PostView, customer: string | null = null): StatusPostReply {
  const { id, kind, title, state, impacts } = post
  return {
    id,
    page: readKey(post.page).page,
    customer,
    kind,
    title,
    titles: { ...post.titles },
    incident: post.incidentId,
    state,
    impacts: { ...impacts },
    startsAt: timeOrNull(post.startsAt),
    endsAt: timeOrNull(post.endsAt),
    openedAt: formatInstant(post.openedAt),
    closedAt: timeOrNull(post.closedAt),
    updates: post.updates.map((each) => ({
      id: each.id,
      at: formatInstant(each.at),
      state: each.state,
      body: each.body,
      bodies: { ...each.bodies },
      impacts: { ...each.impacts },
      author: each.author,
    })),
  }
}
