// Writing a postmortem from a terminal, up to its publication.
import type { Postmortem } from '../../../../client/src/operations.gen.ts'
import { factorKinds, sectionKeys } from '../../../../server/src/modules/postmortems/core/index.ts'
import { type Api, notFound, openApi } from '../../connection/api.ts'
import { exitCodes } from '../../exit-codes.ts'
import type { Run } from '../../line/command.ts'
import { printDetail, say } from '../../print/output.ts'
import { stateCell } from '../../print/table.ts'
import { harmless } from '../../print/text-width.ts'
import { exactAndAgo } from '../../print/times.ts'
import { oneIncidentId } from './references.ts'
import { oneOf, textGiven } from './text-given.ts'

export async function postmortemOf(api: Api, reference: string): Promise<Postmortem> {
  const incident = await oneIncidentId(api, reference)
  const { items } = await api.client['postmortems.list']({ query: { incident, limit: 1 } })
  const [found] = items
  if (found === undefined)
    throw notFound('This incident has no postmortem.', `Open it: mainstay postmortem open ${reference}`)
  return api.client['postmortems.read']({ params: { id: found.id } })
}

export const showPostmortem: Run = async (call) => {
  const { shell } = call
  const api = await openApi(call)
  const found = await postmortemOf(api, call.args[0] ?? '')
  const review = await api.client['postmortems.review']({ params: { id: found.id } })
  const written = (body: string) => (body.trim() === '' ? 'empty' : `${body.trim().split(/\s+/).length} words`)
  await printDetail(call, {
    title: `Postmortem ${found.number} · ${found.title}`,
    facts: [
      ['State', stateCell(found.exception !== null ? 'excused' : found.overdue ? 'overdue' : found.status).text],
      ['Of', `incident ${found.incident.number}, ${found.severity}`],
      ['Opened', `${exactAndAgo(found.openedAt, shell.zone, shell.now())}: ${found.because}`],
      ['Due', found.dueAt.slice(0, 10)],
      ['Review', review.sentence],
      ['Published', found.publishedAt],
      ['Hash', found.hash],
      ['Can go to', found.next.join(', ')],
      ['Id', found.id],
    ],
    sections: [
      { title: 'Sections', lines: found.sections.map((each) => `${each.section}  ${written(each.body)}`) },
      { title: 'Factors', lines: found.factors.map((each) => harmless(`${each.id}  ${each.kind}  ${each.text}`)) },
      {
        title: 'Actions',
        lines: found.correctiveActions.map((each) =>
          harmless(`${each.number}  ${each.state}  ${each.owner}  ${each.title}`),
        ),
      },
    ],
    name: `postmortem/${found.number}`,
    document: found,
  })
  return exitCodes.ok
}

export const writeSection: Run = async (call) => {
  const [reference = '', word = '', ...words] = call.args
  const section = oneOf(sectionKeys, word, 'section')
  const text = await textGiven(call, words, 'What is to stand there?', `mainstay postmortem write 7 ${section} "…"`)
  const api = await openApi(call)
  const found = await postmortemOf(api, reference)
  const before = found.sections.find((each) => each.section === section)
  const body =
    call.options.has('add') && before !== undefined && before.body !== '' ? `${before.body}\n\n${text}` : text
  await api.client['postmortems.write-section']({
    params: { id: found.id, section },
    body: { body, version: before?.version ?? 0 },
  })
  say(call, `Written: ${section}.`)
  return exitCodes.ok
}

export const addFactor: Run = async (call) => {
  const [reference = '', ...words] = call.args
  const kind = oneOf(factorKinds, call.options.text('kind') ?? 'trigger', 'kind of factor')
  const api = await openApi(call)
  const found = await postmortemOf(api, reference)
  const taken = new Set(found.factors.map((each) => each.id))
  let number = found.factors.length + 1
  while (taken.has(`f${number}`)) number += 1
  const factor = { id: `f${number}`, text: words.join(' '), kind, leadsTo: [...call.options.all('leads-to')] }
  await api.client['postmortems.write-factors']({
    params: { id: found.id },
    body: { factors: [...found.factors, factor], version: found.version },
  })
  say(call, `${factor.id} is a ${kind} factor.`)
  return exitCodes.ok
}

const moveTo =
  (to: Postmortem['status'], sentence: string): Run =>
  async (call) => {
    const api = await openApi(call)
    const found = await postmortemOf(api, call.args[0] ?? '')
    const note = call.options.text('note')
    const moved = await api.client['postmortems.transition']({
      params: { id: found.id },
      body: { to, ...(note === null ? {} : { note }) },
    })
    say(call, `Postmortem ${moved.number} ${sentence}${moved.hash === null ? '.' : `, hash ${moved.hash}.`}`)
    return exitCodes.ok
  }
export const sendToReview = moveTo('review', 'is to be reviewed')
export const publish = moveTo('published', 'is published')
export const giveBack = moveTo('draft', 'went back to its authors')
