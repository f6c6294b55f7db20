// What it was before, who wrote which words, and the way back.
import { Button } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { Choice } from '../../parts/choice.tsx'
import { Dialog } from '../../parts/dialog.tsx'
import { SkeletonRows } from '../../parts/empty.tsx'
import { ProblemNote } from '../../parts/problem-note.tsx'
import { Time } from '../../parts/time.tsx'
import { PersonName } from '../../shell/person-name.tsx'
import type { Postmortem } from '../../shell/response-api.ts'
import { together } from '../../shell/together-api.ts'
import { MarkdownView } from './markdown-view.tsx'
import { changed } from './words.ts'

export default function Versions({
  postmortem,
  may,
  onClose,
}: {
  postmortem: Postmortem
  may: boolean
  onClose: () => void
}) {
  const [view, setView] = useState<'versions' | 'authors'>('versions')
  const [number, setNumber] = useState<number | null>(null)
  return (
    <Dialog title="Earlier versions" wide onClose={onClose}>
      <Choice
        label="Show"
        value={view}
        onChange={setView}
        options={[
          { value: 'versions', title: 'Versions' },
          { value: 'authors', title: 'Who wrote what' },
        ]}
      />
      {view === 'authors' ? (
        <Authors id={postmortem.id} />
      ) : number === null ? (
        <List id={postmortem.id} onChoose={setNumber} />
      ) : (
        <Version id={postmortem.id} number={number} may={may} onBack={() => setNumber(null)} onRestored={onClose} />
      )}
    </Dialog>
  )
}

function List({ id, onChoose }: { id: string; onChoose: (number: number) => void }) {
  const query = useQuery({
    queryKey: ['postmortems', 'versions', id],
    queryFn: ({ signal }) => together.versions(id, signal),
  })
  return (
    <>
      <ProblemNote error={query.error} retry={() => void query.refetch()} />
      {query.isPending && <SkeletonRows rows={3} />}
      {query.data?.items.length === 0 && <p className="soft">Nobody has written on it yet.</p>}
      <ul className="rows">
        {query.data?.items.map((each) => (
          <li key={each.number}>
            <div className="grow">
              <button type="button" className="link-button" onClick={() => onChoose(each.number)}>
                Version {each.number}
              </button>
              <p className="soft">
                {each.because} {each.authors.join(', ')}
              </p>
            </div>
            <span className="soft">
              <Time at={each.at} />
            </span>
          </li>
        ))}
      </ul>
    </>
  )
}

function Version({
  id,
  number,
  may,
  onBack,
  onRestored,
}: {
  id: string
  number: number
  may: boolean
  onBack: () => void
  onRestored: () => void
}) {
  const query = useQuery({
    queryKey: ['postmortems', 'version', id, number],
    queryFn: ({ signal }) => together.version(id, number, signal),
  })
  const restore = useMutation({
    mutationFn: () => together.restore(id, number),
    onSuccess: () => {
      onRestored()
      return changed()
    },
  })
  return (
    <>
      <div className="form-buttons">
        <Button variant="default" onClick={onBack}>
          All versions
        </Button>
        {may && (
          <Button loading={restore.isPending} onClick={() => restore.mutate()}>
            Write it as it was
          </Button>
        )}
      </div>
      <ProblemNote error={query.error ?? restore.error} />
      {query.isPending && <SkeletonRows rows={4} />}
      {query.data?.sections
        .filter((each) => each.body.trim() !== '')
        .map((each) => (
          <section key={each.section} aria-label={each.title}>
            <h3>{each.title}</h3>
            <MarkdownView text={each.body} />
          </section>
        ))}
    </>
  )
}

function Authors({ id }: { id: string }) {
  const query = useQuery({
    queryKey: ['postmortems', 'authors', id],
    queryFn: ({ signal }) => together.authors(id, signal),
  })
  return (
    <>
      <ProblemNote error={query.error} retry={() => void query.refetch()} />
      {query.isPending && <SkeletonRows rows={4} />}
      {query.data?.sections
        .filter((each) => each.runs.length > 0)
        .map((each) => (
          <section key={each.section} aria-label={each.title}>
            <h3>{each.title}</h3>
            <dl className="authors">
              {each.runs.map((run, index) => (
                // A run has no name but its place.
                // biome-ignore lint/suspicious/noArrayIndexKey: see above
                <div key={index} className="author-run">
                  <dt>
                    <PersonName name={run.by} />
                  </dt>
                  <dd>{run.text}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
    </>
  )
}
