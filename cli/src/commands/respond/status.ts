// Status pages from a terminal.
import type { StatusPageView } from '../../../../client/src/operations.gen.ts'
import { openApi } from '../../connection/api.ts'
import { exitCodes, usageError } from '../../exit-codes.ts'
import type { Run } from '../../line/command.ts'
import { inTable, printDetail, printListing, say } from '../../print/output.ts'
import { stateCell } from '../../print/table.ts'
import { harmless } from '../../print/text-width.ts'
import { readGivenFile } from './given-file.ts'
import { oneIncidentId } from './references.ts'
import { textGiven } from './text-given.ts'

export const listPages: Run = async (call) => {
  const api = await openApi(call)
  const { items } = await api.client['statuspages.list']()
  await printListing<StatusPageView>(call, {
    rows: items,
    columns: [
      { header: 'PAGE', of: (row) => row.name },
      { header: 'STATE', of: (row) => stateCell(row.state) },
      { header: 'OPEN', of: (row) => String(row.open.length), align: 'right' },
      { header: 'SUBSCRIBERS', of: (row) => String(row.subscribers.confirmed), align: 'right' },
      { header: 'SAYS', of: (row) => row.sentence, elastic: true },
      { header: 'URL', of: (row) => row.url, wide: true },
    ],
    nameOf: (row) => `statuspage/${row.name}`,
    none: 'No status pages.',
  })
  return exitCodes.ok
}

const states = ['investigating', 'identified', 'monitoring', 'resolved'] as const

/** `de=Es ist vorbei.`; which languages the page has the server knows. */
function translated(given: readonly string[], option: string): Record<string, string> {
  return Object.fromEntries(
    given.map((each) => {
      const at = each.indexOf('=')
      if (at < 1)
        throw usageError(`--${option} "${each}" is not LANGUAGE=TEXT.`, `Write --${option} "de=Es ist vorbei."`)
      return [each.slice(0, at), each.slice(at + 1)]
    }),
  )
}

export const tellPage: Run = async (call) => {
  const { options } = call
  const [page = '', reference = '', ...words] = call.args
  const api = await openApi(call)
  const incident = await oneIncidentId(api, reference)
  const given = options.text('customer')
  const customer = given === null ? {} : { customer: given }
  const draft = await api.client['statuspages.draft']({ params: { page }, query: { incident, ...customer } })
  if (options.has('draft')) {
    call.shell.out.write(`${draft.title}\n${draft.state}\n\n${draft.body}\n`)
    return exitCodes.ok
  }
  const body = await textGiven(call, words, 'What do customers read?', `mainstay status tell ${page} 7 --draft`)
  const state = states.find((each) => each === options.text('state')) ?? draft.state
  const over = state === 'resolved'
  const bodies = translated(options.all('in'), 'in')
  const said = { state, body, bodies, impacts: over ? {} : draft.impacts, notify: !options.has('no-mail') }
  const titles = translated(options.all('title-in'), 'title-in')
  for (const option of ['title', 'title-in'])
    if (draft.published !== null && options.has(option))
      throw usageError(
        `--${option} is only for the first words: ${page} tells of this incident already.`,
        `Leave --${option} out; the title stays as it was published.`,
      )
  if (draft.published === null)
    await api.client['statuspages.publish']({
      params: { page },
      body: { ...said, kind: 'incident', title: options.text('title') ?? draft.title, titles, incident, ...customer },
    })
  else await api.client['statuspages.update']({ params: { id: draft.published }, body: said })
  say(call, given === null ? `${page} says it: ${state}.` : `${page} says it to ${harmless(given)}: ${state}.`)
  return exitCodes.ok
}

export const importHistory: Run = async (call) => {
  const [page = '', file = ''] = call.args
  const text = await readGivenFile(call, file)
  const dryRun = call.options.has('dry-run')
  const api = await openApi(call)
  const found = await api.client['statuspages.import']({ params: { page }, body: { text, dryRun } })
  for (const each of found.leftOut) say(call, `▲ Left out: ${harmless(each)}.`)
  for (const each of found.missing) say(call, `▲ The page has no component "${harmless(each)}".`)
  const known = found.known === 0 ? '' : `, ${found.known} were here already`
  if (!inTable(call)) {
    await printDetail(call, { title: '', facts: [], name: `statuspage/${page}`, document: found })
    return exitCodes.ok
  }
  say(call, `${found.from}: ${found.added} past posts ${dryRun ? 'would be' : 'are'} taken over${known}.`)
  return exitCodes.ok
}
