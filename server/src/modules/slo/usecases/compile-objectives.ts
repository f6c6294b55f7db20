// Keeps objectives and the streams that feed them true to the declared documents.
import { AppError, type Fault } from '../../../kernel/app-error.ts'
import type { Tx } from '../../../platform/database/database.ts'
import type { Admission, ResourceDocument } from '../../../platform/resources/resource-kind.ts'
import { findResource, findResources } from '../../catalog/index.ts'
import { countGroups, removeStream, saveStream } from '../../telemetry/index.ts'
import type { GroupSettings } from '../core/group.ts'
import { checkOpenSlo } from '../core/openslo.ts'
import type { AlertPolicySpec, OpenSloDocument, Referred, SloSpec } from '../core/openslo-model.ts'
import { groupLimit } from '../core/slo-annotations.ts'
import { type Definition, longestWindow } from '../definition.ts'
import { listJourneys, removeJourney, saveJourney } from '../journeys.store.ts'
import {
  documentsReferringTo,
  listObjectives,
  namesOfDocument,
  removeObjectives,
  saveObjective,
} from '../objectives.store.ts'
import { removeTerms } from '../reviews.store.ts'
import { foundDocuments } from '../translate/found-documents.ts'
import { type Documents, type Translated, translateSlo } from '../translate/translate-slo.ts'
import { declareTerms, expiryWarnings } from './declare-terms.ts'
import { agreementsMeasuredBy } from './measured-objectives.ts'
import { ceilingWarnings } from './read-ceiling.ts'
import { trafficWarnings } from './warn-of-traffic.ts'

interface Loaded {
  readonly documents: Documents
  readonly refersTo: readonly string[]
}

/** The checks that need other documents. */
export async function checkSlo(tx: Tx, document: ResourceDocument): Promise<Admission> {
  const { translated } = await translate(tx, document)
  const faults = [
    ...translated.faults,
    ...(await journeyFaults(tx, document, translated)),
    ...(await groupFaults(tx, document, translated)),
  ]
  if (faults.length > 0) return { faults, warnings: translated.warnings }
  const { definitions } = translated
  const measured = [...(await ceilingWarnings(tx, definitions)), ...(await trafficWarnings(tx, definitions))]
  return {
    faults,
    warnings: [
      ...translated.warnings,
      ...measured,
      ...(await expiryWarnings(tx, translated.terms, 'its objectives are counted')),
    ],
  }
}

/** A composite is a journey, too, and a journey has one declaration. */
async function journeyFaults(tx: Tx, document: ResourceDocument, { journey }: Translated): Promise<readonly Fault[]> {
  if (journey === null) return []
  const taken = (await listJourneys(tx)).some(
    ({ definition }) => definition.name === journey.name && definition.source === 'JourneyObjective',
  )
  const detail = `There is a JourneyObjective ${document.metadata.name} already.`
  return taken ? [{ pointer: '/metadata/name', detail }] : []
}

/** Each group takes memory like an objective of its own. */
const mostGroupsInAll = 5_000

async function groupFaults(tx: Tx, document: ResourceDocument, { definitions }: Translated): Promise<readonly Fault[]> {
  if (definitions.every(({ groups }) => groups === undefined)) return []
  const stored = await listObjectives(tx)
  const existing = await countGroups(tx)
  // Groups that are there stay when a lower limit is declared.
  const taken = (name: string, groups: GroupSettings | undefined) =>
    groups === undefined ? 0 : Math.max(groups.most, existing.get(name) ?? 0)
  const ownTaken = ({ name, groups }: Definition) => {
    const before = stored.find((each) => each.name === name)?.definition.groups
    return before?.by.join() === groups?.by.join() ? taken(name, groups) : (groups?.most ?? 0)
  }
  const own = definitions.reduce((sum, each) => sum + ownTaken(each), 0)
  const others = stored.filter((each) => each.document !== document.metadata.name)
  const all = others.reduce((sum, { name, definition }) => sum + taken(name, definition.groups), own)
  const detail = `All objectives together may have ${mostGroupsInAll} groups; with this one they could have ${all}. Lower \`${groupLimit}\`.`
  return all <= mostGroupsInAll ? [] : [{ pointer: '/metadata/annotations', detail }]
}

export async function compileSlo(tx: Tx, document: ResourceDocument): Promise<void> {
  const { translated, refersTo } = await translate(tx, document)
  if (translated.faults.length > 0) throw refused(document.metadata.name, translated.faults)
  const kept = new Set<string>()
  for (const definition of translated.definitions) {
    kept.add(definition.name)
    const { fresh } = await saveStream(tx, {
      id: definition.name,
      indicator: definition.indicator,
      sliceMs: definition.sliceMs,
      longestWindowMs: longestWindow(definition),
      source: definition.source,
      ...(definition.groups === undefined
        ? {}
        : { grouping: { by: definition.groups.by, most: definition.groups.most } }),
    })
    await saveObjective(tx, { definition, refersTo, anew: fresh })
    await declareTerms(tx, definition.name, translated.terms)
  }
  const gone = (await namesOfDocument(tx, document.metadata.name)).filter((name) => !kept.has(name))
  await forget(tx, gone)
  if (translated.journey === null) await removeJourney(tx, document.metadata.name, 'SLO')
  else await saveJourney(tx, translated.journey)
}

export async function removeSlo(tx: Tx, document: ResourceDocument): Promise<void> {
  await removeJourney(tx, document.metadata.name, 'SLO')
  await forget(tx, await namesOfDocument(tx, document.metadata.name))
}

/** What a contract is measured by stays: else nobody could say what is owed. */
async function forget(tx: Tx, names: readonly string[]): Promise<void> {
  const [held] = names.length === 0 ? [] : await agreementsMeasuredBy(tx, names)
  if (held !== undefined)
    throw new AppError(
      'conflict',
      'slo.under-agreement',
      `The agreement ${held.agreement} is measured by ${held.objective}. Remove the agreement first, or measure it by something else.`,
    )
  for (const name of names) await removeStream(tx, name)
  await removeObjectives(tx, names)
  await removeTerms(tx, names)
}

/** After an SLI, a policy or a data source changed: everything that was compiled from it. */
export async function recompileFor(tx: Tx, document: ResourceDocument): Promise<void> {
  for (const name of await documentsReferringTo(tx, `${document.kind}/${document.metadata.name}`)) {
    const stored = await findResource(tx, { kind: 'SLO', name })
    if (stored !== null) await compileSlo(tx, stored.document)
  }
}

function refused(name: string, faults: readonly Fault[]): AppError {
  const [first] = faults
  return new AppError(
    'invalid',
    'slo.cannot-be-counted',
    `The SLO ${name} could not be counted any more: ${first?.detail}`,
    {
      faults,
    },
  )
}

async function translate(
  tx: Tx,
  document: ResourceDocument,
): Promise<{ translated: Translated; refersTo: readonly string[] }> {
  const checked = checkOpenSlo(document)
  if (checked.document === null || checked.document.kind !== 'SLO')
    return {
      translated: { definitions: [], journey: null, terms: null, faults: checked.faults, warnings: [] },
      refersTo: [],
    }
  const { spec, metadata } = checked.document
  const { documents, refersTo } = await load(tx, spec)
  return { translated: translateSlo({ metadata, spec }, documents), refersTo }
}

async function load(tx: Tx, spec: SloSpec): Promise<Loaded> {
  const found = new Map<string, OpenSloDocument>()
  const load = async (keys: readonly { kind: string; name: string }[]) => {
    for (const each of await findResources(tx, keys)) {
      const checked = checkOpenSlo(each.document)
      if (checked.document !== null) found.set(`${each.kind}/${each.name}`, checked.document)
    }
  }
  const slis = [spec.indicatorRef, ...spec.objectives.map((each) => each.indicatorRef)].filter((name) => name !== null)
  await load([
    ...slis.map((name) => ({ kind: 'SLI', name })),
    ...spec.alertPolicies.flatMap((each) => ('ref' in each ? [{ kind: 'AlertPolicy', name: each.ref }] : [])),
  ])
  const policies = policiesOf(spec.alertPolicies, found)
  await load([
    ...policies.flatMap((each) => refsOf('AlertCondition', each.conditions)),
    ...policies.flatMap((each) => refsOf('AlertNotificationTarget', each.notificationTargets)),
    ...dataSourcesOf(spec, found).map((name) => ({ kind: 'DataSource', name })),
  ])
  return { documents: foundDocuments(found), refersTo: [...found.keys()].sort() }
}

const refsOf = (kind: string, list: readonly Referred<unknown>[]) =>
  list.flatMap((each) => ('ref' in each ? [{ kind, name: each.ref }] : []))

function policiesOf(
  referred: readonly Referred<AlertPolicySpec>[],
  found: ReadonlyMap<string, OpenSloDocument>,
): readonly AlertPolicySpec[] {
  return referred.flatMap((each) => {
    if (!('ref' in each)) return [each.inline.spec]
    const document = found.get(`AlertPolicy/${each.ref}`)
    return document?.kind === 'AlertPolicy' ? [document.spec] : []
  })
}

function dataSourcesOf(spec: SloSpec, found: ReadonlyMap<string, OpenSloDocument>): readonly string[] {
  const slis = [
    spec.indicator,
    ...spec.objectives.map((each) => each.indicator),
    ...[...found.values()].map((each) => (each.kind === 'SLI' ? each.spec : null)),
  ]
  return slis.flatMap((sli) =>
    [sli?.thresholdMetric, sli?.ratioMetric?.good, sli?.ratioMetric?.bad, sli?.ratioMetric?.total].flatMap(
      (metric) => metric?.metricSourceRef ?? [],
    ),
  )
}
