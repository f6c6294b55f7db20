// Everybody who writes, in one document: a field for each section, who else is here, and whether all is kept.
import { Button } from '@mantine/core'
import { useEffect, useMemo, useRef, useState, useSyncExternalStore } from 'react'
import type * as Y from 'yjs'
import { languageHints, sectionKeys } from '../../../../../server/src/modules/postmortems/core/index.ts'
import { useCommands } from '../../../parts/command-hooks.ts'
import { Section } from '../../../parts/page-head.tsx'
import { StateMark } from '../../../parts/state-mark.tsx'
import { PersonName } from '../../../shell/person-name.tsx'
import type { Postmortem } from '../../../shell/response-api.ts'
import type { SectionKey } from '../../../shell/together-api.ts'
import { changed } from '../words.ts'
import { browserWire } from './browser-wire.ts'
import { type BoundField, bindField } from './field.ts'
import { openSession, type Session, type SessionState, type Writer } from './session.ts'

const isSection = (text: string): text is SectionKey => sectionKeys.some((each) => each === text)

interface Seen {
  readonly state: SessionState
  readonly unsent: boolean
  readonly writers: readonly Writer[]
}

/** One session for as long as the editor is open; React may mount twice, so it is opened by the effect. */
function useSession(id: string): { readonly session: Session | null; readonly seen: Seen } {
  const [session, setSession] = useState<Session | null>(null)
  useEffect(() => {
    const opened = openSession(browserWire(id, isSection))
    setSession(opened)
    return () => {
      setSession(null)
      void opened.close().then(changed)
    }
  }, [id])
  const last = useRef<Seen>({ state: { kind: 'joining' }, unsent: false, writers: [] })
  const seen = useSyncExternalStore(
    (listener) => session?.subscribe(listener) ?? (() => undefined),
    () => {
      if (session === null) return last.current
      const next = { state: session.state(), unsent: session.unsent(), writers: session.writers() }
      if (JSON.stringify(next) !== JSON.stringify(last.current)) last.current = next
      return last.current
    },
  )
  return { session, seen }
}

export default function Editor({
  postmortem,
  first,
  onDone,
}: {
  postmortem: Postmortem
  first: string
  onDone: () => void
}) {
  const { session, seen } = useSession(postmortem.id)
  const { state, unsent, writers } = seen
  const [leaving, setLeaving] = useState(false)
  const done = async () => {
    setLeaving(true)
    const sent = (await session?.sendAll()) ?? true
    await changed()
    setLeaving(false)
    if (sent) onDone()
  }
  useCommands([
    { id: 'postmortem.done', title: 'Stop writing', group: 'Postmortem', keys: 'mod+Enter', run: () => void done() },
  ])
  useEffect(() => {
    if (!unsent) return
    const ask = (event: BeforeUnloadEvent) => event.preventDefault()
    window.addEventListener('beforeunload', ask)
    return () => window.removeEventListener('beforeunload', ask)
  }, [unsent])
  const over = state.kind === 'closed' || state.kind === 'refused'
  return (
    <>
      <div className="writing-bar">
        <Kept state={state} unsent={unsent} />
        <Here writers={writers} postmortem={postmortem} />
        <Button loading={leaving} onClick={() => void done()} disabled={over && unsent}>
          Done
        </Button>
      </div>
      {over && unsent && (
        <p role="alert">
          What you wrote last is not kept: {state.kind === 'refused' ? state.because : 'it was published meanwhile.'}{' '}
          Copy it from the fields, then{' '}
          <button type="button" className="link-button" onClick={onDone}>
            leave
          </button>
          .
        </p>
      )}
      {session !== null &&
        state.kind !== 'joining' &&
        postmortem.sections.map((section) => (
          <Section key={section.section} title={section.title}>
            <Field
              session={session}
              section={section}
              postmortem={postmortem}
              focus={section.section === first}
              closed={over}
              writers={writers.filter((each) => each.section === section.section)}
            />
          </Section>
        ))}
    </>
  )
}

function Kept({ state, unsent }: { state: SessionState; unsent: boolean }) {
  const [tone, word] =
    state.kind === 'joining'
      ? (['info', 'Opening'] as const)
      : state.kind === 'away'
        ? (['warning', unsent ? 'No connection: what you write waits here' : 'No connection'] as const)
        : state.kind === 'closed'
          ? (['info', 'Published: nothing more can be written'] as const)
          : state.kind === 'refused'
            ? (['critical', 'Refused'] as const)
            : unsent
              ? (['info', 'Saving'] as const)
              : (['ok', 'All is kept'] as const)
  return (
    <span role="status">
      <StateMark tone={tone} word={word} />
    </span>
  )
}

function Here({ writers, postmortem }: { writers: readonly Writer[]; postmortem: Postmortem }) {
  if (writers.length === 0) return <span className="soft grow">Nobody else writes now.</span>
  const titleOf = (section: string | null) => postmortem.sections.find((each) => each.section === section)?.title
  return (
    <ul className="here grow" aria-label="Who else writes now">
      {writers.map((each) => {
        const title = titleOf(each.section)
        return (
          <li key={each.client}>
            <PersonName name={each.person} />
            {title !== undefined && (
              <span className="soft">
                {' '}
                in {title}
                {each.line !== null && `, line ${each.line}`}
              </span>
            )}
          </li>
        )
      })}
    </ul>
  )
}

function Field({
  session,
  section,
  postmortem,
  focus,
  closed,
  writers,
}: {
  session: Session
  section: Postmortem['sections'][number]
  postmortem: Postmortem
  focus: boolean
  closed: boolean
  writers: readonly Writer[]
}) {
  const field = useRef<HTMLTextAreaElement>(null)
  const bound = useRef<BoundField | null>(null)
  const text: Y.Text = useMemo(() => session.doc.getText(section.section), [session, section.section])
  const shown = useSyncExternalStore(
    (listener) => {
      text.observe(listener)
      return () => text.unobserve(listener)
    },
    () => text.toString(),
  )
  useEffect(() => {
    const element = field.current
    if (element === null) return
    const joined = bindField(element, text)
    bound.current = joined
    if (focus) {
      element.focus()
      element.setSelectionRange(element.value.length, element.value.length)
    }
    return () => {
      joined.release()
      bound.current = null
    }
  }, [text, focus])
  const place = () => {
    const element = field.current
    if (element === null || document.activeElement !== element) return
    const line = element.value.slice(0, element.selectionEnd).split('\n').length
    session.at({ section: section.section, line })
  }
  const people = [...new Set(writers.map((each) => each.person))]
  const rows = Math.min(30, Math.max(4, shown.split('\n').length + 1))
  return (
    <>
      <textarea
        ref={field}
        className="writing"
        aria-label={section.title}
        aria-describedby={`hints-${section.section}`}
        rows={rows}
        spellCheck
        readOnly={closed}
        onKeyUp={place}
        onFocus={place}
        onClick={place}
      />
      <div className="writing-tools">
        <Insert postmortem={postmortem} onInsert={(added) => bound.current?.insert(added)} title={section.title} />
        {people.length > 0 && (
          <span className="soft">
            {people.map((each, index) => (
              <span key={each}>
                {index > 0 && ', '}
                <PersonName name={each} />
              </span>
            ))}{' '}
            {people.length === 1 ? 'writes' : 'write'} here too.
          </span>
        )}
      </div>
      <Hints id={`hints-${section.section}`} text={shown} />
    </>
  )
}

const blocks = [
  { value: '/timeline', title: 'Timeline' },
  { value: '/impact', title: 'Impact' },
  { value: '/budget', title: 'Budgets' },
  { value: '/graph', title: 'Pinned graphs' },
  { value: '/actions', title: 'Actions' },
] as const

function Insert({
  postmortem,
  title,
  onInsert,
}: {
  postmortem: Postmortem
  title: string
  onInsert: (text: string) => void
}) {
  const cited = postmortem.facts.timeline.filter((each) => each.id !== undefined).slice(0, 200)
  const choose = (value: string) => {
    if (value !== '') onInsert(value.startsWith('/') ? `\n${value}\n` : `[^${value}]`)
  }
  return (
    <>
      <select
        className="plain-select"
        aria-label={`Insert a live block into ${title}`}
        value=""
        onChange={(event) => choose(event.currentTarget.value)}
      >
        <option value="">Insert…</option>
        {blocks.map((each) => (
          <option key={each.value} value={each.value}>
            {each.title} ({each.value})
          </option>
        ))}
      </select>
      {cited.length > 0 && (
        <select
          className="plain-select"
          aria-label={`Cite an entry of the timeline in ${title}`}
          value=""
          onChange={(event) => choose(event.currentTarget.value)}
        >
          <option value="">Cite…</option>
          {cited.map((each) => (
            <option key={each.id} value={each.id}>
              {each.at.slice(11, 16)} {each.sentence.slice(0, 80)}
            </option>
          ))}
        </select>
      )}
    </>
  )
}

const mostShown = 3

function Hints({ id, text }: { id: string; text: string }) {
  const hints = useMemo(() => languageHints(text), [text])
  return (
    <ul id={id} className="hints">
      {hints.slice(0, mostShown).map((each) => (
        <li key={`${each.at} ${each.words}`} className="soft">
          “{each.words}”: {each.hint}
        </li>
      ))}
      {hints.length > mostShown && <li className="soft">And {hints.length - mostShown} more.</li>}
    </ul>
  )
}
