// The histories of other status pages, told apart by what only they have.
import { readCachet } from '../../integrations/cachet/read-history.ts'
import { readStatuspage } from '../../integrations/statuspage/read-history.ts'
import type { JsonValue } from '../../kernel/json.ts'
import type { ReadStatusExport } from '../../modules/status/import.ports.ts'

export const readStatusExport: ReadStatusExport = (text) => {
  let body: JsonValue
  try {
    body = JSON.parse(text)
  } catch {
    return null
  }
  return readStatuspage(body) ?? readCachet(body)
}
