// Workflows from a terminal.
import type { WorkflowRun, WorkflowSummary } from '../../../../client/src/operations.gen.ts'
import { triggers } from '../../../../server/src/modules/workflows/core/index.ts'
import { openApi, readPages } from '../../connection/api.ts'
import { exitCodes, usageError } from '../../exit-codes.ts'
import type { Call, Run } from '../../line/command.ts'
import { printDetail, printListing, say } from '../../print/output.ts'
import { stateCell } from '../../print/table.ts'
import { harmless } from '../../print/text-width.ts'
import { ago } from '../../print/times.ts'
import { oneIncidentId } from './references.ts'

export const listWorkflows: Run = async (call) => {
  const api = await openApi(call)
  const { items } = await api.client['workflows.list']()
  await printListing<WorkflowSummary>(call, {
    rows: items,
    columns: [
      { header: 'NAME', of: (row) => row.name },
      { header: 'ON', of: (row) => row.on.join(', '), elastic: true },
      { header: 'STEPS', of: (row) => String(row.steps.length), align: 'right' },
      { header: 'LAST', of: (row) => stateCell(row.enabled ? (row.last?.state ?? 'never') : 'off') },
      { header: 'WHEN', of: (row) => row.when ?? 'always', elastic: true },
      { header: 'TEAM', of: (row) => row.team ?? '', wide: true },
    ],
    nameOf: (row) => `workflow/${row.name}`,
    none: 'No workflows. `mainstay apply` declares them.',
  })
  return items.some((each) => each.last?.state === 'failed') ? exitCodes.error : exitCodes.ok
}

const most = 10_000

export const listRuns: Run = async (call) => {
  const { args, options, shell } = call
  const api = await openApi(call)
  const workflow = options.text('workflow')
  const state = (['waiting', 'running', 'approval', 'done', 'failed', 'not-needed'] as const).find(
    (each) => each === options.text('state'),
  )
  const query = {
    ...(args[0] === undefined ? {} : { incident: await oneIncidentId(api, args[0]) }),
    ...(workflow === null ? {} : { workflow }),
    ...(state === undefined ? {} : { state }),
  }
  const { items, more } = await readPages(
    (page) => api.client['workflows.runs']({ query: { ...page, ...query } }),
    options.integer('limit', 1, most) ?? 20,
  )
  await printListing<WorkflowRun>(call, {
    rows: items,
    more,
    columns: [
      { header: 'RUN', of: (row) => row.id },
      { header: 'WORKFLOW', of: (row) => row.workflow },
      { header: 'INCIDENT', of: (row) => String(row.incident.number), align: 'right' },
      { header: 'STATE', of: (row) => stateCell(row.state) },
      { header: 'BEGAN', of: (row) => ago(row.createdAt, shell.now()) },
      { header: 'STEPS', of: (row) => stepsText(row), elastic: true },
      { header: 'WHY', of: (row) => row.because, wide: true },
    ],
    nameOf: (row) => `run/${row.id}`,
    none: 'Nothing ran.',
  })
  return exitCodes.ok
}

/** What needs somebody before what is done. */
function stepsText({ steps }: WorkflowRun): string {
  const open = steps.flatMap((step, index) =>
    step.state === 'done'
      ? []
      : [`${index + 1} ${step.name}: ${step.state}${step.said === null ? '' : `, ${step.said}`}`],
  )
  const done = steps.length - open.length
  return [...open, ...(done === 0 ? [] : [`${done} done`])].join(' · ')
}

export const testWorkflow: Run = async (call) => {
  const { args, options } = call
  const incident = options.text('incident')
  if (incident === null) throw usageError('In which incident?', 'Say --incident 7.')
  const word = options.text('as')
  const cause = triggers.find((each) => each === word)
  if (word !== null && cause === undefined)
    throw usageError(`"${word}" is no trigger.`, `Known: ${triggers.join(', ')}.`)
  const api = await openApi(call)
  const found = await api.client['workflows.test']({
    params: { name: args[0] ?? '' },
    body: { incident: await oneIncidentId(api, incident), ...(cause === undefined ? {} : { cause }) },
  })
  const words = { run: 'does', ask: 'asks', refuse: 'refuses' } as const
  await printDetail(call, {
    title: `${found.workflow} in incident ${found.incident.number} · ${found.incident.title}`,
    facts: [
      ['Would run', found.runs ? 'yes' : 'no'],
      ['Because', found.because],
    ],
    sections: [
      {
        title: 'Steps',
        lines: found.steps.map((step, index) =>
          harmless(
            `${index + 1}  ${words[step.would]}  ${step.name}${step.would === 'run' ? '' : `: ${step.sentence}`}`,
          ),
        ),
      },
    ],
    name: `workflow/${found.workflow}`,
    document: found,
  })
  return found.runs ? exitCodes.ok : exitCodes.error
}

export const startWorkflow: Run = async (call) => {
  const [name = '', incident = ''] = call.args
  const api = await openApi(call)
  const run = await api.client['workflows.start']({
    params: { name },
    body: { incident: await oneIncidentId(api, incident) },
  })
  say(
    call,
    harmless(`${run.title} runs in incident ${run.incident.number}: mainstay workflow runs ${run.incident.number}`),
  )
  return exitCodes.ok
}

const decide =
  (approve: boolean): Run =>
  async (call) => {
    const api = await openApi(call)
    const text = approve ? call.options.text('text') : null
    await api.client['workflows.decide']({
      params: stepOf(call),
      body: { approve, ...(text === null ? {} : { text }) },
    })
    say(call, approve ? 'It goes on.' : 'It does not happen.')
    return exitCodes.ok
  }
export const approveStep = decide(true)
export const rejectStep = decide(false)

export const retryStep: Run = async (call) => {
  const api = await openApi(call)
  await api.client['workflows.retry']({ params: stepOf(call) })
  say(call, 'It is tried again.')
  return exitCodes.ok
}

function stepOf({ args }: Call): { readonly id: string; readonly step: number } {
  const [id = '', number = ''] = args
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(id))
    throw usageError(`"${id}" is no run.`, 'Copy it from `mainstay workflow runs`.')
  const step = /^[1-9]\d?$/.test(number) ? Number(number) : 0
  if (step < 1 || step > 20) throw usageError(`"${number}" is no step.`, 'Steps are counted from 1.')
  return { id: id.toLowerCase(), step }
}
