// Everything ever learnt, searched from a terminal.
import type { LearntHit } from '../../../../client/src/operations.gen.ts'
import { openApi } from '../../connection/api.ts'
import { exitCodes } from '../../exit-codes.ts'
import type { Run } from '../../line/command.ts'
import { printListing, say } from '../../print/output.ts'
import { ago } from '../../print/times.ts'
import { oneOf } from '../respond/text-given.ts'

const kinds = ['incident', 'postmortem', 'action', 'problem'] as const

export const searchLearnt: Run = async (call) => {
  const { options, shell } = call
  const [kind, service, name] = [options.text('kind'), options.text('service'), options.text('class')]
  const api = await openApi(call)
  const { items, more, capped, behind } = await api.client['learning.search']({
    query: {
      q: call.args.join(' '),
      limit: 50,
      ...(kind === null ? {} : { kind: oneOf(kinds, kind, 'kind') }),
      ...(service === null ? {} : { service }),
      ...(name === null ? {} : { class: name }),
    },
  })
  await printListing<LearntHit>(call, {
    rows: items,
    columns: [
      { header: 'WHAT', of: (row) => `${row.kind} ${row.number}` },
      { header: 'WHEN', of: (row) => ago(row.at, shell.now()) },
      { header: 'TITLE', of: (row) => row.title, elastic: true },
      {
        header: 'WORDS',
        of: (row) =>
          row.pieces
            .map((each) => each.text)
            .join('')
            .replace(/\s+/g, ' '),
        elastic: true,
      },
    ],
    nameOf: (row) => `${row.kind}/${row.number}`,
    none: 'Nothing speaks of that.',
  })
  const narrow = 'narrow it by another word, --kind, --service or --class.'
  if (capped) say(call, `So many texts have these words that not all older ones were looked at: ${narrow}`)
  else if (more) say(call, `There are more, older ones: ${narrow}`)
  if (behind) say(call, 'Older texts are still being read after an upgrade: look again later.')
  return exitCodes.ok
}
