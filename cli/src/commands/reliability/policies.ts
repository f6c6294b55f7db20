import type { BudgetPolicy, BudgetTask, PolicyEpisode } from '../../../../client/src/operations.gen.ts'
import { openApi, readPages } from '../../connection/api.ts'
import { exitCodes } from '../../exit-codes.ts'
import type { Run } from '../../line/command.ts'
import { inTable, needName, printDetail, printListing, say } from '../../print/output.ts'
import { harmless } from '../../print/text-width.ts'
import { exact, exactAndAgo } from '../../print/times.ts'
import { subjectText } from './subject.ts'

export const listPolicies: Run = async (call) => {
  const api = await openApi(call)
  const { items } = await api.client['budget-policies.list']()
  await printListing<BudgetPolicy>(call, {
    rows: items,
    columns: [
      { header: 'NAME', of: (row) => row.name },
      { header: 'APPLIES TO', of: (row) => row.scope, elastic: true },
      { header: 'OBJECTIVES', of: (row) => String(row.objectives), align: 'right' },
      { header: 'STEPS', of: (row) => String(row.steps.length), align: 'right' },
      { header: 'ENTERED', of: (row) => String(row.entered), align: 'right' },
      { header: 'TEAM', of: (row) => row.team, wide: true },
    ],
    nameOf: (row) => `errorbudgetpolicy/${row.name}`,
    none: 'No error-budget policies. Declare one: mainstay apply -f policy.yaml',
  })
  if (!inTable(call)) return exitCodes.ok
  const { items: held, nextCursor } = await api.client['change-holds.list']({ query: { limit: 100 } })
  for (const { kind, service, sentence, excepted } of held)
    say(
      call,
      harmless(
        `${service}: ${kind === 'freeze' ? 'changes are frozen' : 'changes need an approval'}${excepted === null ? '' : `, excepted until ${exact(excepted.until, call.shell.zone)}`}. ${sentence}`,
      ),
    )
  if (nextCursor !== null) say(call, `There are more than these ${held.length}.`)
  return exitCodes.ok
}

export const showPolicy: Run = async (call) => {
  const name = needName(call, 'mainstay policy show shop-budget')
  const { shell } = call
  const api = await openApi(call)
  const policy = await api.client['budget-policies.read']({ params: { name } })
  const line = (episode: PolicyEpisode) =>
    harmless(
      `${episode.leftAt === null ? '⬣' : '·'} ${exactAndAgo(episode.enteredAt, shell.zone, shell.now())}  ${subjectText(episode)}  ${episode.step}: ${episode.sentence}${episode.leftBecause === null ? '' : ` Left: ${episode.leftBecause}`} ${episode.acts.map((act) => act.sentence).join(' ')}`,
    )
  await printDetail(call, {
    title: `${policy.displayName} · error-budget policy ${name}`,
    facts: [
      ['In words', policy.description === '' ? null : policy.description],
      [
        'Applies to',
        `${policy.scope} (${policy.objectives} objectives${policy.journeys.length === 0 ? '' : `, ${policy.journeys.length} journeys`})`,
      ],
      ['Exceptions', `by ${policy.approvers}`],
      ['Team', policy.team],
    ],
    sections: [
      {
        title: 'Steps',
        lines: policy.steps.map((step) =>
          harmless(`${step.name}: ${step.sentence} ${step.actions.map((action) => action.sentence).join('; ')}.`),
        ),
      },
      { title: 'Entered', lines: policy.episodes.filter((each) => each.leftAt === null).map(line) },
      { title: 'Before', lines: policy.episodes.filter((each) => each.leftAt !== null).map(line) },
    ],
    name: `errorbudgetpolicy/${name}`,
    document: policy,
  })
  return exitCodes.ok
}

export const listTasks: Run = async (call) => {
  const owner = call.options.text('owner')
  const api = await openApi(call)
  const { items, more } = await readPages(
    (page) => api.client['budget-tasks.list']({ query: { ...page, ...(owner === null ? {} : { owner }) } }),
    call.options.integer('limit', 1, 100_000) ?? 100,
  )
  await printListing<BudgetTask>(call, {
    rows: items,
    more,
    columns: [
      { header: 'DUE', of: (row) => `${exact(row.dueAt, call.shell.zone)}${row.overdue ? ' overdue' : ''}` },
      { header: 'OWNER', of: (row) => row.owner?.name ?? null },
      { header: 'TASK', of: (row) => row.title, elastic: true },
      { header: 'OBJECTIVE', of: subjectText },
      { header: 'BECAUSE', of: (row) => row.because, wide: true },
      { header: 'ID', of: (row) => row.id, wide: true },
    ],
    nameOf: (row) => `budget-task/${row.id}`,
    none: 'No open tasks of policies.',
  })
  return exitCodes.ok
}
