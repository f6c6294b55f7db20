// Senders of alarms: what they send, their tokens, what of it was not understood.
import { openApi } from '../../connection/api.ts'
import { exitCodes, usageError } from '../../exit-codes.ts'
import type { Call, Run } from '../../line/command.ts'
import { printDetail, printListing, say } from '../../print/output.ts'
import { harmless } from '../../print/text-width.ts'
import { ago } from '../../print/times.ts'
import { readGivenFile } from './given-file.ts'

const placeholder = '<TOKEN>'

export const listSources: Run = async (call) => {
  const api = await openApi(call)
  const { items } = await api.client['intake.list']()
  await printListing(call, {
    rows: items,
    columns: [
      { header: 'SOURCE', of: (row) => row.name },
      { header: 'SENDS', of: (row) => row.formatTitle },
      { header: 'STATE', of: (row) => row.state },
      {
        header: 'LAST HEARD',
        of: (row) => (row.receivedAt === null ? 'never' : ago(row.receivedAt, call.shell.now())),
      },
      { header: 'LAST HOUR', of: (row) => String(row.lastHour.signals) },
      { header: 'ORPHANS', of: (row) => String(row.orphans) },
      { header: 'TOKENS', of: (row) => String(row.tokens) },
    ],
    nameOf: (row) => `alertsource/${row.name}`,
    none: 'No sender is declared.',
  })
  return exitCodes.ok
}

export const issueToken: Run = async (call) => {
  const name = nameOf(call)
  const overlapMs = call.options.durationMs('overlap')
  const api = await openApi(call)
  const made = await api.client['intake.issue-token']({
    params: { name },
    body: overlapMs === null ? {} : { overlapMs },
  })
  await printDetail(call, {
    title: `Token of ${name}; it is shown once`,
    facts: [['Token', made.token]],
    sections: made.setUp.map((step) => ({
      title: step.title,
      lines: step.text.replaceAll(placeholder, made.token).split('\n').map(harmless),
    })),
    name: `token/${made.issued.id}`,
    document: made,
  })
  return exitCodes.ok
}

export const storeSecret: Run = async (call) => {
  const name = nameOf(call)
  const api = await openApi(call)
  if (call.options.has('remove')) {
    await api.client['intake.remove-secret']({ params: { name } })
    say(call, `Signatures of ${name} are not checked any more.`)
    return exitCodes.ok
  }
  const secret = (await readGivenFile(call, call.options.text('file') ?? '-')).trim()
  if (secret === '') throw usageError('There is no secret.', 'Pipe it in, or name a file with --file.')
  await api.client['intake.set-secret']({ params: { name }, body: { secret } })
  say(call, `Only deliveries of ${name} that are signed with it are taken. A former secret is good for a day more.`)
  return exitCodes.ok
}

export const listOrphans: Run = async (call) => {
  const [source] = call.args
  const api = await openApi(call)
  const { items } = await api.client['intake.orphans']({
    query: { limit: 100, ...(source === undefined ? {} : { source }) },
  })
  await printListing(call, {
    rows: items,
    columns: [
      { header: 'ID', of: (row) => row.id },
      { header: 'SOURCE', of: (row) => row.source },
      { header: 'TIMES', of: (row) => String(row.times) },
      { header: 'LAST', of: (row) => ago(row.lastAt, call.shell.now()) },
      { header: 'BECAUSE', of: (row) => row.because, elastic: true },
    ],
    nameOf: (row) => `orphan/${row.id}`,
    none: 'Everything that was sent was understood.',
  })
  return exitCodes.ok
}

/** Exit 8 when one of them is still not understood. */
export const replayOrphans: Run = async (call) => {
  const api = await openApi(call)
  const source = call.options.text('source')
  if (source === null && call.args.length === 0)
    throw usageError('Which?', 'Name orphans by id, or all of a source: --source shop')
  const listed = source === null ? [] : (await api.client['intake.orphans']({ query: { limit: 500, source } })).items
  const ids = [...call.args, ...listed.filter((each) => !each.cut).map((each) => each.id)]
  let unread = 0
  for (const id of ids) {
    const result = await api.client['intake.replay']({ params: { id } })
    if (!result.understood) unread += 1
    say(
      call,
      harmless(`${id}  ${result.understood ? `understood, ${result.signals} signals` : (result.because ?? '')}`),
    )
  }
  if (ids.length === 0) say(call, 'Nothing waits to be tried again.')
  return unread === 0 ? exitCodes.ok : exitCodes.partial
}

export const tryPayload: Run = async (call) => {
  const [source = '', file = '-'] = call.args
  const body = await readGivenFile(call, file)
  const api = await openApi(call)
  const found = await api.client['intake.preview']({ body: { source, body } })
  const lines = found.signals.map((each) =>
    harmless(`${each.status}  ${each.severity}  ${each.service ?? 'no service'}  ${each.summary}  (${each.key})`),
  )
  await printDetail(call, {
    title: `${found.signals.length} ${found.signals.length === 1 ? 'signal' : 'signals'}; nothing was taken in`,
    facts: [['Nothing to do', found.nothing === null ? null : harmless(found.nothing)]],
    sections: [
      { title: 'It would become', lines },
      { title: 'Acknowledges', lines: found.acknowledged.map(harmless) },
      { title: 'Not understood', lines: found.unread.map(harmless) },
      { title: 'Missing', lines: found.notes.map(harmless) },
    ],
    name: 'preview',
    document: found,
  })
  return found.unread.length === 0 ? exitCodes.ok : exitCodes.partial
}

function nameOf(call: Call): string {
  const [name] = call.args
  if (name === undefined) throw usageError('Which source?', 'mainstay intake list')
  return name
}
