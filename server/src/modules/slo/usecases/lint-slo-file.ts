// What can be told of a file of objectives without a server: each document's faults, references that lead nowhere, and
// whether what it promises can be counted and alerted on.
import { AppError } from '../../../kernel/app-error.ts'
import { isJsonObject } from '../../../kernel/json.ts'
import type { Reference, ResourceDocument } from '../../../platform/resources/resource-kind.ts'
import type { OpenSloDocument } from '../core/openslo-model.ts'
import type { ReadOptions, SloReader } from '../import.ports.ts'
import { openSloKinds } from '../kinds/openslo-kinds.ts'
import { foundDocuments } from '../translate/found-documents.ts'
import { type Documents, translateSlo } from '../translate/translate-slo.ts'
import { type FindingSeverity, readSloFile, type SloFileDocument, type SloFinding, sorted } from './read-slo-file.ts'

export interface SloLint {
  readonly formats: readonly string[]
  readonly documents: number
  readonly objectives: number
  readonly others: number
  readonly findings: readonly SloFinding[]
}

export function lintSloFile(text: string, readers: readonly SloReader[], options: ReadOptions): SloLint {
  try {
    const dataSource = options.dataSource ?? onlyDataSource(text) ?? assumed
    const { formats, documents, others, findings } = readSloFile(text, readers, { ...options, dataSource })
    const known = foundDocuments(new Map(documents.map((each) => [each.key, each.document])))
    const keys = new Set(documents.map((each) => each.key))
    const said = documents.flatMap((each) => lintOne(each, keys, known))
    const objectives = documents.reduce((sum, { document }) => sum + objectivesOf(document), 0)
    return {
      formats,
      documents: documents.length,
      objectives,
      others,
      findings: atMost(sorted([...findings, ...said, ...unused(documents)])),
    }
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    const { faults = [{ detail: error.message }] } = error.details
    const findings = faults.map(({ line = 1, column = 1, pointer = '', detail }): SloFinding => {
      return { severity: 'error', document: 'file', line, column, pointer, detail }
    })
    return { formats: [], documents: 0, objectives: 0, others: 0, findings }
  }
}

/** Whoever mends a thousand lints once more. */
const mostFindings = 1_000

function atMost(findings: readonly SloFinding[]): readonly SloFinding[] {
  const [kept, more] = [findings.slice(0, mostFindings), findings.length - mostFindings]
  const last = kept.at(-1)
  if (more <= 0 || last === undefined) return kept
  const detail = `There are ${more} more findings below.`
  return [...kept.slice(0, -1), { ...last, severity: 'error', document: 'file', pointer: '', detail }]
}

/** For formats that name none: which it is, is settled when it is applied. */
const assumed = 'prometheus'

function onlyDataSource(text: string): string | null {
  const { documents } = readSloFile(text, [], { dataSource: null, service: null, window: null })
  const names = documents.flatMap(({ document }) => (document.kind === 'DataSource' ? [document.metadata.name] : []))
  return names.length === 1 ? (names[0] ?? null) : null
}

const objectivesOf = (document: OpenSloDocument) => (document.kind === 'SLO' ? document.spec.objectives.length : 0)

const kindOf = (each: SloFileDocument) => openSloKinds.find(({ kind }) => kind === each.document.kind)

const resourceOf = ({ value, document }: SloFileDocument): ResourceDocument => ({
  apiVersion: 'openslo/v1',
  kind: document.kind,
  metadata: { name: document.metadata.name },
  spec: isJsonObject(value.spec) ? value.spec : {},
})

/** Services and probes are declared elsewhere, as are the people who own them. */
const declaredHere = new Set(['SLI', 'DataSource', 'AlertPolicy', 'AlertCondition', 'AlertNotificationTarget'])

const referencesOf = (each: SloFileDocument): readonly Reference[] =>
  (kindOf(each)?.references(resourceOf(each)) ?? []).filter(({ kind }) => declaredHere.has(kind))

function lintOne(each: SloFileDocument, keys: ReadonlySet<string>, known: Documents): readonly SloFinding[] {
  const findings: SloFinding[] = []
  const say = (severity: FindingSeverity, { pointer = '', detail }: { pointer?: string; detail: string }) => {
    const place = each.madeOf === null ? pointer : ''
    findings.push({ severity, document: each.key, ...each.placeOf(place), pointer: place, detail })
  }
  const { document } = each
  if (document.kind === 'DataSource')
    for (const fault of kindOf(each)?.admit(resourceOf(each)).faults ?? []) say('error', fault)
  for (const { kind, name, pointer } of referencesOf(each))
    if (!keys.has(`${kind}/${name}`) && (each.madeOf === null || name !== assumed))
      say('warning', {
        pointer,
        detail: `There is no ${kind} ${name} in these files; it must be there when this is applied.`,
      })
  if (document.kind !== 'SLO') return findings
  const { duration, calendar } = document.spec.timeWindow
  if (duration.unit === 'm' && (calendar !== null || duration.value < 60)) {
    const { value } = duration
    const detail = `\`${value}m\` is ${value === 1 ? 'a minute' : `${value} minutes`}; a month is \`M\`.`
    say('warning', { pointer: '/spec/timeWindow/0/duration', detail })
  }
  // Whose type is not known here is taken for the usual one: whether it is there was said above.
  const missing = dataSourcesOf(each).filter((name) => !keys.has(`DataSource/${name}`))
  const dataSources = new Map([...known.dataSources, ...missing.map((name) => [name, 'prometheus'] as const)])
  const { faults, warnings } = translateSlo(document, { ...known, dataSources })
  for (const fault of faults) say('error', fault)
  for (const fault of warnings) say('warning', fault)
  return findings
}

const dataSourcesOf = (each: SloFileDocument) =>
  referencesOf(each).flatMap(({ kind, name }) => (kind === 'DataSource' ? [name] : []))

/** Only where there are objectives: a file of parts is used by others. */
function unused(documents: readonly SloFileDocument[]): readonly SloFinding[] {
  if (!documents.some(({ document }) => document.kind === 'SLO')) return []
  const used = new Set(documents.flatMap((each) => referencesOf(each).map(({ kind, name }) => `${kind}/${name}`)))
  return documents
    .filter(({ key, document }) => declaredHere.has(document.kind) && !used.has(key))
    .map(({ key, placeOf }) => ({
      severity: 'note',
      document: key,
      ...placeOf(''),
      pointer: '',
      detail: 'Nothing in these files refers to it.',
    }))
}
