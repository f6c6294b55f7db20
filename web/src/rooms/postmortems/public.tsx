// The public version: what is left out, a look at exactly what leaves, and letting it out or taking it back.
import { Button, Checkbox, Textarea, TextInput } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { CopyLine } from '../../parts/copy-line.tsx'
import { Dialog } from '../../parts/dialog.tsx'
import { SkeletonRows } from '../../parts/empty.tsx'
import { ProblemNote } from '../../parts/problem-note.tsx'
import { Time } from '../../parts/time.tsx'
import { PersonName } from '../../shell/person-name.tsx'
import { type PublicChoices, type PublicVersion, publics } from '../../shell/postmortem-review-api.ts'
import { queries } from '../../shell/queries.ts'
import type { Postmortem } from '../../shell/response-api.ts'
import { MarkdownView } from './markdown-view.tsx'

const parts: readonly { readonly part: PublicChoices['parts'][number]; readonly title: string }[] = [
  { part: 'services', title: 'Services' },
  { part: 'figures', title: 'Figures and impact' },
  { part: 'timeline', title: 'Timeline' },
  { part: 'factors', title: 'Contributing factors' },
  { part: 'actions', title: 'Corrective actions' },
]

export default function Public({
  postmortem,
  may,
  onClose,
}: {
  postmortem: Postmortem
  may: boolean
  onClose: () => void
}) {
  const { id } = postmortem
  const query = useQuery({
    queryKey: ['postmortems', 'public', id],
    queryFn: ({ signal }) => publics.read(id, signal),
  })
  return (
    <Dialog title="Public version" wide onClose={onClose}>
      <ProblemNote error={query.error} retry={() => void query.refetch()} />
      {query.isPending && <SkeletonRows rows={4} />}
      {query.data !== undefined && <Version postmortem={postmortem} version={query.data} may={may} />}
    </Dialog>
  )
}

const keep = (id: string) => (version: PublicVersion) => {
  queries.setQueryData(['postmortems', 'public', id], version)
}

function Version({ postmortem, version, may }: { postmortem: Postmortem; version: PublicVersion; may: boolean }) {
  const { prepared, served, withdrawn } = version
  return (
    <>
      {served !== null && <Served id={postmortem.id} served={served} may={may} />}
      {served === null && withdrawn !== null && (
        <p>
          Taken back by <PersonName name={withdrawn.by} />, <Time at={withdrawn.at} />: {withdrawn.because}
        </p>
      )}
      {served === null && withdrawn === null && <p className="soft">Nothing of it is public.</p>}
      {prepared !== null && <Prepared id={postmortem.id} prepared={prepared} may={may} />}
      {may && postmortem.status === 'published' && (
        <Choose id={postmortem.id} postmortem={postmortem} version={version} />
      )}
      {postmortem.status !== 'published' && (
        <p className="soft">A public version is made of what is published. This is not published now.</p>
      )}
    </>
  )
}

function Served({ id, served, may }: { id: string; served: NonNullable<PublicVersion['served']>; may: boolean }) {
  const [reason, setReason] = useState('')
  const withdraw = useMutation({ mutationFn: () => publics.withdraw(id, reason.trim()), onSuccess: keep(id) })
  return (
    <section aria-label="What anybody may read">
      <p>
        Anybody who has this address may read it. Let out by <PersonName name={served.by} />, <Time at={served.at} />.
        {!served.current && ' The postmortem was corrected since.'}
      </p>
      <CopyLine text={served.url} label="Copy the address" />
      <p className="soft postmortem-hash">SHA-256 {served.hash}</p>
      {may && (
        <form
          className="form"
          onSubmit={(event) => {
            event.preventDefault()
            withdraw.mutate()
          }}
        >
          <TextInput
            label="Why it is taken back"
            maxLength={500}
            value={reason}
            onChange={(event) => setReason(event.currentTarget.value)}
          />
          <ProblemNote error={withdraw.error} />
          <Button type="submit" variant="default" disabled={reason.trim() === ''} loading={withdraw.isPending}>
            Take it back
          </Button>
        </form>
      )}
    </section>
  )
}

function Prepared({
  id,
  prepared,
  may,
}: {
  id: string
  prepared: NonNullable<PublicVersion['prepared']>
  may: boolean
}) {
  const approve = useMutation({ mutationFn: () => publics.approve(id, prepared.hash), onSuccess: keep(id) })
  const { copy } = prepared
  return (
    <section aria-label="What would leave" className="public-preview">
      <p>
        Prepared by <PersonName name={prepared.by} />, <Time at={prepared.at} />. Exactly this leaves, as{' '}
        <a href={`/reviews/preview/${id}`} target="_blank" rel="noreferrer">
          the page it becomes
        </a>
        .{prepared.needsSecond && ' Somebody else lets it out.'}
        {!prepared.current && ' The postmortem was corrected since: prepare it again.'}
      </p>
      <div className="public-copy">
        {copy.organisation !== null && <p>{copy.organisation}</p>}
        <h3>{copy.title}</h3>
        <dl className="pairs">
          {copy.figures.map((each) => (
            <div className="pair" key={each.name}>
              <dt>{each.name}</dt>
              <dd>{each.value}</dd>
            </div>
          ))}
        </dl>
        {copy.sections.map((each) => (
          <section key={each.title} aria-label={each.title}>
            <h4>{each.title}</h4>
            <MarkdownView text={each.body} />
            <ul>
              {each.lines.map((line, index) => (
                // Lines of a timeline may be the same twice.
                // biome-ignore lint/suspicious/noArrayIndexKey: see above
                <li key={index}>{line}</li>
              ))}
            </ul>
          </section>
        ))}
      </div>
      <ProblemNote error={approve.error} />
      {may && (
        <Button disabled={!prepared.current} loading={approve.isPending} onClick={() => approve.mutate()}>
          Let it out
        </Button>
      )}
    </section>
  )
}

const linesOf = (text: string): string[] =>
  text
    .split('\n')
    .map((each) => each.trim())
    .filter((each) => each !== '')

function Choose({ id, postmortem, version }: { id: string; postmortem: Postmortem; version: PublicVersion }) {
  const { choices } = version
  const [title, setTitle] = useState(choices.title ?? '')
  const [left, setLeft] = useState({ sections: choices.sections, parts: choices.parts })
  const [passages, setPassages] = useState(choices.passages.join('\n'))
  const [roles, setRoles] = useState(choices.roles.map((each) => `${each.person}: ${each.role}`).join('\n'))
  const [noNames, setNoNames] = useState(choices.noNames.join('\n'))
  const prepare = useMutation({
    mutationFn: () =>
      publics.prepare(id, {
        title: title.trim() === '' ? null : title.trim(),
        ...left,
        passages: linesOf(passages),
        roles: linesOf(roles).flatMap((line) => {
          const [, person, role] = /^([^:]+):(.+)$/.exec(line) ?? []
          return person === undefined || role === undefined ? [] : [{ person: person.trim(), role: role.trim() }]
        }),
        noNames: linesOf(noNames),
      }),
    onSuccess: keep(id),
  })
  return (
    <form
      className="form"
      aria-label="What is left out"
      onSubmit={(event) => {
        event.preventDefault()
        prepare.mutate()
      }}
    >
      <p className="soft">
        Everybody the house knows is called by a role. What you leave out is not in the page, also not hidden in it.
      </p>
      <TextInput
        label="Title, if another one"
        maxLength={200}
        value={title}
        onChange={(event) => setTitle(event.currentTarget.value)}
      />
      <fieldset className="public-parts">
        <legend>Shown outside</legend>
        {postmortem.sections.map(({ section, title }) => (
          <Checkbox
            key={section}
            label={title}
            checked={!left.sections.includes(section)}
            onChange={(event) => {
              const rest = left.sections.filter((each) => each !== section)
              setLeft({ ...left, sections: event.currentTarget.checked ? rest : [...rest, section] })
            }}
          />
        ))}
        {parts.map(({ part, title }) => (
          <Checkbox
            key={part}
            label={title}
            checked={!left.parts.includes(part)}
            onChange={(event) => {
              const rest = left.parts.filter((each) => each !== part)
              setLeft({ ...left, parts: event.currentTarget.checked ? rest : [...rest, part] })
            }}
          />
        ))}
      </fieldset>
      <Textarea
        label="Passages to take out, one a line"
        rows={3}
        value={passages}
        onChange={(event) => setPassages(event.currentTarget.value)}
      />
      <Textarea
        label="Who is called what, one a line: “ben: the payment engineer”"
        rows={2}
        value={roles}
        onChange={(event) => setRoles(event.currentTarget.value)}
      />
      <Textarea
        label="Words that are no names here, one a line"
        rows={2}
        value={noNames}
        onChange={(event) => setNoNames(event.currentTarget.value)}
      />
      <ProblemNote error={prepare.error} />
      <Button type="submit" variant="default" loading={prepare.isPending}>
        Prepare
      </Button>
    </form>
  )
}
