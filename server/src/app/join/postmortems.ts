// What postmortems needs of the rooms around it: who may sign in, how people are reminded, whose holidays count.
import { listPeople } from '../../modules/identity/index.ts'
import type { Notifier } from '../../modules/notifications/index.ts'
import type { PostmortemsPorts } from '../../modules/postmortems/index.ts'
import type { Queries } from '../../platform/database/queries.ts'

const most = 500

export const accountsOf: NonNullable<PostmortemsPorts['accounts']> = async (queries: Queries) => {
  const found: { name: string; email: string }[] = []
  for (let after: { name: string; id: string } | null = null; ; ) {
    const people: Awaited<ReturnType<typeof listPeople>> = await listPeople(queries, null, after, most)
    found.push(...people.map(({ name, email }) => ({ name, email })))
    const last = people.at(-1)
    if (last === undefined || people.length < most) return found
    after = { name: last.name, id: last.id }
  }
}

export function reviewReminderOf(
  notifier: Pick<Notifier, 'remind'>,
  publicUrl: string,
): NonNullable<PostmortemsPorts['remind']> {
  return (tx, { occasion, person, because, head, sentence, path }) =>
    notifier.remind(tx, { occasion, person, because, facts: { head, sentence, link: `${publicUrl}${path}` } })
}
