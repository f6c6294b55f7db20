// All generated files as path → text, in memory; writing and comparing are two uses of it.
import { openapiDocument } from '../../server/src/platform/http/openapi.ts'
import { clientText } from './client-text.ts'
import type { Names } from './load-names.ts'
import { configPage, errorsPage, eventsPage, permissionsPage } from './reference-pages.ts'

export function outputs(names: Names): ReadonlyMap<string, string> {
  const bound = names.operations.map((operation) => ({
    operation,
    handle: async () => undefined,
    owner: null,
  }))
  const document = openapiDocument(bound, names.permissions)
  return new Map([
    ['docs/reference/openapi.json', `${JSON.stringify(document, null, 2)}\n`],
    ['client/src/operations.gen.ts', clientText(document)],
    ['docs/reference/errors.md', errorsPage(names)],
    ['docs/reference/events.md', eventsPage(names)],
    ['docs/reference/permissions.md', permissionsPage(names)],
    ['docs/reference/config.md', configPage(names)],
  ])
}

/** Names that contradict each other: no text is generated from them. */
export function contradictions({ operations, wire, permissions, errors }: Names): readonly string[] {
  const known = new Set(errors.map(({ code }) => code))
  const ids = new Set([...operations, ...wire].map(({ id }) => id))
  return [
    ...[...ids]
      .filter((id) => permissions[id] === undefined)
      .map((id) => `${id} has no row in server/src/app/permissions`),
    ...Object.keys(permissions)
      .filter((id) => !ids.has(id))
      .map((id) => `server/src/app/permissions has a row for ${id}, which no contract declares`),
    ...operations.flatMap(({ id, errors: codes }) =>
      (codes ?? [])
        .filter((code) => !known.has(code))
        .map((code) => `${id} may answer ${code}, which no contract explains`),
    ),
  ]
}
