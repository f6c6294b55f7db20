// What one customer of a status page sees of our services: an update made for them tells of nothing else.
import { isJsonObject, type JsonObject, type JsonValue } from '../../../kernel/json.ts'

/** Of the components on their view: those of their own, and those of the page by name. */
export function servicesSeenBy(customer: JsonObject, page: JsonObject | null): readonly string[] {
  const ofPage = new Map(componentsOf(page).map((each) => [each.name, each]))
  // One without a title is the component of that name on the page.
  const seen = componentsOf(customer).map((each) => (each.title === undefined ? ofPage.get(String(each.name)) : each))
  return [...new Set(seen.flatMap((each) => (each === undefined ? [] : namesIn(each.services))))]
}

const componentsOf = (spec: JsonObject | null): readonly JsonObject[] =>
  Array.isArray(spec?.components) ? spec.components.filter(isJsonObject) : []

const namesIn = (value: JsonValue | undefined): readonly string[] =>
  Array.isArray(value) ? value.filter((each) => typeof each === 'string') : []
