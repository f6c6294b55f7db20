// Work of the product's own that failed for good: nothing accepted may vanish without somebody seeing it and deciding.
import { Button, TextInput } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { Dialog } from '../../parts/dialog.tsx'
import { Empty, SkeletonRows } from '../../parts/empty.tsx'
import { ProblemNote } from '../../parts/problem-note.tsx'
import { StateMark } from '../../parts/state-mark.tsx'
import { Time } from '../../parts/time.tsx'
import { work } from '../../shell/api.ts'
import { queries } from '../../shell/queries.ts'
import { useMay } from '../../shell/session.tsx'

const key = ['work', 'set-aside']

async function refresh(): Promise<void> {
  await Promise.all([
    queries.invalidateQueries({ queryKey: key }),
    queries.invalidateQueries({ queryKey: ['overview'] }),
  ])
}

export function SetAside() {
  const query = useQuery({ queryKey: key, queryFn: ({ signal }) => work.setAside(signal) })
  const retry = useMutation({ mutationFn: (id: number) => work.retry(id), onSettled: refresh })
  const [dropping, setDropping] = useState<{ readonly id: number; readonly kind: string } | null>(null)
  const may = useMay('admin')
  const items = query.data?.items
  return (
    <>
      <ProblemNote error={query.error ?? retry.error} retry={() => void query.refetch()} />
      {query.isPending && <SkeletonRows rows={3} />}
      {items?.length === 0 && (
        <Empty title="Nothing is set aside.">What cannot be done even after repeats stands here with its reason.</Empty>
      )}
      <ul className="rows">
        {items?.map((item) => (
          <li key={item.id}>
            <StateMark tone="warning" word="Set aside" />
            <span className="grow">
              <strong>{item.kind}</strong>{' '}
              <span className="soft">{item.attempts === 1 ? 'tried once' : `tried ${item.attempts} times`}</span>
              <br />
              <span className="soft">{item.lastError ?? 'It failed for good.'}</span>
            </span>
            <span className="soft">
              <Time at={item.setAsideAt} />
            </span>
            {may && (
              <>
                <Button
                  size="compact-sm"
                  variant="default"
                  loading={retry.isPending && retry.variables === item.id}
                  onClick={() => retry.mutate(item.id)}
                  aria-label={`Retry ${item.kind} ${item.id}`}
                >
                  Retry
                </Button>
                <Button
                  size="compact-sm"
                  variant="default"
                  onClick={() => setDropping(item)}
                  aria-label={`Drop ${item.kind} ${item.id}`}
                >
                  Drop
                </Button>
              </>
            )}
          </li>
        ))}
      </ul>
      {dropping !== null && <Drop item={dropping} onClose={() => setDropping(null)} />}
    </>
  )
}

function Drop({ item, onClose }: { item: { readonly id: number; readonly kind: string }; onClose: () => void }) {
  const [reason, setReason] = useState('')
  const drop = useMutation({
    mutationFn: () => work.drop(item.id, reason.trim()),
    onSuccess: async () => {
      await refresh()
      onClose()
    },
  })
  return (
    <Dialog title={`Drop ${item.kind}`} onClose={onClose}>
      <form
        className="form"
        onSubmit={(event) => {
          event.preventDefault()
          drop.mutate()
        }}
      >
        <TextInput
          label="Reason"
          description="Why it need not be done any more. It stays in the journal."
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
          maxLength={500}
          required
          data-autofocus
        />
        <ProblemNote error={drop.error} />
        <Button type="submit" loading={drop.isPending} disabled={reason.trim() === ''}>
          Drop it
        </Button>
      </form>
    </Dialog>
  )
}
