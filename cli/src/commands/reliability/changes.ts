import { randomUUID } from 'node:crypto'
import type { Change } from '../../../../client/src/operations.gen.ts'
import { openApi, readPages } from '../../connection/api.ts'
import { exitCodes, usageError } from '../../exit-codes.ts'
import type { Run } from '../../line/command.ts'
import { printDetail, printListing, say } from '../../print/output.ts'
import { ago, exactAndAgo } from '../../print/times.ts'

const kinds: readonly Change['kind'][] = ['deployment', 'configuration', 'flag', 'infrastructure', 'rollback', 'other']

export const recordChange: Run = async (call) => {
  const { options, shell } = call
  const service = options.text('service')
  if (service === null) throw usageError('Which service?', 'Say it: --service checkout')
  const version = options.text('version')
  const kind = kinds.find((each) => each === options.text('kind')) ?? 'deployment'
  const link = options.text('link')
  const at = options.time('at', shell.now())
  const summary =
    call.args.join(' ') || (version === null ? '' : `${kind === 'rollback' ? 'Rolled back to' : 'Deployed'} ${version}`)
  if (summary === '') throw usageError('What changed?', 'Say it in a sentence, or give --version.')
  const api = await openApi(call)
  const change = await api.client['changes.record']({
    body: {
      source: options.text('source') ?? 'cli',
      // Without an id of the reporter every call is a change of its own.
      externalId: options.text('id') ?? randomUUID(),
      service,
      kind,
      summary,
      ...(version === null ? {} : { version }),
      ...(link === null ? {} : { link }),
      ...(at === null ? {} : { at }),
    },
  })
  say(call, `Recorded for ${change.service}: ${change.summary}`)
  if (options.has('output'))
    await printDetail(call, {
      title: change.summary,
      facts: [
        ['Service', change.service],
        ['When', exactAndAgo(change.at, shell.zone, shell.now())],
      ],
      name: `change/${change.id}`,
      document: change,
    })
  return exitCodes.ok
}

export const listChanges: Run = async (call) => {
  const { options, shell } = call
  const [service, from, to] = [
    options.text('service'),
    options.time('from', shell.now()),
    options.time('to', shell.now()),
  ]
  const api = await openApi(call)
  const { items, more } = await readPages(
    (page) =>
      api.client['changes.list']({
        query: {
          ...page,
          ...(service === null ? {} : { service }),
          ...(from === null ? {} : { from }),
          ...(to === null ? {} : { to }),
        },
      }),
    options.integer('limit', 1, 100_000) ?? 100,
  )
  await printListing<Change>(call, {
    rows: items,
    more,
    columns: [
      { header: 'WHEN', of: (row) => ago(row.at, shell.now()) },
      { header: 'SERVICE', of: (row) => row.service },
      { header: 'KIND', of: (row) => row.kind },
      { header: 'VERSION', of: (row) => row.version },
      { header: 'SUMMARY', of: (row) => row.summary, elastic: true },
      { header: 'SOURCE', of: (row) => row.source, wide: true },
      { header: 'LINK', of: (row) => row.link, wide: true },
    ],
    nameOf: (row) => `change/${row.id}`,
    none: 'No changes.',
  })
  return exitCodes.ok
}
