// Records a review: the figures in front, the decision below, and why.
import { Button, NativeSelect, Textarea, TextInput } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { ObjectiveReview } from '../../../client/src/operations.gen.ts'
import { Dialog } from '../parts/dialog.tsx'
import { SkeletonRows } from '../parts/empty.tsx'
import { ProblemNote } from '../parts/problem-note.tsx'
import { Time } from '../parts/time.tsx'
import { queries } from './queries.ts'
import { type ReviewSubject, reviewsOf } from './review-api.ts'
import { decisionWords, figureLines } from './review-words.ts'
import './review.css'

type Decision = ObjectiveReview['decision']
const decisions: readonly Decision[] = ['keep', 'change-target', 'retire']

export function ReviewDialog({
  subject,
  name,
  title,
  onClose,
}: {
  subject: ReviewSubject
  name: string
  title: string
  onClose: () => void
}) {
  const [decision, setDecision] = useState<Decision>('keep')
  const [target, setTarget] = useState('')
  const [reason, setReason] = useState('')
  const figures = useQuery({
    queryKey: [`${subject}s`, 'review-figures', name],
    queryFn: ({ signal }) => reviewsOf[subject].figures(name, signal),
  })
  const record = useMutation({
    mutationFn: () =>
      reviewsOf[subject].record(name, {
        decision,
        reason: reason.trim(),
        ...(decision === 'change-target' ? { newTarget: target.replace('%', '').trim() } : {}),
      }),
    onSuccess: async () => {
      // The list of what is to be looked at stands with objectives.
      for (const key of ['objectives', `${subject}s`]) await queries.invalidateQueries({ queryKey: [key] })
      onClose()
    },
  })
  const isReady = reason.trim().length >= 3 && (decision !== 'change-target' || target.trim() !== '')
  return (
    <Dialog title={`Review of ${title}`} onClose={onClose}>
      <form
        className="form"
        onSubmit={(event) => {
          event.preventDefault()
          record.mutate()
        }}
      >
        <ProblemNote error={figures.error} retry={() => void figures.refetch()} />
        {figures.isPending && <SkeletonRows rows={5} />}
        {figures.data !== undefined && (
          <>
            <p className="soft">
              Since <Time at={figures.data.attained.from} />. These figures are kept with the review.
            </p>
            <dl className="pairs review-figures">
              {figureLines(figures.data, subject).map(([term, value]) => (
                <div key={term}>
                  <dt>{term}</dt>
                  <dd>{value}</dd>
                </div>
              ))}
            </dl>
          </>
        )}
        <NativeSelect
          label="Decision"
          value={decision}
          onChange={(event) => {
            const { value } = event.currentTarget
            setDecision(decisions.find((each) => each === value) ?? 'keep')
          }}
          data={decisions.map((value) => ({ value, label: decisionWords[value] }))}
        />
        {decision === 'change-target' && (
          <TextInput
            label="New target in percent"
            description="The decision changes no definition: apply a document that says so."
            inputMode="decimal"
            required
            maxLength={12}
            placeholder="99.5"
            value={target}
            onChange={(event) => setTarget(event.currentTarget.value)}
          />
        )}
        <Textarea
          label="Reason"
          description="It stays on record."
          required
          autosize
          minRows={2}
          maxLength={2000}
          value={reason}
          data-autofocus
          onChange={(event) => setReason(event.currentTarget.value)}
        />
        <ProblemNote error={record.error} />
        <Button type="submit" loading={record.isPending} disabled={!isReady}>
          Record the review
        </Button>
      </form>
    </Dialog>
  )
}
