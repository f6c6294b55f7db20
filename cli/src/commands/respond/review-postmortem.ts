// The review of a postmortem and its public version from a terminal.
import type { PostmortemAgendaItem, PublicVersion } from '../../../../client/src/operations.gen.ts'
import { publicParts, sectionKeys } from '../../../../server/src/modules/postmortems/core/index.ts'
import { openApi, readPages } from '../../connection/api.ts'
import { exitCodes, usageError } from '../../exit-codes.ts'
import type { Call, Run } from '../../line/command.ts'
import { printListing, say } from '../../print/output.ts'
import { stateCell } from '../../print/table.ts'
import { harmless } from '../../print/text-width.ts'
import { ago } from '../../print/times.ts'
import { oneOf } from './text-given.ts'
import { postmortemOf } from './write-postmortem.ts'

export const showAgenda: Run = async (call) => {
  const { options, shell } = call
  const api = await openApi(call)
  const { items, more } = await readPages(
    (page) => api.client['postmortems.agenda']({ query: page }),
    options.integer('limit', 1, 10_000) ?? 100,
  )
  await printListing<PostmortemAgendaItem>(call, {
    rows: items,
    more,
    columns: [
      { header: 'INCIDENT', of: ({ postmortem }) => String(postmortem.incident.number), align: 'right' },
      { header: 'SEVERITY', of: ({ postmortem }) => postmortem.severity },
      {
        header: 'STATE',
        of: ({ ready, postmortem }) => stateCell(ready ? 'ready' : postmortem.overdue ? 'overdue' : 'waits'),
      },
      { header: 'WAITS', of: ({ waitsSince }) => ago(waitsSince, shell.now()) },
      { header: 'TITLE', of: ({ postmortem }) => postmortem.title, elastic: true },
      { header: 'REVIEW', of: ({ sentence }) => sentence, elastic: true },
    ],
    nameOf: ({ postmortem }) => `postmortem/${postmortem.number}`,
    none: 'Nothing waits for review.',
  })
  return exitCodes.ok
}

const decide =
  (decision: 'approved' | 'changes'): Run =>
  async (call) => {
    const reason = call.options.text('reason')
    if (decision === 'changes' && reason === null) throw usageError('What is to be changed?', 'Say --reason "…".')
    const api = await openApi(call)
    const { id } = await postmortemOf(api, call.args[0] ?? '')
    const { textHash } = await api.client['postmortems.review']({ params: { id } })
    const review = await api.client['postmortems.decide-review']({
      params: { id },
      body: { decision, textHash, ...(reason === null ? {} : { reason }) },
    })
    say(call, harmless(review.sentence))
    return exitCodes.ok
  }
export const approve = decide('approved')
export const requestChanges = decide('changes')

export const excuse: Run = async (call) => {
  const reason = call.options.text('reason')
  if (reason === null) throw usageError('Why?', 'Say it: --reason "the same as incident 5"')
  const excused = !call.options.has('undo')
  const api = await openApi(call)
  const { id } = await postmortemOf(api, call.args[0] ?? '')
  await api.client['postmortems.excuse']({ params: { id }, body: { excused, reason } })
  say(call, excused ? 'No postmortem is needed; it is on record who said so.' : 'The postmortem is due again.')
  return exitCodes.ok
}

export const askReviewer: Run = async (call) => {
  const [reference = '', person = ''] = call.args
  const api = await openApi(call)
  const { id } = await postmortemOf(api, reference)
  const review = await api.client['postmortems.ask-reviewer']({ params: { id }, body: { person } })
  say(call, harmless(review.sentence))
  return exitCodes.ok
}

export const publicVersion: Run = async (call) => {
  const { options } = call
  const [hash, why] = [options.text('approve'), options.text('withdraw')]
  const api = await openApi(call)
  const params = { id: (await postmortemOf(api, call.args[0] ?? '')).id }
  if (hash !== null) {
    const { served } = await api.client['postmortems.approve-public']({ params, body: { hash } })
    say(call, `Anybody who has this address may read it: ${served?.url ?? ''}`)
  } else if (why !== null) {
    await api.client['postmortems.withdraw-public']({ params, body: { reason: why } })
    say(call, 'It is taken back; its address is never used again.')
  } else if (options.has('prepare')) {
    show(call, await api.client['postmortems.prepare-public']({ params, body: choicesOf(call) }))
  } else show(call, await api.client['postmortems.read-public-version']({ params }))
  return exitCodes.ok
}

function choicesOf({ options }: Call): PublicVersion['choices'] {
  const left = options.all('without').map((word) => oneOf([...sectionKeys, ...publicParts], word, 'part'))
  return {
    title: options.text('title'),
    sections: sectionKeys.filter((each) => left.includes(each)),
    parts: publicParts.filter((each) => left.includes(each) || (each === 'timeline' && !options.has('with-timeline'))),
    passages: [...options.all('passage')],
    roles: options.all('role').map((text) => {
      const [, person, role] = /^([^=]+)=(.+)$/.exec(text) ?? []
      if (person === undefined || role === undefined)
        throw usageError(`Who is "${text}"?`, 'Say --role "ben=the engineer".')
      return { person, role }
    }),
    noNames: [...options.all('no-name')],
  }
}

function show(call: Call, { prepared, served, withdrawn }: PublicVersion): void {
  const { out } = call.shell
  if (prepared !== null) {
    const { copy } = prepared
    const lines = [
      ...(copy.organisation === null ? [] : [copy.organisation, '']),
      `# ${copy.title}`,
      '',
      ...copy.figures.map((each) => `${each.name}: ${each.value}`),
      ...copy.sections.flatMap((each) => [
        '',
        `## ${each.title}`,
        '',
        ...(each.body === '' ? [] : [each.body]),
        ...each.lines.map((line) => `- ${line}`),
      ]),
    ]
    for (const line of lines.join('\n').split('\n')) out.write(`${harmless(line)}\n`)
    say(call, prepared.current ? 'Exactly this leaves with:' : 'The postmortem was corrected since: prepare it again.')
    if (prepared.current) say(call, `  mainstay postmortem public ${call.args[0] ?? ''} --approve ${prepared.hash}`)
    if (prepared.needsSecond) say(call, 'Somebody else than who prepared it lets it out.')
  }
  if (served !== null) say(call, `Public since ${served.at.slice(0, 10)}: ${served.url}`)
  else if (withdrawn !== null) say(call, harmless(`Taken back by ${withdrawn.by}: ${withdrawn.because}`))
  else if (prepared === null) say(call, 'Nothing of it is public.')
}
