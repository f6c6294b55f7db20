// Blocks of a text that are drawn from the frozen facts: timeline, impact, budget, graphs and actions, and citations.
import { Fragment, type ReactNode } from 'react'
import { Link } from 'wouter'
import type { LiveLine } from '../../../../server/src/modules/postmortems/core/index.ts'
import { localTimes } from '../../parts/format.ts'
import { useNow } from '../../parts/now.ts'
import { Sparkline } from '../../parts/sparkline.tsx'
import { Time } from '../../parts/time.tsx'
import { PersonName } from '../../shell/person-name.tsx'
import type { Postmortem } from '../../shell/response-api.ts'
import type { Drawn } from './markdown-view.tsx'
import { actionLooks } from './words.ts'

export function drawnFrom(postmortem: Postmortem): Drawn {
  const numbers = numberCitations(postmortem)
  return {
    live: (line) => <LiveBlockView line={line} postmortem={postmortem} />,
    cite: (entry) => {
      const found = postmortem.facts.timeline.find((each) => each.id === entry)
      const number = numbers.get(entry)
      if (found === undefined || number === undefined) return null
      return (
        <sup className="cite">
          <a href={`#entry-${entry}`} title={found.sentence}>
            <span className="sr-only">Cited: {found.sentence} </span>
            <span aria-hidden="true">{number}</span>
          </a>
        </sup>
      )
    },
  }
}

/** Citations are numbered as they are read, over all sections. */
export function numberCitations(postmortem: Postmortem): ReadonlyMap<number, number> {
  const numbers = new Map<number, number>()
  for (const { body } of postmortem.sections)
    for (const [, id] of body.matchAll(/\[\^(\d{1,15})\]/g))
      if (!numbers.has(Number(id))) numbers.set(Number(id), numbers.size + 1)
  return numbers
}

const nothing = (text: string): ReactNode => <p className="soft">{text}</p>

function LiveBlockView({ line, postmortem }: { line: LiveLine; postmortem: Postmortem }): ReactNode {
  switch (line.block) {
    case 'timeline':
      return <TimelineLines postmortem={postmortem} />
    case 'impact':
      return <ImpactLines postmortem={postmortem} />
    case 'budget':
      return <BudgetLines postmortem={postmortem} />
    case 'graph':
      return <Graphs postmortem={postmortem} of={line.of} />
    case 'actions':
      return <ActionLines postmortem={postmortem} />
  }
}

export function TimelineLines({ postmortem, anchored = false }: { postmortem: Postmortem; anchored?: boolean }) {
  const { facts } = postmortem
  const now = useNow()
  if (facts.timeline.length === 0) return nothing('The journal says nothing of it.')
  return (
    <>
      <ol className="rows">
        {facts.timeline.map((line, index) => (
          <li
            key={`${line.at} ${String(index)}`}
            {...(anchored && line.id !== undefined ? { id: `entry-${line.id}` } : {})}
          >
            <span className="soft timeline-at">
              <Time at={line.at} show="clock" />
            </span>
            <span className="grow">{localTimes(line.sentence, now)}</span>
          </li>
        ))}
      </ol>
      {facts.timelineCut && <p className="soft">The first 1,000 lines; the journal has the rest.</p>}
    </>
  )
}

function ImpactLines({ postmortem }: { postmortem: Postmortem }) {
  const { statement, minutes } = postmortem.facts.impact
  return (
    <>
      {statement !== null && <p>{statement}</p>}
      <p>
        {minutes === null
          ? 'How long users were hurt is not known.'
          : `Users were hurt for ${Math.round(minutes)} min.`}
      </p>
    </>
  )
}

export function BudgetLines({ postmortem }: { postmortem: Postmortem }) {
  if (postmortem.facts.budget.length === 0) return nothing('None of its services has an objective.')
  return (
    <ul className="rows">
      {postmortem.facts.budget.map((each) => (
        <li key={each.objective}>
          <div className="grow">
            <Link href={`/objectives/${each.objective}`}>{each.displayName}</Link>
            <p className="soft">{each.sentence}</p>
          </div>
        </li>
      ))}
    </ul>
  )
}

export function Graphs({ postmortem, of }: { postmortem: Postmortem; of: string | null }) {
  const shown = (postmortem.facts.graphs ?? []).filter((each) => of === null || each.objective === of)
  if (shown.length === 0) return nothing('No such graph was pinned in the room of the incident.')
  return shown.map((graph) => {
    const bad = graph.points.reduce((sum, point) => sum + point.bad, 0)
    const all = graph.points.reduce((sum, point) => sum + point.bad + point.good, 0)
    const words = `${bad} of ${all} events were bad.`
    return (
      <figure key={graph.id} className="frozen-graph">
        <figcaption>
          {graph.title}, <Time at={graph.from} show="clock" /> to <Time at={graph.to} show="clock" />
        </figcaption>
        <Sparkline
          values={graph.points.map((point) =>
            point.measured && point.good + point.bad > 0 ? point.bad / (point.good + point.bad) : null,
          )}
          label={words}
          width={320}
          height={48}
        />
        <p className="soft">{words}</p>
      </figure>
    )
  })
}

function ActionLines({ postmortem }: { postmortem: Postmortem }) {
  if (postmortem.correctiveActions.length === 0) return nothing('No action was agreed.')
  return (
    <ul>
      {postmortem.correctiveActions.map((each) => (
        <Fragment key={each.id}>
          <li>
            {each.title}: <PersonName name={each.owner} />, due <Time at={each.dueAt} />,{' '}
            {actionLooks[each.state].word.toLowerCase()}
          </li>
        </Fragment>
      ))}
    </ul>
  )
}
