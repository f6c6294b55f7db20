// The review: who looks at it, what they say, what is still missing; and one's own word.
import { Button, Textarea } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { Dialog } from '../../parts/dialog.tsx'
import { SkeletonRows } from '../../parts/empty.tsx'
import { SelectField } from '../../parts/field.tsx'
import { Section } from '../../parts/page-head.tsx'
import { ProblemNote } from '../../parts/problem-note.tsx'
import { StateMark, type Tone } from '../../parts/state-mark.tsx'
import { Time } from '../../parts/time.tsx'
import { catalog } from '../../shell/api.ts'
import { PersonName } from '../../shell/person-name.tsx'
import { type PostmortemReview, reviews } from '../../shell/postmortem-review-api.ts'
import type { Postmortem } from '../../shell/response-api.ts'
import { changed } from './words.ts'

type ReviewerState = PostmortemReview['reviewers'][number]['state']
const looks: Readonly<Record<ReviewerState, { readonly tone: Tone; readonly word: string }>> = {
  asked: { tone: 'info', word: 'Asked' },
  approved: { tone: 'ok', word: 'Approved' },
  changes: { tone: 'warning', word: 'Asks for changes' },
  outdated: { tone: 'info', word: 'Decided on an earlier text' },
}

export function Review({ postmortem, may }: { postmortem: Postmortem; may: boolean }) {
  const { id, status } = postmortem
  const [asking, setAsking] = useState<'decision' | 'person' | 'comment' | null>(null)
  const query = useQuery({
    queryKey: ['postmortems', 'review', id, postmortem.version],
    queryFn: ({ signal }) => reviews.read(id, signal),
    // What is said meanwhile by others; the text itself is asked for as often.
    refetchInterval: status === 'published' ? false : 15_000,
  })
  const review = query.data
  const close = () => setAsking(null)
  return (
    <Section
      title="Review"
      aside={
        may && (
          <button type="button" className="link-button" onClick={() => setAsking('person')}>
            Ask somebody
          </button>
        )
      }
    >
      <ProblemNote error={query.error} retry={() => void query.refetch()} />
      {query.isPending && <SkeletonRows rows={2} />}
      {review !== undefined && (
        <>
          <p>{review.sentence}</p>
          {status !== 'published' && postmortem.dueBecause !== null && (
            <p className="soft">
              Due <Time at={postmortem.dueAt} />: {postmortem.dueBecause}
            </p>
          )}
          <ul className="rows">
            {review.reviewers.map((each) => (
              <li key={each.person}>
                <StateMark {...looks[each.state]} />
                <div className="grow">
                  <p>
                    <PersonName name={each.person} />
                  </p>
                  {each.reason !== null && <p className="soft">{each.reason}</p>}
                </div>
                <span className="soft">
                  <Time at={each.decidedAt ?? each.askedAt} show="relative" />
                </span>
              </li>
            ))}
          </ul>
          <Comments id={id} comments={review.comments} postmortem={postmortem} may={may} />
          {may && (
            <p className="form-buttons">
              {status === 'review' && <Button onClick={() => setAsking('decision')}>Decide</Button>}
              <Button variant="default" onClick={() => setAsking('comment')}>
                Comment
              </Button>
            </p>
          )}
          {asking === 'decision' && <Decide id={id} review={review} onClose={close} />}
        </>
      )}
      {asking === 'person' && <Ask id={id} onClose={close} />}
      {asking === 'comment' && <Comment postmortem={postmortem} onClose={close} />}
    </Section>
  )
}

function Comments({
  id,
  comments,
  postmortem,
  may,
}: {
  id: string
  comments: PostmortemReview['comments']
  postmortem: Postmortem
  may: boolean
}) {
  const resolve = useMutation({
    mutationFn: ({ comment, resolved }: { comment: string; resolved: boolean }) =>
      reviews.resolve(id, comment, resolved),
    onSuccess: changed,
  })
  if (comments.length === 0) return null
  const titleOf = (section: string | null) =>
    postmortem.sections.find((each) => each.section === section)?.title ?? 'The whole'
  return (
    <>
      <ProblemNote error={resolve.error} />
      <ul className="rows">
        {comments.map((each) => (
          <li key={each.comment}>
            <StateMark
              tone={each.resolved === null ? 'warning' : 'ok'}
              word={each.resolved === null ? 'Open' : 'Answered'}
            />
            <div className="grow">
              <p className="comment-body">{each.body}</p>
              <p className="soft">
                {titleOf(each.section)}, <PersonName name={each.by} />, <Time at={each.at} show="relative" />
              </p>
            </div>
            {may && (
              <button
                type="button"
                className="link-button"
                disabled={resolve.isPending}
                onClick={() => resolve.mutate({ comment: each.comment, resolved: each.resolved === null })}
              >
                {each.resolved === null ? 'Answered' : 'Open again'}
                <span className="sr-only">: {each.body}</span>
              </button>
            )}
          </li>
        ))}
      </ul>
    </>
  )
}

function Decide({ id, review, onClose }: { id: string; review: PostmortemReview; onClose: () => void }) {
  const [reason, setReason] = useState('')
  // What was on the page when this was opened: a text that changes meanwhile is not approved unseen.
  const [textHash] = useState(review.textHash)
  const decide = useMutation({
    mutationFn: (decision: 'approved' | 'changes') => reviews.decide(id, decision, textHash, reason.trim()),
    onSuccess: () => {
      onClose()
      return changed()
    },
  })
  return (
    <Dialog title="What you decide" onClose={onClose}>
      <form
        className="form"
        onSubmit={(event) => {
          event.preventDefault()
          decide.mutate('approved')
        }}
      >
        <p className="soft">Your word holds for the text as it stands now; when it changes, you are asked again.</p>
        <Textarea
          label="What is to be changed, or why it is good"
          data-autofocus
          rows={3}
          maxLength={2_000}
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
        <ProblemNote error={decide.error} />
        <p className="form-buttons">
          <Button type="submit" loading={decide.isPending}>
            Approve
          </Button>
          <Button
            variant="default"
            disabled={reason.trim() === '' || decide.isPending}
            onClick={() => decide.mutate('changes')}
          >
            Ask for changes
          </Button>
        </p>
      </form>
    </Dialog>
  )
}

function Ask({ id, onClose }: { id: string; onClose: () => void }) {
  const [person, setPerson] = useState('')
  const people = useQuery({
    queryKey: ['resources', 'people'],
    queryFn: ({ signal }) => catalog.resources('people', signal),
  }).data
  const ask = useMutation({
    mutationFn: () => reviews.ask(id, person),
    onSuccess: () => {
      onClose()
      return changed()
    },
  })
  return (
    <Dialog title="Ask somebody to review it" onClose={onClose}>
      <form
        className="form"
        onSubmit={(event) => {
          event.preventDefault()
          ask.mutate()
        }}
      >
        <SelectField
          title="Who"
          data-autofocus
          value={person}
          onChange={(event) => setPerson(event.currentTarget.value)}
        >
          <option value="">Choose</option>
          {people?.items.map((each) => (
            <option key={each.metadata.name} value={each.metadata.name}>
              {each.metadata.displayName ?? each.metadata.name}
            </option>
          ))}
        </SelectField>
        <ProblemNote error={ask.error} />
        <Button type="submit" loading={ask.isPending} disabled={person === ''}>
          Ask
        </Button>
      </form>
    </Dialog>
  )
}

function Comment({ postmortem, onClose }: { postmortem: Postmortem; onClose: () => void }) {
  const [section, setSection] = useState('')
  const [body, setBody] = useState('')
  const comment = useMutation({
    mutationFn: () => {
      const about = postmortem.sections.find((each) => each.section === section)?.section ?? null
      return reviews.comment(postmortem.id, about, body.trim())
    },
    onSuccess: () => {
      onClose()
      return changed()
    },
  })
  return (
    <Dialog title="Comment" onClose={onClose}>
      <form
        className="form"
        onSubmit={(event) => {
          event.preventDefault()
          comment.mutate()
        }}
      >
        <SelectField title="About" value={section} onChange={(event) => setSection(event.currentTarget.value)}>
          <option value="">The whole</option>
          {postmortem.sections.map((each) => (
            <option key={each.section} value={each.section}>
              {each.title}
            </option>
          ))}
        </SelectField>
        <Textarea
          label="What its authors are to answer"
          data-autofocus
          rows={3}
          maxLength={2_000}
          value={body}
          onChange={(event) => setBody(event.currentTarget.value)}
        />
        <ProblemNote error={comment.error} />
        <Button type="submit" loading={comment.isPending} disabled={body.trim() === ''}>
          Comment
        </Button>
      </form>
    </Dialog>
  )
}
