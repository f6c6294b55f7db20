// What OpenMetrics asks of families: which samples a type has, what they may be, and that they stand together. A scrape
// counts samples all the same, as Prometheus does; what breaks the format is shown as a finding.
import { type ExposedLine, type ExposedSample, type Metadata, readExposition, readNumber } from './exposition.ts'

export interface FormatFault {
  readonly line: number
  readonly detail: string
}

export const suffixes: Readonly<Record<string, readonly string[]>> = {
  counter: ['_total', '_created'],
  gauge: [''],
  histogram: ['_bucket', '_count', '_sum', '_created'],
  gaugehistogram: ['_bucket', '_gcount', '_gsum'],
  summary: ['', '_count', '_sum', '_created'],
  info: ['_info'],
  stateset: [''],
  unknown: [''],
}

interface Family {
  readonly name: string
  type: string
  readonly said: Set<string>
  readonly samples: ExposedSample[]
}

/** Empty when the text is OpenMetrics in every respect that can be seen in it. */
export function checkOpenMetrics(text: string): readonly FormatFault[] {
  const read = readExposition(text, 'openmetrics')
  return read.state === 'refused' ? [{ line: read.line, detail: read.detail }] : checkFamilies(read.lines)
}

export function checkFamilies(lines: readonly ExposedLine[]): readonly FormatFault[] {
  const faults: FormatFault[] = []
  const families = new Map<string, Family>()
  let current: Family | null = null
  const open = (name: string, line: number): Family => {
    if (families.has(name)) faults.push({ line, detail: `the lines of ${name} do not stand together` })
    const family = families.get(name) ?? { name, type: 'unknown', said: new Set(), samples: [] }
    families.set(name, family)
    return family
  }
  for (const each of lines) {
    if (each.kind === 'metadata') {
      if (current?.name !== each.name) current = open(each.name, each.line)
      const detail = describe(current, each)
      if (detail !== null) faults.push({ line: each.line, detail })
    } else {
      const own: Family | null = current
      if (own === null || !belongs(own, each.name)) current = open(each.name, each.line)
      current?.samples.push(each)
    }
  }
  for (const family of families.values()) faults.push(...checkFamily(family))
  return faults.sort((a, b) => a.line - b.line)
}

const belongs = ({ name, type }: Family, sample: string) =>
  (suffixes[type] ?? ['']).some((suffix) => sample === name + suffix)

function describe(family: Family, { what, name, text }: Metadata): string | null {
  if (family.samples.length > 0) return `${what} of ${name} stands after its samples`
  if (family.said.has(what)) return `${what} of ${name} stands twice`
  family.said.add(what)
  if (what === 'TYPE') {
    if (suffixes[text] === undefined) return `${text.slice(0, 50)} is no type`
    family.type = text
  }
  if (what === 'UNIT' && text !== '') {
    if (!name.endsWith(`_${text}`)) return `${name} does not end with its unit ${text.slice(0, 50)}`
    family.said.add('a unit')
  }
  return null
}

function checkFamily(family: Family): readonly FormatFault[] {
  const { samples, type, name } = family
  const faults: FormatFault[] = []
  if (family.said.has('a unit') && (type === 'info' || type === 'stateset'))
    faults.push({ line: 0, detail: `${name} is of type ${type}, which has no unit` })
  const groups = new Map<string, ExposedSample[]>()
  let last: string | null = null
  for (const sample of samples) {
    const detail = checkSample(family, sample)
    if (detail !== null) faults.push({ line: sample.line, detail })
    const key = groupOf(family, sample)
    if (key !== last && groups.has(key))
      faults.push({ line: sample.line, detail: `the samples of one ${name} do not stand together` })
    last = key
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [sample])
    else group.push(sample)
  }
  for (const group of groups.values()) {
    const line = group[0]?.line ?? 0
    const detail = checkTimes(group) ?? (type.endsWith('histogram') ? checkHistogram(group, name) : null)
    if (detail !== null) faults.push({ line, detail })
  }
  return faults
}

function groupOf({ name, type }: Family, { labels }: ExposedSample): string {
  const own = type === 'summary' ? 'quantile' : type.endsWith('histogram') ? 'le' : type === 'stateset' ? name : ''
  return JSON.stringify([...labels].filter(([label]) => label !== own).sort())
}

function checkSample({ name, type }: Family, { name: full, labels, value, exemplar }: ExposedSample): string | null {
  const suffix = full.slice(name.length)
  if (exemplar !== null && suffix !== '_total' && suffix !== '_bucket') return `${full} takes no exemplar`
  if (exemplar !== null && suffix === '_bucket' && !type.endsWith('histogram')) return `${full} takes no exemplar`
  const counts =
    ['_total', '_bucket', '_count', '_gcount'].includes(suffix) || (suffix === '_sum' && type !== 'summary')
  if (counts && !(value >= 0)) return `${full} cannot be ${value}`
  if (suffix === '_gsum' && Number.isNaN(value)) return `${full} is no number`
  if (suffix === '_bucket') {
    const le = labels.get('le')
    if (le === undefined || readNumber(le) === null || (/inf/i.test(le) && le !== '+Inf'))
      return `${full} needs an edge le, the last one "+Inf"`
  }
  if (type === 'summary' && suffix === '') {
    const quantile = readNumber(labels.get('quantile') ?? '')
    if (quantile === null || !(quantile >= 0 && quantile <= 1)) return `${full} needs a quantile from 0 to 1`
  }
  if (type === 'stateset' && (!labels.has(name) || (value !== 0 && value !== 1)))
    return `${full} needs the label ${name} and the value 0 or 1`
  return type === 'info' && value !== 1 ? `${full} is information and has the value 1` : null
}

function checkTimes(group: readonly ExposedSample[]): string | null {
  const seen = new Map<string, number | null>()
  for (const { name, labels, atMs } of group) {
    const key = JSON.stringify([name, [...labels].sort()])
    const before = seen.get(key)
    if (before !== undefined && (before === null || atMs === null)) return `${name} stands twice`
    if (before !== undefined && before !== null && atMs !== null && atMs < before) return `the times of ${name} go back`
    seen.set(key, atMs)
  }
  return null
}

function checkHistogram(group: readonly ExposedSample[], name: string): string | null {
  const buckets = group.filter((each) => each.name === `${name}_bucket`)
  const edges = buckets.map((each) => readNumber(each.labels.get('le') ?? '') ?? Number.NaN)
  if (edges.at(-1) !== Number.POSITIVE_INFINITY) return `${name} has no last bucket "+Inf"`
  for (let index = 1; index < buckets.length; index += 1) {
    if (!((edges[index] ?? 0) > (edges[index - 1] ?? 0))) return `the edges of ${name} do not ascend`
    if ((buckets[index]?.value ?? 0) < (buckets[index - 1]?.value ?? 0)) return `the buckets of ${name} fall`
  }
  const numberAt = (...suffix: string[]) => group.find((each) => suffix.some((end) => each.name === name + end))?.value
  const [count, sum, gsum] = [numberAt('_count', '_gcount'), numberAt('_sum'), numberAt('_gsum')]
  if ((count === undefined) !== (sum === undefined && gsum === undefined))
    return `${name} has a count or a sum, not both`
  if (count !== undefined && count !== buckets.at(-1)?.value) return `the count of ${name} is not its last bucket`
  const negative = (edges[0] ?? 0) < 0
  if (negative && sum !== undefined) return `${name} has negative edges, so its sum is no counter`
  return !negative && (gsum ?? 0) < 0 ? `the sum of ${name} is negative and no edge is` : null
}
