// Everybody who writes, in one document: a field for each section, who else is here, and whether all is kept.
import { Button } from '@mantine/core'
import { useEffect, useRef, useState, useSyncExternalStore } from 'react'
import { sectionKeys } from '../../../../../server/src/modules/postmortems/core/index.ts'
import { useCommands } from '../../../parts/command-hooks.ts'
import { SkeletonRows } from '../../../parts/empty.tsx'
import { Section } from '../../../parts/page-head.tsx'
import { StateMark } from '../../../parts/state-mark.tsx'
import { PersonName } from '../../../shell/person-name.tsx'
import type { Postmortem } from '../../../shell/response-api.ts'
import type { SectionKey } from '../../../shell/together-api.ts'
import { sendBehind, type Unkept, useGuard } from '../../../shell/unkept.tsx'
import { changed } from '../words.ts'
import { browserWire } from './browser-wire.ts'
import { Field } from './section-field.tsx'
import { openSession, type Session, type SessionState } from './session.ts'
import type { Writer } from './wire.ts'

const isSection = (text: string): text is SectionKey => sectionKeys.some((each) => each === text)

interface Seen {
  readonly state: SessionState
  readonly client: number
  readonly unsent: boolean
  readonly writers: readonly Writer[]
}

/** One session for as long as the editor is open; React may mount twice, so it is opened by the effect. */
function useSession({ id, title, sections }: Postmortem): {
  readonly session: Session | null
  readonly seen: Seen
  /** What is not kept was read and is given up. */
  readonly giveUp: () => void
} {
  const givenUp = useRef(false)
  const [session, setSession] = useState<Session | null>(null)
  const named = useRef({ title, sections })
  named.current = { title, sections }
  useEffect(() => {
    const opened = openSession(browserWire(id, isSection))
    setSession(opened)
    return () => {
      setSession(null)
      const { title, sections } = named.current
      void leave(opened, () => (givenUp.current ? null : unkeptOf(opened, title, sections)))
    }
  }, [id])
  const last = useRef<Seen>({ state: { kind: 'joining' }, client: 0, unsent: false, writers: [] })
  const seen = useSyncExternalStore(
    (listener) => session?.subscribe(listener) ?? (() => undefined),
    () => {
      if (session === null) return last.current
      const next = {
        state: session.state(),
        client: session.client(),
        unsent: session.unsent(),
        writers: session.writers(),
      }
      if (JSON.stringify(next) !== JSON.stringify(last.current)) last.current = next
      return last.current
    },
  )
  const giveUp = () => {
    givenUp.current = true
  }
  return { session, seen, giveUp }
}

/** Left by a link: what is not sent yet is still sent, and what could not be is shown wherever its writer is then. */
async function leave(session: Session, unkept: () => Unkept | null): Promise<void> {
  // The fields first give back the word that was being composed in them.
  await Promise.resolve()
  const closed = session.close().then((isSent) => (isSent ? null : unkept()))
  await (session.unsent() ? sendBehind(closed) : closed)
  await changed()
}

function unkeptOf(session: Session, title: string, sections: Postmortem['sections']): Unkept {
  const state = session.state()
  const parts = [...session.unkept()].map(
    ([name, text]) => `## ${sections.find((each) => each.section === name)?.title ?? name}\n\n${text}`,
  )
  return { title, because: reasonOf(state), text: parts.join('\n\n') }
}

const reasonOf = (state: SessionState): string =>
  state.kind === 'refused' ? state.because : state.kind === 'closed' ? 'It was published meanwhile.' : ''

export default function Editor({
  postmortem,
  first,
  onDone,
}: {
  postmortem: Postmortem
  first: string
  onDone: () => void
}) {
  const { session, seen, giveUp } = useSession(postmortem)
  const { state, client, unsent, writers } = seen
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
  useGuard(unsent)
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
      {over && (unsent || state.kind === 'refused') && (
        <p role="alert">
          {unsent && 'What you wrote last is not kept. '}
          {reasonOf(state)}{' '}
          {unsent && (
            <>
              Copy it from the fields, then{' '}
              <button
                type="button"
                className="link-button"
                onClick={() => {
                  giveUp()
                  onDone()
                }}
              >
                leave
              </button>
              .
            </>
          )}
        </p>
      )}
      {session !== null && client === 0 && !over && <SkeletonRows rows={6} />}
      {session !== null &&
        client !== 0 &&
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
        ? (['warning', unsent ? 'No connection: what you write waits here' : 'No connection: trying again'] as const)
        : state.kind === 'closed'
          ? (['info', 'Published: nothing more can be written'] as const)
          : state.kind === 'refused'
            ? (['critical', unsent ? 'Refused' : 'You cannot write here now'] as const)
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
