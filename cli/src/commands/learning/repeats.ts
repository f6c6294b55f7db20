// Repeats from a terminal: what may repeat what, and the word of a person on it.
import type { RepeatPair, RepeatProposal } from '../../../../client/src/operations.gen.ts'
import { openApi, readPages } from '../../connection/api.ts'
import { type ExitCode, exitCodes, usageError } from '../../exit-codes.ts'
import type { Call, Run } from '../../line/command.ts'
import { printDetail, printListing, say } from '../../print/output.ts'
import { harmless } from '../../print/text-width.ts'
import { ago } from '../../print/times.ts'
import { oneIncidentId } from '../respond/references.ts'
import { oneOf } from '../respond/text-given.ts'

export const percent = (share: number): string => `${Math.round(share * 100)} %`
const verdicts = ['undecided', 'confirmed', 'rejected'] as const

export const listRepeats: Run = async (call) => {
  const [incident] = call.args
  if (incident !== undefined) return repeatsOf(call, incident)
  const verdict = oneOf(verdicts, call.options.text('verdict') ?? 'undecided', 'verdict')
  const api = await openApi(call)
  const { items, more } = await readPages(
    (page) => api.client['learning.repeats']({ query: { ...page, verdict } }),
    call.options.integer('limit', 1, 100_000) ?? 100,
  )
  await printListing<RepeatPair>(call, {
    rows: items,
    more,
    columns: [
      { header: 'INCIDENT', of: (row) => String(row.incident.number), align: 'right' },
      { header: 'EARLIER', of: (row) => String(row.earlier.number), align: 'right' },
      { header: 'ALIKE', of: (row) => percent(row.score), align: 'right' },
      { header: 'TITLE', of: (row) => row.incident.title, elastic: true },
      { header: 'BECAUSE', of: (row) => row.said?.reason ?? row.evidence[0]?.sentence ?? '', elastic: true },
      { header: 'BY', of: (row) => row.said?.by ?? null },
    ],
    nameOf: (row) => `incident/${row.incident.number}`,
    none: verdict === 'undecided' ? 'Nothing waits for a word.' : `None was ${verdict} yet.`,
  })
  return exitCodes.ok
}

async function repeatsOf(call: Call, incident: string): Promise<ExitCode> {
  const api = await openApi(call)
  const id = await oneIncidentId(api, incident)
  const found = await api.client['learning.repeats-of']({ params: { id } })
  const now = call.shell.now()
  const lineOf = ({ earlier, score, evidence, said }: RepeatProposal) => [
    harmless(`${percent(score)}  #${earlier.number} ${earlier.title} (${ago(earlier.beganAt, now)})`),
    ...(said === null
      ? []
      : [harmless(`     ${said.verdict} by ${said.by}${said.reason === null ? '' : `: ${said.reason}`}`)]),
    ...evidence.map((each) => harmless(`     ${each.sentence}`)),
  ]
  await printDetail(call, {
    title: `Incident ${incident}: what it may repeat`,
    facts: [
      ['compared with', `${found.looked} earlier incidents`],
      ['proposed from', percent(found.threshold)],
      ['measure', call.options.text('output') === 'wide' ? found.measure : null],
    ],
    sections: [
      { title: 'Earlier incidents', lines: found.proposals.flatMap(lineOf) },
      {
        title: 'Known errors it resembles',
        lines: found.knownErrors.map((each) =>
          harmless(`${percent(each.score)}  problem ${each.problem.number} ${each.problem.title}: ${each.workaround}`),
        ),
      },
      {
        title: 'Belongs to',
        lines: found.problems.map((each) => harmless(`problem ${each.number} ${each.title} (${each.state})`)),
      },
    ],
    name: `incident/${incident}`,
    document: found,
  })
  if (found.proposals.length === 0) say(call, 'It resembles none of them enough to be proposed.')
  return exitCodes.ok
}

export const confirmRepeat: Run = async (call) => {
  const [incident = '', earlier = ''] = call.args
  const reason = call.options.text('reason')
  const api = await openApi(call)
  await api.client['learning.judge-repeat']({
    params: { id: await oneIncidentId(api, incident) },
    body: {
      earlier: await oneIncidentId(api, earlier),
      verdict: 'confirmed',
      ...(reason === null ? {} : { reason }),
    },
  })
  say(
    call,
    `Incident ${incident} repeats ${earlier}. Open a problem of both: mainstay learning open "…" --incident ${earlier} --incident ${incident}`,
  )
  return exitCodes.ok
}

export const rejectRepeat: Run = async (call) => {
  const [incident = '', earlier = ''] = call.args
  const reason = call.options.text('reason')
  if (reason === null) throw usageError('Why?', 'Say it: --reason "another pool"')
  const undo = call.options.has('undo')
  const api = await openApi(call)
  await api.client['learning.judge-repeat']({
    params: { id: await oneIncidentId(api, incident) },
    body: { earlier: await oneIncidentId(api, earlier), verdict: undo ? 'undecided' : 'rejected', reason },
  })
  say(call, undo ? 'Nothing is said of the two any more.' : `Incident ${incident} does not repeat ${earlier}.`)
  return exitCodes.ok
}
