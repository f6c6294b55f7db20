// Checked documents by `kind/name`, as the translation of an SLO asks for them.
import type { OpenSloDocument } from '../core/openslo-model.ts'
import type { Documents } from './translate-slo.ts'

export function foundDocuments(found: ReadonlyMap<string, OpenSloDocument>): Documents {
  const dataSources = new Map(
    [...found.values()].flatMap((each) => (each.kind === 'DataSource' ? [[each.metadata.name, each.spec.type]] : [])),
  )
  return {
    sli: (name) => {
      const each = found.get(`SLI/${name}`)
      return each?.kind === 'SLI' ? each.spec : null
    },
    policy: (name) => {
      const each = found.get(`AlertPolicy/${name}`)
      return each?.kind === 'AlertPolicy' ? each.spec : null
    },
    condition: (name) => {
      const each = found.get(`AlertCondition/${name}`)
      return each?.kind === 'AlertCondition' ? each.spec : null
    },
    target: (name) => {
      const each = found.get(`AlertNotificationTarget/${name}`)
      return each?.kind === 'AlertNotificationTarget' ? each.spec : null
    },
    dataSources,
  }
}
