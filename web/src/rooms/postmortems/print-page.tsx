// A postmortem on paper: the browser prints it or saves it as a PDF. Always light, without the console around it, and
// every time in UTC, since nobody knows where it is read.
import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useMemo } from 'react'
import { Link, useParams } from 'wouter'
import { SkeletonRows } from '../../parts/empty.tsx'
import { durationText } from '../../parts/format.ts'
import { Pair } from '../../parts/pair.tsx'
import { ProblemNote } from '../../parts/problem-note.tsx'
import { PersonName } from '../../shell/person-name.tsx'
import { type Postmortem, postmortems } from '../../shell/response-api.ts'
import { Graphs, numberCitations } from './live-blocks.tsx'
import { type Drawn, DrawnFrom, MarkdownView } from './markdown-view.tsx'
import { actionKindWords, actionLooks, factorWords, statusWords } from './words.ts'
import './postmortems.css'
import './print.css'

export default function PrintPage() {
  const { id = '' } = useParams<{ id: string }>()
  const query = useQuery({
    queryKey: ['postmortems', 'one', id],
    queryFn: ({ signal }) => postmortems.read(id, signal),
  })
  return (
    <>
      <div className="report-actions">
        <Link href={`/postmortems/${id}`}>Back to the postmortem</Link>
        <Button disabled={query.data === undefined} onClick={() => window.print()}>
          Print or save as PDF
        </Button>
      </div>
      <ProblemNote error={query.error} retry={() => void query.refetch()} />
      {query.isPending && <SkeletonRows rows={8} />}
      {query.data !== undefined && <Sheet postmortem={query.data} />}
    </>
  )
}

/** `2026-03-02 03:04 UTC`. */
const utc = (at: string): string => `${at.slice(0, 10)} ${at.slice(11, 16)} UTC`
const inUtc = (text: string): string =>
  text.replaceAll(/(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2}):\d{2}(?:\.\d+)?Z/g, '$1 $2 UTC')

function Sheet({ postmortem }: { postmortem: Postmortem }) {
  const { facts, organisation, status, approvedBy, publishedAt, hash } = postmortem
  const drawn = useMemo(() => onPaper(postmortem), [postmortem])
  return (
    <article className="print-sheet">
      <title>{`Postmortem ${postmortem.number}: ${postmortem.title}`}</title>
      <header>
        <p className="letterhead">
          <strong>{organisation ?? 'Postmortem'}</strong>
          <span>
            {organisation !== null && 'Postmortem '}
            {organisation === null && 'Number '}
            {postmortem.number}
          </span>
        </p>
        <h1>{postmortem.title}</h1>
        <p className="soft">
          {status === 'published' && publishedAt !== null ? (
            <>
              Published {utc(publishedAt)}
              {approvedBy !== null && (
                <>
                  , approved by <PersonName name={approvedBy} />
                </>
              )}
            </>
          ) : (
            `${statusWords[status]}: not published yet, and it may change`
          )}
          . Incident {postmortem.incident.number}, {postmortem.severity}
          {postmortem.services.length > 0 && `, ${postmortem.services.join(', ')}`}.
        </p>
      </header>
      <dl className="print-figures">
        <Pair title="Users hurt for">
          {facts.impact.minutes === null ? 'not known' : `${Math.round(facts.impact.minutes)} min`}
        </Pair>
        {facts.measures.map((each) => (
          <Pair key={each.name} title={each.name}>
            {each.ms === null ? (each.because ?? 'not known') : durationText(each.ms)}
          </Pair>
        ))}
        {facts.times.map(
          ({ name, at }) =>
            at !== null && (
              <Pair key={name} title={name}>
                {utc(at)}
              </Pair>
            ),
        )}
      </dl>
      {facts.impact.statement !== null && (
        <Part title="Impact">
          <p>{facts.impact.statement}</p>
        </Part>
      )}
      <DrawnFrom value={drawn}>
        {postmortem.sections
          .filter((each) => each.body.trim() !== '')
          .map((each) => (
            <Part key={each.section} title={each.title}>
              <MarkdownView text={each.body} />
            </Part>
          ))}
      </DrawnFrom>
      <Factors postmortem={postmortem} />
      <Actions postmortem={postmortem} />
      {facts.budget.length > 0 && (
        <Part title="Budgets">
          <ul>
            {facts.budget.map((each) => (
              <li key={each.objective}>
                <strong>{each.displayName}</strong> {inUtc(each.sentence)}
              </li>
            ))}
          </ul>
        </Part>
      )}
      <Timeline postmortem={postmortem} />
      <footer className="soft">
        <p>Facts as the journal and the measurements told them at {utc(facts.frozenAt)}.</p>
        {hash !== null && <p className="postmortem-hash">SHA-256 of what was published: {hash}</p>}
      </footer>
    </article>
  )
}

const Part = ({ title, children }: { title: string; children: ReactNode }) => (
  <section aria-label={title}>
    <h2>{title}</h2>
    {children}
  </section>
)

/** What has a part of its own on paper is named where it was asked for, and drawn once. */
function onPaper(postmortem: Postmortem): Drawn {
  const numbers = numberCitations(postmortem)
  const { minutes, statement } = postmortem.facts.impact
  return {
    live: ({ block, of }) => {
      if (block === 'graph') return <Graphs postmortem={postmortem} of={of} />
      if (block === 'impact')
        return (
          <p>
            {statement}{' '}
            {minutes === null
              ? 'How long users were hurt is not known.'
              : `Users were hurt for ${Math.round(minutes)} min.`}
          </p>
        )
      const titles = { timeline: 'Timeline', budget: 'Budgets', actions: 'Corrective actions' }
      return <p className="soft">See “{titles[block]}” below.</p>
    },
    cite: (entry) => {
      const number = numbers.get(entry)
      return number === undefined ? null : <sup>[{number}]</sup>
    },
  }
}

function Factors({ postmortem: { factors } }: { postmortem: Postmortem }) {
  if (factors.length === 0) return null
  const textOf = (id: string) => factors.find((each) => each.id === id)?.text ?? id
  return (
    <Part title="Contributing factors">
      <ul>
        {factors.map((each) => (
          <li key={each.id}>
            <strong>{each.text}</strong> ({factorWords[each.kind].toLowerCase()})
            {each.leadsTo.length > 0 && <>, led to: {each.leadsTo.map(textOf).join('; ')}</>}
          </li>
        ))}
      </ul>
    </Part>
  )
}

function Actions({ postmortem: { correctiveActions } }: { postmortem: Postmortem }) {
  if (correctiveActions.length === 0) return null
  return (
    <Part title="Corrective actions">
      <table>
        <thead>
          <tr>
            {['No.', 'What', 'Who', 'Due', 'State'].map((each) => (
              <th key={each} scope="col">
                {each}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {correctiveActions.map((each) => (
            <tr key={each.id}>
              <td>{each.number}</td>
              <td>
                {each.title} ({actionKindWords[each.kind].toLowerCase()})
              </td>
              <td>
                <PersonName name={each.owner} />
              </td>
              <td className="print-nowrap">{each.dueAt.slice(0, 10)}</td>
              <td>{actionLooks[each.state].word}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Part>
  )
}

function Timeline({ postmortem }: { postmortem: Postmortem }) {
  const { timeline, timelineCut } = postmortem.facts
  if (timeline.length === 0) return null
  const numbers = numberCitations(postmortem)
  return (
    <Part title="Timeline">
      <table>
        <thead>
          <tr>
            <th scope="col">UTC</th>
            <th scope="col">What happened</th>
          </tr>
        </thead>
        <tbody>
          {timeline.map((line, index) => {
            const cited = line.id === undefined ? undefined : numbers.get(line.id)
            return (
              <tr key={`${line.at} ${String(index)}`}>
                <td className="print-nowrap">{line.at.slice(0, 19).replace('T', ' ')}</td>
                <td>
                  {inUtc(line.sentence)}
                  {cited !== undefined && <sup>[{cited}]</sup>}
                </td>
              </tr>
            )
          })}
        </tbody>
      </table>
      {timelineCut && <p className="soft">The first 1,000 entries; the journal has the rest.</p>}
    </Part>
  )
}
