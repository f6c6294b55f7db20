// The metadata of a document: every fault at once, or the metadata as it will be kept.
import type { Fault } from '../../../kernel/app-error.ts'
import { isJsonObject } from '../../../kernel/json.ts'
import { isName, nearest } from '../../../kernel/names.ts'
import type { ResourceDocument } from '../../../platform/resources/resource-kind.ts'

type Metadata = ResourceDocument['metadata']
type LabelValue = string | readonly string[]

const metadataFields = ['name', 'displayName', 'description', 'labels', 'annotations']
const labelKey = /^([a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?\/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/
const displayNameLimit = 63
const descriptionLimit = 1050
// Every field is compared with every other when managers share an object, so their number has a limit.
const mapLimit = 200

export function readMetadata(metadata: unknown): {
  readonly metadata: Metadata | null
  readonly faults: readonly Fault[]
} {
  if (!isJsonObject(metadata))
    return { metadata: null, faults: [{ pointer: '/metadata', detail: 'It is missing. It needs at least a name.' }] }
  const faults: Fault[] = unknownFields(metadata)
  const { name } = metadata
  if (typeof name !== 'string' || !isName(name))
    faults.push({
      pointer: '/metadata/name',
      detail: `It must be a lower-case RFC 1123 label of at most 63 characters such as checkout-api (it is ${shown(name)}).`,
    })
  const displayName = readText(metadata.displayName, 'displayName', displayNameLimit, faults)
  const description = readText(metadata.description, 'description', descriptionLimit, faults)
  const labels = readMap(metadata.labels, 'labels', faults)
  const annotations = readMap(metadata.annotations, 'annotations', faults)
  if (faults.length > 0 || typeof name !== 'string') return { metadata: null, faults }
  return {
    faults: [],
    metadata: {
      name,
      ...(displayName === null ? {} : { displayName }),
      ...(description === null ? {} : { description }),
      ...(labels === null ? {} : { labels: Object.fromEntries(labels) }),
      ...(annotations === null ? {} : { annotations: Object.fromEntries(annotations.map(asText)) }),
    },
  }
}

function unknownFields(metadata: object): Fault[] {
  return Object.keys(metadata)
    .filter((key) => !metadataFields.includes(key))
    .map((key) => {
      const near = nearest(key, metadataFields)
      const hint = near === null ? `Known: ${metadataFields.join(', ')}.` : `Did you mean ${near}?`
      return { pointer: `/metadata/${pointerKey(key)}`, detail: `There is no such field. ${hint}` }
    })
}

function readText(text: unknown, field: string, limit: number, faults: Fault[]): string | null {
  if (text === undefined) return null
  if (typeof text === 'string' && text.length <= limit) return text
  faults.push({ pointer: `/metadata/${field}`, detail: `It must be a text of at most ${limit} characters.` })
  return null
}

function readMap(
  map: unknown,
  field: 'labels' | 'annotations',
  faults: Fault[],
): readonly [string, LabelValue][] | null {
  if (map === undefined) return null
  if (!isJsonObject(map)) {
    faults.push({ pointer: `/metadata/${field}`, detail: 'It must be a mapping of text to text.' })
    return null
  }
  const entries = Object.entries(map)
  if (entries.length > mapLimit)
    faults.push({
      pointer: `/metadata/${field}`,
      detail: `It has ${entries.length} entries; at most ${mapLimit} are kept.`,
    })
  const read: [string, LabelValue][] = []
  for (const [key, value] of entries.slice(0, mapLimit)) {
    const pointer = `/metadata/${field}/${pointerKey(key)}`
    const list = field === 'labels' && Array.isArray(value) ? value.filter((item) => typeof item === 'string') : null
    if (!labelKey.test(key))
      faults.push({
        pointer,
        detail:
          'The key must be letters, digits, - _ . and at most 63 characters, with an optional DNS prefix and slash.',
      })
    else if (typeof value === 'string') read.push([key, value])
    else if (list !== null && Array.isArray(value) && list.length === value.length) read.push([key, list])
    else faults.push({ pointer, detail: `It must be a text (it is ${shown(value)}). Put quotes around it.` })
  }
  return read
}

const asText = ([key, value]: [string, LabelValue]): [string, string] => [
  key,
  typeof value === 'string' ? value : value.join(', '),
]

const pointerKey = (key: string): string => key.slice(0, 100).replaceAll('~', '~0').replaceAll('/', '~1')

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? 'missing'
  return text.length > 80 ? `${text.slice(0, 77)}…` : text
}
