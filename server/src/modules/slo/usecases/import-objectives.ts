// Objectives of another tool become documents, with what differs. Nothing is written: they go through `apply` like any.
import { stringify } from 'yaml'
import { AppError } from '../../../kernel/app-error.ts'
import { toNumber } from '../../../kernel/rational.ts'
import type { Queries } from '../../../platform/database/queries.ts'
import { listByKind } from '../../catalog/index.ts'
import { mendOpenSlo } from '../core/openslo-mend.ts'
import { writeOpenSlo } from '../core/openslo-write.ts'
import type { ReadOptions, SloReader } from '../import.ports.ts'
import { readSloFile, type SloFileDocument, type SloFinding } from './read-slo-file.ts'

const mostRemarks = 1_000

export interface ImportOrder extends ReadOptions {
  readonly text: string
}

export async function importObjectives(queries: Queries, readers: readonly SloReader[], order: ImportOrder) {
  const dataSource = order.dataSource ?? (await onlyDataSource(queries, order.text))
  const file = readSloFile(order.text, [...readers, mender], { ...order, dataSource })
  if (file.formats.length === 0)
    throw new AppError(
      'invalid',
      'slo.nothing-to-import',
      'There are no objectives in it that can be read: OpenSLO v1 or v1alpha, Sloth prometheus/v1 or Pyrra v1alpha1.',
    )
  const documents = [...file.documents].sort((a, b) => orderOf(a) - orderOf(b))
  return {
    formats: [...file.formats],
    documents: documents.map(({ document }) => stringify(writeOpenSlo(document), { lineWidth: 0 })).join('---\n'),
    objectives: documents.flatMap(objectiveOf),
    leftOut: file.findings
      .filter((each) => each.severity === 'error')
      .slice(0, mostRemarks)
      .map(said),
    notes: file.findings
      .filter((each) => each.severity !== 'error')
      .slice(0, mostRemarks)
      .map(said),
  }
}

/** Ours, as other tools leave it. */
const mender: SloReader = {
  format: 'OpenSLO v1',
  matches: ({ apiVersion }) => apiVersion === 'openslo/v1',
  read: (document, { dataSource }) => {
    const { document: mended, notes } = mendOpenSlo(document, dataSource)
    return { documents: [mended], leftOut: [], notes }
  },
}

const kinds = ['Service', 'DataSource', 'AlertCondition', 'AlertNotificationTarget', 'AlertPolicy', 'SLI', 'SLO']
const orderOf = ({ document }: SloFileDocument) => kinds.indexOf(document.kind)
const said = ({ line, document, detail }: SloFinding) => ({ line, document, detail })

function objectiveOf({ document, placeOf }: SloFileDocument) {
  if (document.kind !== 'SLO') return []
  const { service, objectives, timeWindow } = document.spec
  const { value, unit } = timeWindow.duration
  const targets = objectives.map((each) => toNumber(each.target))
  return [{ name: document.metadata.name, service, targets, window: `${value}${unit}`, line: placeOf('').line }]
}

/** The server is not said by most formats; where there is but one, it is meant. */
async function onlyDataSource(queries: Queries, text: string): Promise<string | null> {
  const none: ReadOptions = { dataSource: null, service: null, window: null }
  const inText = readSloFile(text, [], none).documents.flatMap(({ document }) =>
    document.kind === 'DataSource' ? [document.metadata.name] : [],
  )
  const stored = (await listByKind(queries, 'DataSource', null, 100)).filter(
    ({ document }) => String(document.spec.type).toLowerCase() === 'prometheus',
  )
  const names = [...new Set([...inText, ...stored.map((each) => each.name)])]
  return names.length === 1 ? (names[0] ?? null) : null
}
