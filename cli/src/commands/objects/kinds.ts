// Which kind a word means: `service`, `services`, `svc`; asked of the server only when the word is not known here.

import { nearest } from '../../../../server/src/kernel/names.ts'
import type { Api } from '../../connection/api.ts'
import { notFound } from '../../connection/api.ts'
import { usageError } from '../../exit-codes.ts'

/** Kinds with a page of their own, by every word for them. */
const views: Readonly<Record<string, readonly string[]>> = {
  services: ['service', 'svc'],
  teams: ['team'],
  journeys: ['journey'],
  alerts: ['alert'],
  incidents: ['incident', 'inc'],
  objectives: ['objective', 'slo', 'slos'],
  changes: ['change', 'deployments', 'deployment'],
  silences: ['silence'],
  probes: ['probe'],
  sources: ['source'],
  webhooks: ['webhook'],
  kinds: ['kind', 'api-resources'],
}

export type ViewName =
  | 'services'
  | 'teams'
  | 'journeys'
  | 'alerts'
  | 'incidents'
  | 'objectives'
  | 'changes'
  | 'silences'
  | 'probes'
  | 'sources'
  | 'webhooks'
  | 'kinds'
const viewNames: readonly ViewName[] = [
  'services',
  'teams',
  'journeys',
  'alerts',
  'incidents',
  'objectives',
  'changes',
  'silences',
  'probes',
  'sources',
  'webhooks',
  'kinds',
]

export function viewOf(word: string): ViewName | null {
  const asked = word.toLowerCase()
  return viewNames.find((name) => name === asked || views[name]?.includes(asked) === true) ?? null
}

export interface KnownKind {
  readonly kind: string
  readonly plural: string
}

/** The declared kind a word means; a refusal with the nearest one otherwise. */
export async function findKind(api: Api, word: string): Promise<KnownKind> {
  const asked = word.toLowerCase()
  const { items } = await api.client['resources.kinds']()
  const wordsFor = (each: (typeof items)[number]) => [each.plural, each.kind.toLowerCase(), ...each.aliases]
  const found = items.find((each) => wordsFor(each).includes(asked))
  if (found !== undefined) return found
  const all = [...items.flatMap(wordsFor), ...viewNames]
  const near = nearest(asked, all)
  throw notFound(
    `There is no kind "${word}".`,
    near === null
      ? `Known: ${[...new Set([...items.map((each) => each.plural), ...viewNames])].sort().join(', ')}.`
      : `Did you mean ${near}?`,
  )
}

/** `service checkout` and `service/checkout` say the same. */
export function readReference(args: readonly string[]): { readonly kind: string; readonly names: readonly string[] } {
  const [first = '', ...rest] = args
  const slash = first.indexOf('/')
  if (slash === -1) return { kind: first, names: rest }
  const name = first.slice(slash + 1)
  if (name === '') throw usageError(`"${first}" names no object.`, 'Write service/checkout.')
  return { kind: first.slice(0, slash), names: [name, ...rest] }
}

/** For commands on one object: a refusal when none is named. */
export function readOneReference(
  args: readonly string[],
  example: string,
): { readonly kind: string; readonly name: string } {
  const { kind, names } = readReference(args)
  const [name] = names
  if (name === undefined) throw usageError('NAME is missing.', `Try: ${example}`)
  return { kind, name }
}
