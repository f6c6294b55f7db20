// Problem records from a terminal.
import type { ProblemRecord, ProblemRecordSummary } from '../../../../client/src/operations.gen.ts'
import { formatDuration } from '../../../../server/src/kernel/duration.ts'
import { problemStates } from '../../../../server/src/modules/learning/core/index.ts'
import { type Api, notFound, openApi, readPages } from '../../connection/api.ts'
import { exitCodes, usageError } from '../../exit-codes.ts'
import type { Call, Run } from '../../line/command.ts'
import { printDetail, printListing, say } from '../../print/output.ts'
import { stateCell } from '../../print/table.ts'
import { harmless } from '../../print/text-width.ts'
import { ago } from '../../print/times.ts'
import { actionOf } from '../respond/actions.ts'
import { oneIncidentId } from '../respond/references.ts'
import { oneOf } from '../respond/text-given.ts'

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/** By its number, as people say it, or by its id. */
async function problemIdOf(api: Api, text: string): Promise<string> {
  if (uuid.test(text)) return text
  const number = /^#?(\d{1,9})$/.exec(text)?.[1]
  if (number === undefined || Number(number) === 0)
    throw usageError(`"${text}" is no problem.`, 'Use its number. See: mainstay learning problems --state all')
  const { items } = await api.client['problems.list']({ query: { number: Number(number), limit: 1 } })
  const [found] = items
  if (found === undefined)
    throw notFound(`There is no problem ${number}.`, 'See: mainstay learning problems --state all')
  return found.id
}

export const listProblems: Run = async (call) => {
  const { options, shell } = call
  const api = await openApi(call)
  const [one] = call.args
  if (one !== undefined) {
    await show(call, await api.client['problems.read']({ params: { id: await problemIdOf(api, one) } }))
    return exitCodes.ok
  }
  const service = options.text('service')
  const wanted = oneOf([...problemStates, 'current', 'all'] as const, options.text('state') ?? 'current', 'state')
  const { items, more } = await readPages(
    (page) =>
      api.client['problems.list']({
        query: { ...page, ...(wanted === 'all' ? {} : { state: wanted }), ...(service === null ? {} : { service }) },
      }),
    options.integer('limit', 1, 100_000) ?? 100,
  )
  await printListing<ProblemRecordSummary>(call, {
    rows: items,
    more,
    columns: [
      { header: 'NUMBER', of: (row) => String(row.number), align: 'right' },
      { header: 'STATE', of: (row) => stateCell(row.overdue ? 'overdue' : row.state) },
      { header: 'INCIDENTS', of: (row) => String(row.incidents), align: 'right' },
      { header: 'LAST SEEN', of: (row) => ago(row.lastSeenAt, shell.now()) },
      { header: 'OWNER', of: (row) => row.owner },
      { header: 'TITLE', of: (row) => row.title, elastic: true },
      { header: 'CLASS', of: (row) => row.class, wide: true },
      { header: 'DUE', of: (row) => row.dueAt?.slice(0, 10) ?? null, wide: true },
    ],
    nameOf: (row) => `problem/${row.number}`,
    none: 'No problem.',
  })
  return exitCodes.ok
}

async function show(call: Call, problem: ProblemRecord): Promise<void> {
  const now = call.shell.now()
  await printDetail(call, {
    title: `Problem ${problem.number}: ${problem.title}`,
    facts: [
      ['state', problem.state],
      ['', problem.sentence],
      ['class', problem.class],
      ['services', problem.services.join(', ')],
      ['owner', problem.owner],
      ['due', problem.dueAt?.slice(0, 10) ?? null],
      ['watched for', formatDuration(problem.windowMs)],
      ['cause', problem.cause],
      ['workaround', problem.workaround],
      ['plan', problem.plan],
    ],
    sections: [
      {
        title: 'Incidents',
        lines: problem.linkedIncidents.map((each) =>
          harmless(`#${each.number} ${each.title} (${ago(each.beganAt, now)})`),
        ),
      },
      {
        title: 'Actions that are to eliminate it',
        lines: problem.linkedActions.map((each) =>
          harmless(`${each.number} ${each.title}: ${each.owner}, due ${each.dueAt.slice(0, 10)}, ${each.state}`),
        ),
      },
      {
        title: 'Moves',
        lines: problem.moves.map((each) =>
          harmless(`${ago(each.at, now)}  ${each.after}: ${each.because} (${each.by})`),
        ),
      },
    ],
    name: `problem/${problem.number}`,
    document: problem,
  })
}

export const openProblem: Run = async (call) => {
  const { options } = call
  const [name, owner, workaround] = [options.text('class'), options.text('owner'), options.text('workaround')]
  const api = await openApi(call)
  const incidents = []
  for (const each of options.all('incident')) incidents.push(await oneIncidentId(api, each))
  const problem = await api.client['problems.open']({
    body: {
      title: call.args.join(' '),
      incidents,
      ...(name === null ? {} : { class: name }),
      ...(owner === null ? {} : { owner }),
      ...(workaround === null ? {} : { workaround }),
    },
  })
  say(call, `Problem ${problem.number}: ${problem.sentence}`)
  return exitCodes.ok
}

export const writeProblem: Run = async (call) => {
  const { options, shell } = call
  const given = (['cause', 'workaround', 'plan', 'class', 'owner'] as const).flatMap((name) => {
    const text = options.text(name)
    return text === null ? [] : [[name, text] as const]
  })
  const [due, windowMs] = [options.durationMs('due'), options.durationMs('window')]
  const body = {
    ...Object.fromEntries(given),
    ...(due === null ? {} : { dueAt: new Date(shell.now() + due).toISOString() }),
    ...(windowMs === null ? {} : { windowMs }),
  }
  if (Object.keys(body).length === 0)
    throw usageError('What is to be written?', 'For example --workaround "restart it"')
  const api = await openApi(call)
  const id = await problemIdOf(api, call.args[0] ?? '')
  const problem = await api.client['problems.change']({ params: { id }, body })
  say(call, `Problem ${problem.number}: ${Object.keys(body).join(', ')} written.`)
  return exitCodes.ok
}

export const linkProblem: Run = async (call) => {
  const [incident, action] = [call.options.text('incident'), call.options.text('action')]
  if (incident === null && action === null) throw usageError('What belongs to it?', 'Say --incident 51 or --action 8.')
  const api = await openApi(call)
  const id = await problemIdOf(api, call.args[0] ?? '')
  const problem = await api.client['problems.link']({
    params: { id },
    body: {
      ...(incident === null ? {} : { incident: await oneIncidentId(api, incident) }),
      ...(action === null ? {} : { action: (await actionOf(api, action)).id }),
    },
  })
  say(call, `Problem ${problem.number}, ${problem.state}: ${problem.sentence}`)
  return exitCodes.ok
}

export const moveProblem: Run = async (call) => {
  const [reference = '', state = ''] = call.args
  const to = oneOf(problemStates, state, 'state of a problem')
  const note = call.options.text('reason')
  const api = await openApi(call)
  const id = await problemIdOf(api, reference)
  const body = { to, ...(note === null ? {} : { note }) }
  const problem = await api.client['problems.transition']({ params: { id }, body })
  say(call, `Problem ${problem.number} is ${problem.state}. ${problem.sentence}`)
  return exitCodes.ok
}
