// A module of its own: the package is CommonJS, whose names survive bundling only in a static import.
import { stringify } from 'yaml'

/** Several documents, as `apply -f -` takes them. */
export function yamlOf(documents: readonly unknown[]): string {
  return documents.map((each) => stringify(each, { lineWidth: 110 })).join('---\n')
}
