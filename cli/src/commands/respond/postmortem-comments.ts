// Comments on a postmortem, and the versions it had, from a terminal.
import type { PostmortemReview, PostmortemVersions } from '../../../../client/src/operations.gen.ts'
import { sectionKeys } from '../../../../server/src/modules/postmortems/core/index.ts'
import { openApi } from '../../connection/api.ts'
import { exitCodes, usageError } from '../../exit-codes.ts'
import type { Call, Run } from '../../line/command.ts'
import { inTable, printDetail, printListing, say } from '../../print/output.ts'
import { harmless } from '../../print/text-width.ts'
import { ago, exactAndAgo } from '../../print/times.ts'
import { oneOf, textGiven } from './text-given.ts'
import { postmortemOf } from './write-postmortem.ts'

type Comment = PostmortemReview['comments'][number]
/** People name a comment by its place; nothing that was said is ever removed, so it stays. */
const numbered = (comments: readonly Comment[]) => comments.map((each, index) => ({ number: index + 1, ...each }))

export const listComments: Run = async (call) => {
  const api = await openApi(call)
  const { id } = await postmortemOf(api, call.args[0] ?? '')
  const { comments } = await api.client['postmortems.review']({ params: { id } })
  const rows = numbered(comments).filter((each) => !call.options.has('open') || each.resolved === null)
  await printListing(call, {
    rows,
    columns: [
      { header: 'NO', of: (row) => String(row.number), align: 'right' },
      { header: 'ON', of: (row) => row.section ?? 'all of it' },
      { header: 'BY', of: (row) => row.by },
      { header: 'SAID', of: (row) => ago(row.at, call.shell.now()) },
      { header: 'ANSWERED', of: (row) => (row.resolved === null ? 'no' : `by ${row.resolved.by}`) },
      { header: 'COMMENT', of: (row) => row.body, elastic: true },
    ],
    nameOf: (row) => `comment/${row.comment}`,
    none: call.options.has('open') ? 'No comment waits for an answer.' : 'Nobody has commented on it.',
  })
  return exitCodes.ok
}

export const comment: Run = async (call) => {
  const [reference = '', ...words] = call.args
  const named = call.options.text('section')
  const section = named === null ? null : oneOf(sectionKeys, named, 'section')
  const body = await textGiven(call, words, 'What do you say?', 'mainstay postmortem comment 7 "…"')
  const api = await openApi(call)
  const { id } = await postmortemOf(api, reference)
  const { comments } = await api.client['postmortems.comment']({ params: { id }, body: { section, body } })
  say(call, `Said on ${section ?? 'all of it'}; it is comment ${comments.length}.`)
  return exitCodes.ok
}

export const answerComment: Run = async (call) => {
  const [reference = '', word = ''] = call.args
  const api = await openApi(call)
  const { id } = await postmortemOf(api, reference)
  const { comments } = await api.client['postmortems.review']({ params: { id } })
  const found = numbered(comments).find((each) => String(each.number) === word || each.comment === word)
  if (found === undefined)
    throw usageError(
      `There is no comment "${word}".`,
      `Its number stands in: mainstay postmortem comments ${reference}`,
    )
  const resolved = !call.options.has('again')
  const params = { id, comment: found.comment }
  const review = await api.client['postmortems.resolve-comment']({ params, body: { resolved } })
  say(call, `Comment ${found.number} ${resolved ? 'is answered' : 'is open again'}. ${harmless(review.sentence)}`)
  return exitCodes.ok
}

export const listVersions: Run = async (call) => {
  const api = await openApi(call)
  const { id } = await postmortemOf(api, call.args[0] ?? '')
  const { items } = await api.client['postmortems.versions']({ params: { id } })
  await printListing<PostmortemVersions['items'][number]>(call, {
    rows: items,
    columns: [
      { header: 'VERSION', of: (row) => String(row.number), align: 'right' },
      { header: 'WRITTEN', of: (row) => ago(row.at, call.shell.now()) },
      { header: 'BY', of: (row) => row.authors.join(', ') },
      { header: 'BECAUSE', of: (row) => row.because, elastic: true },
    ],
    nameOf: (row) => `version/${row.number}`,
    none: 'It has no earlier version.',
  })
  return exitCodes.ok
}

function numberOf(call: Call): number {
  const [reference = '', word = ''] = call.args
  if (!/^\d{1,9}$/.test(word))
    throw usageError(`"${word}" is no version.`, `Its number stands in: mainstay postmortem versions ${reference}`)
  return Number(word)
}

export const showVersion: Run = async (call) => {
  const { shell } = call
  const number = numberOf(call)
  const api = await openApi(call)
  const { id } = await postmortemOf(api, call.args[0] ?? '')
  const version = await api.client['postmortems.version']({ params: { id, number } })
  const written = version.sections.filter((each) => each.body.trim() !== '')
  await printDetail(call, {
    title: `Version ${version.number}`,
    facts: [
      ['Written', exactAndAgo(version.at, shell.zone, shell.now())],
      ['By', version.authors.join(', ')],
      ['Because', version.because],
    ],
    sections: inTable(call)
      ? written.map((each) => ({ title: each.title, lines: each.body.trim().split('\n').map(harmless) }))
      : [],
    name: `version/${version.number}`,
    document: version,
  })
  return exitCodes.ok
}

export const restoreVersion: Run = async (call) => {
  const number = numberOf(call)
  const api = await openApi(call)
  const { id } = await postmortemOf(api, call.args[0] ?? '')
  await api.client['postmortems.restore']({ params: { id, number } })
  say(call, `Its sections are those of version ${number}; what they were is a version too.`)
  return exitCodes.ok
}
