// Joins error-budget policies and reports to later rooms: whom they tell, whose word they take, who was paged.
import { day } from '../../kernel/duration.ts'
import { plus } from '../../kernel/instant.ts'
import { findResource } from '../../modules/catalog/index.ts'
import { findPersonByEmail } from '../../modules/identity/index.ts'
import type { Notifier } from '../../modules/notifications/index.ts'
import { peopleOnCallAt } from '../../modules/oncall/core/index.ts'
import { countPagesByService, loadSchedules } from '../../modules/oncall/index.ts'
import type { SloPorts } from '../../modules/slo/index.ts'
import type { Needs } from '../../platform/room/needs.ts'
import { declaredNameOf } from './people.ts'

type Ports = Required<Pick<SloPorts, 'tell' | 'onCallIn' | 'declaredNameOf' | 'authorityOf' | 'pagesOf'>>

export function budgetPolicyPortsOf(needs: Needs, notifier: Pick<Notifier, 'remind' | 'reachOf'>): Ports {
  return {
    tell: async (tx, { occasion, person, because, head, sentence, link }) => {
      // Asked apart: the same occasion a second time is no news, but the person was told.
      const isNew = await notifier.remind(tx, { occasion, person, because, facts: { head, sentence, link } })
      if (isNew) return true
      const reach = (await notifier.reachOf(tx, [person])).get(person)
      return reach?.contacts.some((contact) => contact.verified) ?? false
    },
    onCallIn: async (queries, names, at) => {
      const schedules = await loadSchedules(queries, needs.log, names, plus(at, -day), plus(at, day))
      return [...new Set(schedules.flatMap((schedule) => peopleOnCallAt(schedule, at)))]
    },
    declaredNameOf,
    pagesOf: countPagesByService,
    authorityOf: async (queries, person) => {
      const declared = await findResource(queries, { kind: 'Person', name: person })
      const email = declared?.document.spec.email
      const account = typeof email === 'string' ? await findPersonByEmail(queries, email) : null
      return account === null || account.disabledAt !== null ? null : { role: account.role, teams: account.teams }
    },
  }
}
