// What is done by itself in incidents: the workflows that are declared, how they went, and the webhooks they call.
import { useQuery } from '@tanstack/react-query'
import { Link } from 'wouter'
import { Empty, SkeletonRows } from '../../parts/empty.tsx'
import { durationText, plural } from '../../parts/format.ts'
import { PageHead, Section } from '../../parts/page-head.tsx'
import { ProblemNote } from '../../parts/problem-note.tsx'
import { StateMark } from '../../parts/state-mark.tsx'
import { Time } from '../../parts/time.tsx'
import { useMay } from '../../shell/session.tsx'
import { roleName } from '../../shell/words.ts'
import { type WorkflowSummary, workflows } from '../../shell/workflow-api.ts'
import { runLooks, WorkflowRunCard } from '../../shell/workflow-run.tsx'
import { Hooks } from './hooks.tsx'
import '../../parts/policy-list.css'

// As many as one reads; an incident shows all of its own.
const shownRuns = 20
const lookEveryMs = 30_000

export default function WorkflowsPage() {
  const may = useMay('responder')
  const declared = useQuery({
    queryKey: ['workflows', 'list'],
    queryFn: ({ signal }) => workflows.list(signal),
    refetchInterval: lookEveryMs,
  })
  const runs = useQuery({
    queryKey: ['workflows', 'runs'],
    queryFn: ({ signal }) => workflows.runs({ limit: shownRuns }, signal),
    refetchInterval: lookEveryMs,
  })
  const failed = declared.data?.items.filter((each) => each.last?.state === 'failed').length
  return (
    <>
      <PageHead
        title="Workflows"
        sentence={
          failed === undefined
            ? undefined
            : failed === 0
              ? 'What is done by itself when something happens to an incident.'
              : `The last run of ${plural(failed, 'workflow')} did not work.`
        }
      />
      <Section title="Declared">
        <ProblemNote error={declared.error} retry={() => void declared.refetch()} />
        {declared.isPending && <SkeletonRows rows={3} height={72} />}
        {declared.data?.items.length === 0 && (
          <Empty title="No workflow is declared yet." command="mainstay apply -f workflow.yaml">
            A workflow pages, opens a room, a call or a ticket, adds tasks and drafts updates, when an incident is
            declared, becomes worse, or ends.
          </Empty>
        )}
        <ul className="policy-list">
          {declared.data?.items.map((each) => (
            <Declared key={each.name} workflow={each} />
          ))}
        </ul>
      </Section>
      <Section title="Last runs">
        <ProblemNote error={runs.error} retry={() => void runs.refetch()} />
        {runs.isPending && <SkeletonRows rows={4} height={64} />}
        {runs.data?.items.length === 0 && <p className="soft">Nothing ran yet.</p>}
        <ul className="workflow-runs">
          {runs.data?.items.map((run) => (
            <WorkflowRunCard key={run.id} run={run} may={may} named />
          ))}
        </ul>
      </Section>
      <Hooks />
    </>
  )
}

const triggerWords: Readonly<Record<WorkflowSummary['on'][number], string>> = {
  declared: 'it is declared',
  activated: 'somebody confirms it',
  mitigated: 'it is mitigated',
  resolved: 'it is resolved',
  reopened: 'it is reopened',
  reviewed: 'it is reviewed',
  'severity-changed': 'its severity changes',
  'role-taken': 'somebody takes a role',
  'role-vacant': 'a role becomes vacant',
  'update-overdue': 'an update is overdue',
  'alert-joined': 'an alert joins',
}

function Declared({ workflow }: { workflow: WorkflowSummary }) {
  const { last, when, afterMs, once, restricted, enabled, team } = workflow
  const look = last === null ? null : runLooks[last.state]
  const rules = [
    ...(afterMs > 0 ? [`after ${durationText(afterMs)}`] : []),
    ...(once ? ['once for each incident'] : []),
    ...(restricted ? ['for restricted incidents, too'] : []),
    ...(team === null ? [] : [`of team ${team}`]),
  ]
  return (
    <li>
      <div className="policy-top">
        <strong>{workflow.title}</strong>
        {!enabled ? (
          <StateMark tone="silenced" word="Off" />
        ) : look === null || last === null ? (
          <StateMark tone="unknown" word="Never ran" />
        ) : (
          <>
            <StateMark tone={look.tone} word={look.word} />
            <span className="soft">
              in <Link href={`/incidents/${last.incident}?view=workflows`}>incident {last.incidentNumber}</Link>,{' '}
              <Time at={last.createdAt} />
            </span>
          </>
        )}
      </div>
      {workflow.description !== null && <p>{workflow.description}</p>}
      <p>
        When {workflow.on.map((each) => triggerWords[each]).join(', or ')}
        {rules.length > 0 && <span className="soft"> · {rules.join(', ')}</span>}
      </p>
      {when !== null && (
        <p className="workflow-when">
          <span className="soft">and </span>
          <code>{when}</code>
        </p>
      )}
      <ol className="workflow-steps">
        {workflow.steps.map((step, index) => (
          // A workflow never changes the order of its steps.
          // biome-ignore lint/suspicious/noArrayIndexKey: see above
          <li key={index}>
            {step.name}
            {step.approval !== null && (
              <span className="soft"> · asks the {roleName(step.approval).toLowerCase()}</span>
            )}
            {step.continueOnError && <span className="soft"> · goes on without it</span>}
          </li>
        ))}
      </ol>
    </li>
  )
}
