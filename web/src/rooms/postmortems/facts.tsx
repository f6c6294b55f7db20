// What the journal and the measurements said, frozen: the facts beside what people write.
import { useMutation } from '@tanstack/react-query'
import { peopleInWords } from '../../../../server/src/modules/incidents/core/index.ts'
import { durationText } from '../../parts/format.ts'
import { Section } from '../../parts/page-head.tsx'
import { Pair } from '../../parts/pair.tsx'
import { ProblemNote } from '../../parts/problem-note.tsx'
import { Time } from '../../parts/time.tsx'
import { type Postmortem, postmortems } from '../../shell/response-api.ts'
import { BudgetLines, TimelineLines } from './live-blocks.tsx'
import { changed } from './words.ts'

export function Facts({ postmortem, may }: { postmortem: Postmortem; may: boolean }) {
  const { facts } = postmortem
  const refresh = useMutation({ mutationFn: () => postmortems.refresh(postmortem.id), onSuccess: changed })
  return (
    <>
      <Section
        title="Facts"
        aside={
          may && (
            <button type="button" className="link-button" disabled={refresh.isPending} onClick={() => refresh.mutate()}>
              Freeze anew
            </button>
          )
        }
      >
        <p className="soft">
          As the journal and the measurements told them at <Time at={facts.frozenAt} />.
        </p>
        <ProblemNote error={refresh.error} />
        <dl className="pairs">
          <Pair title="Users hurt for">
            {facts.impact.minutes === null ? 'not known' : `${Math.round(facts.impact.minutes)} min`}
          </Pair>
          {facts.impact.statement !== null && <Pair title="Impact">{facts.impact.statement}</Pair>}
          {facts.impact.people != null && <Pair title="People affected">{peopleInWords(facts.impact.people)}</Pair>}
          {(facts.impact.regions ?? []).length > 0 && <Pair title="Regions">{facts.impact.regions?.join(', ')}</Pair>}
          {(facts.impact.customers ?? []).length > 0 && (
            <Pair title="Customers">{facts.impact.customers?.join(', ')}</Pair>
          )}
          {facts.measures.map((each) => (
            <Pair key={each.name} title={each.name}>
              {each.ms === null ? <span className="soft">{each.because ?? 'not yet'}</span> : durationText(each.ms)}
            </Pair>
          ))}
          {facts.responders.length > 0 && <Pair title="Who helped">{facts.responders.join(', ')}</Pair>}
        </dl>
      </Section>
      {facts.budget.length > 0 && (
        <Section title="Budgets">
          <BudgetLines postmortem={postmortem} />
        </Section>
      )}
      <Section title="Timeline">
        <TimelineLines postmortem={postmortem} anchored />
      </Section>
      {postmortem.hash !== null && (
        <Section title="Proof">
          <p className="soft">SHA-256 of what was published, as the journal sealed it:</p>
          <p className="mono postmortem-hash">{postmortem.hash}</p>
        </Section>
      )}
    </>
  )
}
