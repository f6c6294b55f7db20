// Who hears of a page: by mail or webhook, of what, and who takes nothing any more.
import { Button, Checkbox, TextInput } from '@mantine/core'
import { useInfiniteQuery, useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { SkeletonRows } from '../../parts/empty.tsx'
import { ProblemNote } from '../../parts/problem-note.tsx'
import { RemoveButton } from '../../parts/remove-button.tsx'
import { StateMark } from '../../parts/state-mark.tsx'
import { Time } from '../../parts/time.tsx'
import { type StatusPageView, type StatusSubscriber, status } from '../../shell/api.ts'
import { queries } from '../../shell/queries.ts'

const refresh = () => queries.invalidateQueries({ queryKey: ['status'] })

export function Subscribers({ page }: { page: StatusPageView }) {
  const [adding, setAdding] = useState(false)
  const query = useInfiniteQuery({
    queryKey: ['status', 'subscribers', page.name],
    queryFn: ({ signal, pageParam }) => status.subscribers(page.name, pageParam, signal),
    initialPageParam: '',
    getNextPageParam: (last) => last.nextCursor,
  })
  const rows = query.data?.pages.flatMap((each) => each.items) ?? []
  return (
    <>
      <ProblemNote error={query.error} retry={() => void query.refetch()} />
      {query.isPending && <SkeletonRows rows={3} height={48} />}
      {query.data !== undefined && rows.length === 0 && (
        <p className="soft">
          {page.visibility === 'public'
            ? 'Nobody yet. Visitors subscribe on the page, by e-mail or webhook.'
            : 'Nobody yet. Who is signed in subscribes here.'}
        </p>
      )}
      <ul className="rows">
        {rows.map((row) => (
          <Subscriber key={row.id} row={row} titles={page.components} />
        ))}
      </ul>
      <div className="form-row status-more">
        {query.hasNextPage && (
          <Button variant="default" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
            More
          </Button>
        )}
        {!adding && (
          <Button variant="default" onClick={() => setAdding(true)}>
            Add a subscriber
          </Button>
        )}
      </div>
      {adding && <AddSubscriber page={page} onDone={() => setAdding(false)} />}
    </>
  )
}

const states = {
  waiting: { tone: 'info', word: 'Not confirmed' },
  hearing: { tone: 'ok', word: 'Hears' },
  paused: { tone: 'critical', word: 'Paused' },
} as const

function Subscriber({ row, titles }: { row: StatusSubscriber; titles: StatusPageView['components'] }) {
  const resume = useMutation({ mutationFn: () => status.resume(row.id), onSuccess: refresh })
  const remove = useMutation({ mutationFn: () => status.unsubscribe(row.id), onSuccess: refresh })
  const { tone, word } = states[row.state]
  const of = row.components?.map((name) => titles.find((each) => each.name === name)?.title ?? name).join(', ')
  return (
    <li>
      <span className="grow">
        <strong>{row.address}</strong>{' '}
        <span className="soft">
          {row.channel}, {of ?? 'everything'}
          {row.customer !== null && `, of what ${row.customer} sees`}
        </span>
        {row.failingSince !== null && (
          <>
            <br />
            <span className="soft">
              Nothing was taken since <Time at={row.failingSince} />: {row.because}
            </span>
          </>
        )}
        <ProblemNote error={resume.error ?? remove.error} />
      </span>
      {row.state === 'hearing' && row.failingSince !== null ? (
        <StateMark tone="warning" word="Fails" />
      ) : (
        <StateMark tone={tone} word={word} />
      )}
      {row.state === 'paused' && (
        <Button size="compact-sm" variant="default" loading={resume.isPending} onClick={() => resume.mutate()}>
          Send again
        </Button>
      )}
      <RemoveButton word="Remove" of={row.address} loading={remove.isPending} onClick={() => remove.mutate()} />
    </li>
  )
}

function AddSubscriber({ page, onDone }: { page: StatusPageView; onDone: () => void }) {
  const [address, setAddress] = useState('')
  const [chosen, setChosen] = useState<readonly string[]>([])
  const add = useMutation({
    mutationFn: () => {
      const given = address.trim()
      const to = /^https?:/i.test(given) ? { webhook: given } : { email: given }
      return status.subscribe(page.name, { ...to, components: [...chosen] })
    },
    onSuccess: () => {
      onDone()
      return refresh()
    },
  })
  return (
    <form
      className="form"
      onSubmit={(event) => {
        event.preventDefault()
        add.mutate()
      }}
    >
      <TextInput
        label="E-mail address or webhook"
        description="It is asked first, and hears nothing before it says yes."
        placeholder="ana@example.org or https://…"
        value={address}
        onChange={(event) => setAddress(event.currentTarget.value)}
        required
        maxLength={1_000}
      />
      {page.components.length > 1 && (
        <fieldset className="impact-fields">
          <legend>Only of these components (none chosen: all)</legend>
          {page.components.map((each) => (
            <Checkbox
              key={each.name}
              label={each.title}
              checked={chosen.includes(each.name)}
              onChange={(event) =>
                setChosen(
                  event.currentTarget.checked ? [...chosen, each.name] : chosen.filter((name) => name !== each.name),
                )
              }
            />
          ))}
        </fieldset>
      )}
      <ProblemNote error={add.error} />
      <div className="form-row">
        <Button type="submit" loading={add.isPending}>
          Ask
        </Button>
        <Button variant="default" onClick={onDone}>
          Cancel
        </Button>
      </div>
    </form>
  )
}
