// When an objective or a journey is looked at again, until when it holds, and what reviews came to.
import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { Link } from 'wouter'
import type { ObjectiveReview, ReviewOwner } from '../../../client/src/operations.gen.ts'
import { FirstFew } from '../parts/first-few.tsx'
import { Section } from '../parts/page-head.tsx'
import { ProblemNote } from '../parts/problem-note.tsx'
import { StateMark } from '../parts/state-mark.tsx'
import { Time } from '../parts/time.tsx'
import { PersonName } from './person-name.tsx'
import { type ReviewSubject, reviewsOf } from './review-api.ts'
import { ReviewDialog } from './review-dialog.tsx'
import { decisionWords, figureLines, termsLook } from './review-words.ts'
import { useMay } from './session.tsx'
import '../parts/policy-list.css'

export function ReviewOf({ subject, name, title }: { subject: ReviewSubject; name: string; title: string }) {
  const may = useMay('responder')
  const [open, setOpen] = useState(false)
  const query = useQuery({
    queryKey: [`${subject}s`, 'review', name],
    queryFn: ({ signal }) => reviewsOf[subject].read(name, signal),
  })
  const terms = query.data?.terms ?? null
  const look = terms === null ? null : termsLook(terms)
  return (
    <Section title="Review" aside={<Link href="/objective-reviews">What is to be looked at</Link>}>
      <ProblemNote error={query.error} retry={() => void query.refetch()} />
      {query.data !== undefined && (
        <>
          <div className="policy-top">
            {look !== null && <StateMark tone={look.tone} word={look.word} strong />}
            {may && (
              <span className="end">
                <Button variant="default" size="compact-sm" onClick={() => setOpen(true)}>
                  Record a review
                </Button>
              </span>
            )}
          </div>
          <p>
            {terms === null
              ? 'Nobody is asked to look at it again, and its promise has no end: its document says neither.'
              : terms.sentence}
            {terms !== null && terms.everyText !== null && (
              <>
                {' '}
                Asked of <Owner owner={terms.owner} />.
              </>
            )}
          </p>
          <FirstFew rows={query.data.reviews} most={3} of="reviews">
            {(shown) => (
              <ul className="policy-list">
                {shown.map((review) => (
                  <Line key={review.id} review={review} />
                ))}
              </ul>
            )}
          </FirstFew>
        </>
      )}
      {open && <ReviewDialog subject={subject} name={name} title={title} onClose={() => setOpen(false)} />}
    </Section>
  )
}

export function Owner({ owner }: { owner: ReviewOwner | null }) {
  if (owner === null) return <>nobody: it has no team</>
  return owner.kind === 'person' ? <PersonName name={owner.name} /> : <>team {owner.name}</>
}

function Line({ review }: { review: ObjectiveReview }) {
  const { decision, newTargetText, figures } = review
  return (
    <li>
      <p>
        <strong>
          {decisionWords[decision]}
          {newTargetText !== null && ` to ${newTargetText} %`}
        </strong>
        , <PersonName name={review.by} /> <Time at={review.at} />: {review.reason}
      </p>
      <p className="soft">
        {figureLines(figures, review.subject)
          .map(([term, value]) => `${term}: ${value}`)
          .join(' · ')}
      </p>
    </li>
  )
}
