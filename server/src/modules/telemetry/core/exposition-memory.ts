// What an endpoint tells, as samples without an object for each. It tells the same lines with every scrape and only values move, so
// lines are remembered by their text up to the value: of one that begins as it did last time only the value is read. Whatever is
// unusual is read as `readExposition` reads it, and what comes out is what `pointsOf` says of it.
import { createdOf, familyOf, isFalling, startKey } from './exposed-points.ts'
import { type ExpositionFormat, expositionLimits, readComment, readNames, readNumber, readRest } from './exposition.ts'
import type { ToldNames } from './memory.ts'
import type { SampleBatch } from './sample-batch.ts'
import type { Attributes } from './selector.ts'

/** What its lines do not say of themselves. */
export interface ScrapedTarget {
  readonly job: string
  readonly instance: string
}

interface KeptLine {
  /** Of a sample all in front of its value, with one blank; else the whole line. */
  readonly head: string
  /** Whether a value may stand right behind the head. */
  readonly quick: boolean
  /** What type it says of which family. */
  readonly type: readonly [family: string, type: string] | null
  readonly told: ToldNames | null
  readonly labels: ReadonlyMap<string, string>
}

/** What follows from lines alone, whatever their values are. */
interface Plan {
  readonly lines: readonly KeptLine[]
  readonly told: readonly ToldNames[]
  readonly gauge: readonly boolean[]
  /** 1, 2, 3: each has one sample. */
  readonly ends: readonly number[]
  /** For each sample that nobody says when it began. */
  readonly unsaid: readonly number[]
  /** For each sample those that tell when it began; null when there are none of any. */
  readonly created: readonly (readonly number[])[] | null
  /** Where lines stand, by their heads; made when one is looked for. */
  places: ReadonlyMap<string, number> | null
}

/** Of one endpoint. */
export interface ExpositionMemory {
  readonly job: string
  readonly instance: string
  readonly resource: Attributes
  /** Makes a text of its own: a part of a long text holds all of it. */
  readonly copy: (text: string) => string
  plan: Plan | null
  format: ExpositionFormat
}

export type ReadScrape =
  | { readonly state: 'read'; readonly batch: SampleBatch }
  | { readonly state: 'refused'; readonly line: number; readonly detail: string }

export function newExpositionMemory(
  { job, instance }: ScrapedTarget,
  copy: (text: string) => string,
): ExpositionMemory {
  const resource = new Map([
    ['job', job],
    ['instance', instance],
  ])
  return { job, instance, resource, copy, plan: null, format: 'text' }
}

/** Lines that are remembered. */
export const sizeOf = ({ plan }: ExpositionMemory): number => plan?.lines.length ?? 0

/** What is read of one text. */
interface Found {
  readonly lines: KeptLine[]
  readonly values: number[]
  /** Of their own; null as long as none has one. */
  times: (number | null)[] | null
  /** All lines stand where they stood. */
  same: boolean
  /** Where the one stood that most likely comes next. */
  next: number
}

export function readScrape(text: string, format: ExpositionFormat, at: number, memory: ExpositionMemory): ReadScrape {
  const before = memory.format === format ? memory.plan : null
  const strict = format === 'openmetrics'
  const found: Found = { lines: [], values: [], times: null, same: true, next: 0 }
  let [line, ended] = [0, false]
  for (let from = 0; from < text.length; ) {
    line += 1
    const refuse = (detail: string): ReadScrape => ({ state: 'refused', line, detail })
    if (ended) return refuse('something stands behind # EOF')
    const quick = readKnown(text, from, before, found)
    if (quick >= 0) from = quick
    else {
      const stop = text.indexOf('\n', from)
      const end = stop < 0 ? text.length : stop
      const row = text.slice(from, end)
      from = end + 1
      ended = strict && row === '# EOF'
      const content = strict ? row : row.replace(/\r$/, '').trim()
      if (ended || (!strict && content === '')) continue
      const fault = readLine(memory.copy(content), { line, strict, memory, before }, found)
      if (fault !== null) return refuse(fault)
    }
    if (found.values.length > expositionLimits.samples) return refuse(`more than ${expositionLimits.samples} samples`)
  }
  if (strict && !ended) return { state: 'refused', line, detail: 'the last line is not # EOF' }
  const isSame = found.same && before !== null && found.lines.length === before.lines.length
  const plan = isSame ? before : planOf(found.lines)
  memory.plan = plan
  memory.format = format
  return { state: 'read', batch: batchOf(plan, found, at) }
}

const [newline, zero, nine] = [10, 48, 57]
/** So many digits are exact. */
const mostDigits = 15

/** The line that stood here last time, with another value: where the next one begins; −1 for anything else. */
function readKnown(text: string, from: number, before: Plan | null, found: Found): number {
  const guess = before?.lines[found.next]
  if (guess === undefined || !guess.quick || !text.startsWith(guess.head, from)) return -1
  const start = from + guess.head.length
  let [at, code, value] = [start, text.charCodeAt(start), 0]
  if (guess.told === null) {
    if (code !== newline) return -1
  } else {
    while (code >= zero && code <= nine) {
      value = 10 * value + code - zero
      at += 1
      code = text.charCodeAt(at)
    }
    if (code !== newline || at === start || at - start > mostDigits) {
      at = text.indexOf('\n', at)
      const number = at < 0 ? null : readNumber(text.slice(start, at))
      if (number === null) return -1
      value = number
    }
    found.values.push(value)
    found.times?.push(null)
  }
  found.lines.push(guess)
  found.next += 1
  return at + 1
}

interface Reading {
  readonly line: number
  readonly strict: boolean
  readonly memory: ExpositionMemory
  readonly before: Plan | null
}

/** Null, or what is wrong. */
function readLine(row: string, reading: Reading, found: Found): string | null {
  const { line, strict, memory, before } = reading
  if (row.startsWith('#')) {
    const read = readComment(row, line, strict)
    if (typeof read === 'string') return read
    const type = read?.kind === 'metadata' && read.what === 'TYPE' ? ([read.name, read.text] as const) : null
    follow({ head: row, quick: true, type, told: null, labels: none }, before, found)
    return null
  }
  const names = readNames(row, strict)
  if (typeof names === 'string') return names
  const read = readRest(row, names, line, strict)
  if (typeof read === 'string') return read
  const quick = row[names.end] === ' '
  const head = row.slice(0, names.end + (quick ? 1 : 0))
  const { job, instance, resource } = memory
  const told: ToldNames = {
    ...{ metric: names.name, unit: '', scope: '', target: '', resource, use: null, seen: null },
    // Labels of the endpoint win over those of the target, as with Prometheus' honor_labels.
    attributes: new Map([['job', job], ['instance', instance], ...names.labels]),
  }
  if (read.atMs !== null) found.times ??= found.values.map(() => null)
  found.times?.push(read.atMs)
  found.values.push(read.value)
  follow({ head, quick, type: null, told, labels: names.labels }, before, found)
  return null
}

const none: ReadonlyMap<string, string> = new Map()

/** A line that is known may stand elsewhere: others came or went in front of it. */
function follow(line: KeptLine, before: Plan | null, found: Found): void {
  const place = placeOf(before, line.head, found.next)
  const known = place === null ? undefined : before?.lines[place]
  if (place === null || known === undefined || known.quick !== line.quick) {
    found.lines.push(line)
    found.same = false
    return
  }
  found.lines.push(known)
  if (place !== found.next) found.same = false
  found.next = place + 1
}

function placeOf(before: Plan | null, head: string, next: number): number | null {
  if (before === null) return null
  if (before.lines[next]?.head === head) return next
  before.places ??= new Map(before.lines.map((each, place) => [each.head, place]))
  return before.places.get(head) ?? null
}

function planOf(lines: readonly KeptLine[]): Plan {
  const types = new Map(lines.flatMap(({ type }) => (type === null ? [] : [type])))
  const samples = lines.flatMap(({ told, labels }) => (told === null ? [] : [{ name: told.metric, told, labels }]))
  const families = samples.map(({ name }) => familyOf(name, types))
  const created = new Map<string, number[]>()
  for (const [index, { name, labels }] of samples.entries()) {
    const family = createdOf(name)
    if (family === null) continue
    const key = startKey(family, { labels })
    const known = created.get(key)
    if (known === undefined) created.set(key, [index])
    else known.push(index)
  }
  const beginnings = ({ labels }: { readonly labels: KeptLine['labels'] }, index: number): readonly number[] =>
    created.get(startKey(families[index] ?? '', { labels })) ?? []
  return {
    lines,
    told: samples.map(({ told }) => told),
    gauge: families.map((family) => isFalling(types.get(family))),
    ends: samples.map((_, index) => index + 1),
    unsaid: samples.map(() => 0),
    created: created.size === 0 ? null : samples.map(beginnings),
    places: null,
  }
}

/** What is no number is left out. */
function batchOf(
  { told, gauge, ends, unsaid, created }: Plan,
  { values: given, times: own }: Found,
  at: number,
): SampleBatch {
  const values = Float64Array.from(given)
  const times = new Float64Array(values.length)
  let kept = 0
  let ownEnds: number[] | null = null
  for (let index = 0; index < values.length; index += 1) {
    const value = values[index] ?? 0
    if (Number.isNaN(value)) ownEnds ??= ends.slice(0, index)
    else {
      times[kept] = own?.[index] ?? at
      values[kept] = value
      kept += 1
    }
    ownEnds?.push(kept)
  }
  return {
    told,
    ends: ownEnds ?? ends,
    times: times.subarray(0, kept),
    values: values.subarray(0, kept),
    createdMs: created === null ? unsaid : created.map((each) => beginningOf(each, given)),
    gauge,
    replica: null,
  }
}

/** The last that says any; 0 when none does. */
function beginningOf(told: readonly number[], values: readonly number[]): number {
  let began = 0
  for (const index of told) {
    const ms = Math.round((values[index] ?? 0) * 1000)
    if (ms > 0 && Number.isSafeInteger(ms)) began = ms
  }
  return began
}
