// Everything about an incident in one answer: as data for machines, as Markdown for people.

import { minute } from '../../../kernel/duration.ts'
import { fewNames } from '../../../kernel/few-names.ts'
import { formatInstant } from '../../../kernel/instant.ts'
import type { Queries } from '../../../platform/database/queries.ts'
import { kindWords, type Measure, measuresOf, peopleInWords, writeMarkdown } from '../core/index.ts'
import type { IncidentsPorts } from '../incidents.ports.ts'
import { type IncidentRow, listHoldings } from '../incidents.store.ts'
import { presentIncident } from '../present-incident.ts'
import { presentItem, presentPin, presentUpdate, sentenceOf } from '../present-work.ts'
import type { WorkItemReply } from '../work.contract.ts'
import { listItems, listPins, listUpdateRows } from '../work.store.ts'
import { readImpactOf } from './communicate.ts'
import { readTimeline } from './keep-timeline.ts'

export async function exportIncidentOf(
  queries: Queries,
  ports: Pick<IncidentsPorts, 'linesOf'>,
  row: IncidentRow,
  isTold: (type: string) => boolean = () => true,
) {
  const incident = await presentIncident(queries, row)
  const timeline = (await readTimeline(queries, ports, row.id))
    .filter(({ line }) => isTold(line.type))
    .map(({ line, at }) => ({
      id: line.id,
      at: formatInstant(at),
      sentence: sentenceOf(line),
      actor: line.actor.name,
    }))
  const items = (await listItems(queries, row.id)).map(presentItem)
  const pins = (await listPins(queries, row.id)).map(presentPin)
  const updates = (await listUpdateRows(queries, row.id)).map(presentUpdate)
  const impact = await readImpactOf(queries, row)
  const measures = measuresOf(row)
  const roles = await listHoldings(queries, row.id)
  const linesOf = (kind: string) =>
    items
      .filter((each) => each.kind === kind)
      .map((each) => `${caseIn(each)}${each.text} (${each.state}${each.reason === null ? '' : `: ${each.reason}`})`)
  const markdown = writeMarkdown({
    title: `${kindWords[row.kind]} ${row.number}: ${row.title}`,
    facts: [
      ['Severity', `${row.severity}. ${row.severityReason}`],
      ['State', row.status],
      ['Services', fewNames(row.services, 50)],
      ['Impact', row.impactStatement],
      ['People affected', row.peopleAffected === null ? null : peopleInWords(row.peopleAffected)],
      ['Regions', row.impactRegions.join(', ')],
      ['Customers', row.impactCustomers.join(', ')],
      ['Users hurt for', impact.minutes === null ? null : `${Math.round(impact.minutes)} min`],
      ['Time to detect', inWords(measures.timeToDetect)],
      ['Time to acknowledge', inWords(measures.timeToAcknowledge)],
      ['Time to mitigate', inWords(measures.timeToMitigate)],
      ['Time to resolve', inWords(measures.timeToResolve)],
      ['Time to the first update', inWords(measures.timeToFirstUpdate)],
    ],
    sections: [
      {
        title: 'Roles',
        lines: roles.map(
          (each) =>
            `${each.role}: ${each.person}, from ${formatInstant(each.since)}${each.until === null ? '' : ` to ${formatInstant(each.until)}`}`,
        ),
      },
      { title: 'Timeline', lines: timeline.map((each) => `${each.at} ${each.sentence}`) },
      { title: 'Decisions', lines: linesOf('decision') },
      { title: 'Hypotheses', lines: linesOf('hypothesis') },
      { title: 'Mitigations', lines: linesOf('mitigation') },
      { title: 'Cases at vendors', lines: linesOf('vendor-case') },
      { title: 'Tasks', lines: linesOf('task') },
      {
        title: 'Updates',
        lines: updates.map(
          (each) =>
            `${each.postedAt} to ${each.audience}${each.customer === null ? '' : ` ${each.customer}`}: ${each.text}`,
        ),
      },
    ],
  })
  return { incident, timeline, items, pins, updates, markdown }
}

function caseIn({ vendorCase }: WorkItemReply): string {
  if (vendorCase === null) return ''
  return `${vendorCase.vendor}${vendorCase.caseNumber === null ? '' : `, case ${vendorCase.caseNumber}`}: `
}

function inWords(measure: Measure): string {
  if (measure.kind === 'known') return `${Math.round(measure.ms / minute)} min`
  return measure.kind === 'not-yet' ? 'not yet' : `unknown: ${measure.because}`
}
