// OpenSLO's own `kind: Service`: only a name that its SLOs refer to. A service that is declared here already satisfies it.
import { isJsonObject } from '../../kernel/json.ts'
import type { DocumentTranslator, Translation } from './catalog.ports.ts'

const origin = 'mainstay.dev/declared-as'
const word = 'openslo/v1 Service'

export const openSloServiceTranslator: DocumentTranslator = {
  name: 'openslo-service',
  matches: (document) => document.apiVersion === 'openslo/v1' && document.kind === 'Service',
  translate: (documents, known) => {
    const services = new Map(known.filter((each) => each.kind === 'Service').map((each) => [each.name, each]))
    return documents.map((document): Translation => {
      const metadata = isJsonObject(document.metadata) ? document.metadata : {}
      const spec = isJsonObject(document.spec) ? document.spec : {}
      const name = typeof metadata.name === 'string' ? metadata.name : ''
      const declared = services.get(name)
      if (declared !== undefined && declared.annotations[origin] !== word)
        return { documents: [], faults: [], warnings: [], leftOut: { kind: 'Service', name } }
      const annotations = isJsonObject(metadata.annotations) ? metadata.annotations : {}
      const description = typeof spec.description === 'string' ? { description: spec.description } : {}
      const translated = {
        apiVersion: 'mainstay.dev/v1',
        kind: 'Service',
        metadata: { ...metadata, ...description, annotations: { ...annotations, [origin]: word } },
        spec: {},
      }
      return { documents: [translated], faults: [], warnings: [], leftOut: null }
    })
  },
}
