// One postmortem: sections people write, factors, actions, and the frozen facts they rest on.
import { Button, Textarea } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { Link, useParams } from 'wouter'
import { useCommands } from '../../parts/command-hooks.ts'
import { Dialog } from '../../parts/dialog.tsx'
import { SkeletonRows } from '../../parts/empty.tsx'
import { durationText, localTimes } from '../../parts/format.ts'
import { useNow } from '../../parts/now.ts'
import { PageHead, Section } from '../../parts/page-head.tsx'
import { ProblemNote } from '../../parts/problem-note.tsx'
import { saveText } from '../../parts/save-text.ts'
import { StateMark } from '../../parts/state-mark.tsx'
import { Time } from '../../parts/time.tsx'
import { PersonName } from '../../shell/person-name.tsx'
import { queries } from '../../shell/queries.ts'
import { type Postmortem, postmortems } from '../../shell/response-api.ts'
import { useMay } from '../../shell/session.tsx'
import { ActionRow } from './action-row.tsx'
import { AddAction } from './add-action.tsx'
import { Factors } from './factors.tsx'
import { MarkdownView } from './markdown-view.tsx'
import { statusWords } from './words.ts'
import './postmortems.css'

export default function PostmortemPage() {
  const { id = '' } = useParams<{ id: string }>()
  const query = useQuery({
    queryKey: ['postmortems', 'one', id],
    queryFn: ({ signal }) => postmortems.read(id, signal),
  })
  if (query.data !== undefined) return <Page postmortem={query.data} />
  return (
    <>
      <PageHead title="Postmortem" crumb={{ title: 'Postmortems', href: '/postmortems' }} />
      <ProblemNote error={query.error} retry={() => void query.refetch()} />
      {query.isPending && <SkeletonRows rows={8} />}
    </>
  )
}

const steps: Readonly<Record<Postmortem['status'], Readonly<Partial<Record<Postmortem['status'], string>>>>> = {
  draft: { review: 'Send to review' },
  review: { published: 'Publish', draft: 'Back to draft' },
  published: { review: 'Correct it' },
}

function Page({ postmortem }: { postmortem: Postmortem }) {
  const may = useMay('responder')
  const [to, setTo] = useState<Postmortem['status'] | null>(null)
  const take = useMutation({
    mutationFn: () => postmortems.export(postmortem.id),
    onSuccess: ({ markdown }) => saveText(`postmortem-${postmortem.number}.md`, markdown),
  })
  const [first] = postmortem.next
  useCommands(
    may && first !== undefined
      ? [
          {
            id: 'postmortem.next',
            title: steps[postmortem.status][first] ?? first,
            group: 'Postmortem',
            keys: 'm',
            run: () => setTo(first),
          },
        ]
      : [],
  )
  const writable = may && postmortem.status !== 'published'
  return (
    <>
      <PageHead
        title={postmortem.title}
        crumb={{ title: 'Postmortems', href: '/postmortems' }}
        sentence={postmortem.because}
        facts={
          <>
            <StateMark
              tone={postmortem.overdue ? 'warning' : postmortem.status === 'published' ? 'ok' : 'info'}
              word={postmortem.overdue ? 'Overdue' : statusWords[postmortem.status]}
              strong
            />
            <Link href={`/incidents/${postmortem.incident.id}`}>INC-{postmortem.incident.number}</Link>
            <span>{postmortem.severity}</span>
            {postmortem.owner !== null && <PersonName name={postmortem.owner} />}
            {postmortem.publishedAt === null ? (
              <span>
                due <Time at={postmortem.dueAt} />
              </span>
            ) : (
              <span>
                published <Time at={postmortem.publishedAt} />
                {postmortem.approvedBy !== null && (
                  <>
                    , approved by <PersonName name={postmortem.approvedBy} />
                  </>
                )}
              </span>
            )}
          </>
        }
        actions={
          <>
            {may &&
              postmortem.next.map((each, index) => (
                <Button
                  key={each}
                  variant={index === 0 && each !== 'review' ? 'filled' : 'default'}
                  onClick={() => setTo(each)}
                  rightSection={index === 0 ? <kbd>m</kbd> : null}
                >
                  {steps[postmortem.status][each] ?? each}
                </Button>
              ))}
            <Button variant="default" loading={take.isPending} onClick={() => take.mutate()}>
              Export
            </Button>
          </>
        }
      />
      <ProblemNote error={take.error} />
      {to !== null && <Move postmortem={postmortem} to={to} onClose={() => setTo(null)} />}
      <div className="columns">
        <div>
          {postmortem.sections.map((section) => (
            <Written key={section.section} postmortem={postmortem} section={section} may={writable} />
          ))}
          <Factors postmortem={postmortem} may={writable} />
          <Section title="Corrective actions">
            <ul className="rows">
              {postmortem.correctiveActions.map((action) => (
                <ActionRow key={action.id} action={action} />
              ))}
            </ul>
            {postmortem.correctiveActions.length === 0 && <p className="soft">None agreed yet.</p>}
            {may && <AddAction postmortem={postmortem.id} />}
          </Section>
        </div>
        <div>
          <Facts postmortem={postmortem} may={writable} />
        </div>
      </div>
    </>
  )
}

const changed = () => queries.invalidateQueries({ queryKey: ['postmortems'] })

function Move({ postmortem, to, onClose }: { postmortem: Postmortem; to: Postmortem['status']; onClose: () => void }) {
  const [note, setNote] = useState('')
  const move = useMutation({
    mutationFn: () => postmortems.move(postmortem.id, to, note.trim()),
    onSuccess: () => {
      onClose()
      return Promise.all([changed(), queries.invalidateQueries({ queryKey: ['incidents'] })])
    },
  })
  const title = steps[postmortem.status][to] ?? to
  return (
    <Dialog title={title} onClose={onClose}>
      <form
        className="form"
        onSubmit={(event) => {
          event.preventDefault()
          move.mutate()
        }}
      >
        <Textarea
          label="A word for the record"
          data-autofocus
          rows={2}
          maxLength={500}
          value={note}
          onChange={(event) => setNote(event.currentTarget.value)}
        />
        {to === 'published' && <p className="soft">What is published is hashed: nobody can change it unseen.</p>}
        <ProblemNote error={move.error} />
        <Button type="submit" loading={move.isPending}>
          {title}
        </Button>
      </form>
    </Dialog>
  )
}

type WrittenSection = Postmortem['sections'][number]

/** Written while one looks: the version that was read goes with the text, so nobody overwrites another unseen. */
function Written({ postmortem, section, may }: { postmortem: Postmortem; section: WrittenSection; may: boolean }) {
  const [draft, setDraft] = useState<{ readonly text: string; readonly version: number } | null>(null)
  const save = useMutation({
    mutationFn: (given: { text: string; version: number }) =>
      postmortems.write(postmortem.id, section.section, given.text, given.version),
    onSuccess: () => {
      setDraft(null)
      return changed()
    },
  })
  const edit = () => {
    save.reset()
    setDraft({ text: section.body, version: section.version })
  }
  const moved = draft !== null && draft.version !== section.version
  return (
    <Section
      title={section.title}
      aside={
        may &&
        draft === null && (
          <button type="button" className="link-button" onClick={edit}>
            Write<span className="sr-only">: {section.title}</span>
          </button>
        )
      }
    >
      {draft === null ? (
        section.body.trim() === '' ? (
          <p className="soft">Nobody wrote this yet.</p>
        ) : (
          <MarkdownView text={section.body} />
        )
      ) : (
        <form
          className="form"
          onSubmit={(event) => {
            event.preventDefault()
            save.mutate(draft)
          }}
        >
          <Textarea
            aria-label={section.title}
            autoFocus
            autosize={false}
            rows={10}
            maxLength={100_000}
            value={draft.text}
            onChange={(event) => setDraft({ ...draft, text: event.currentTarget.value })}
          />
          {moved && (
            <div role="status">
              <p>
                <PersonName name={section.updatedBy} /> wrote this meanwhile. Put both together, then save.
              </p>
              <MarkdownView text={section.body} />
              <Button type="button" variant="default" onClick={() => setDraft({ ...draft, version: section.version })}>
                I have put both together
              </Button>
            </div>
          )}
          <ProblemNote error={save.error} retry={() => void changed()} />
          <div className="form-buttons">
            <Button type="submit" loading={save.isPending} disabled={moved}>
              Save
            </Button>
            <Button type="button" variant="default" onClick={() => setDraft(null)}>
              Leave it
            </Button>
          </div>
        </form>
      )}
    </Section>
  )
}

function Facts({ postmortem, may }: { postmortem: Postmortem; may: boolean }) {
  const { facts } = postmortem
  const now = useNow()
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
          <ul className="rows">
            {facts.budget.map((each) => (
              <li key={each.objective}>
                <div className="grow">
                  <Link href={`/objectives/${each.objective}`}>{each.displayName}</Link>
                  <p className="soft">{each.sentence}</p>
                </div>
              </li>
            ))}
          </ul>
        </Section>
      )}
      <Section title="Timeline">
        <ol className="rows">
          {facts.timeline.map((line, index) => (
            <li key={`${line.at} ${String(index)}`}>
              <span className="soft">
                <Time at={line.at} show="clock" />
              </span>
              <span className="grow">{localTimes(line.sentence, now)}</span>
            </li>
          ))}
        </ol>
        {facts.timelineCut && <p className="soft">The first 1,000 lines; the journal has the rest.</p>}
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

function Pair({ title, children }: { title: string; children: ReactNode }) {
  return (
    <div className="pair">
      <dt>{title}</dt>
      <dd>{children}</dd>
    </div>
  )
}
