// One thing that was learnt about two kinds of alerts, and the way to have it forgotten.
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { AskForm } from '../../parts/ask-form.tsx'
import { Dialog } from '../../parts/dialog.tsx'
import { ProblemNote } from '../../parts/problem-note.tsx'
import { Time } from '../../parts/time.tsx'
import { queries } from '../../shell/queries.ts'
import { useMay } from '../../shell/session.tsx'
import { type LearntPair, regrouping } from './regrouping-api.ts'

export function LearntPairLine({ pair }: { pair: LearntPair }) {
  const may = useMay('responder')
  const [asking, setAsking] = useState(false)
  const forget = useMutation({
    mutationFn: (reason: string) => regrouping.forget(pair.id, reason),
    onSuccess: () => {
      setAsking(false)
      return queries.invalidateQueries({ queryKey: ['incidents'] })
    },
  })
  return (
    <li>
      <div className="grow">
        <p>{pair.sentence}</p>
        <p className="soft">
          {pair.because} Counts until <Time at={pair.until} />; {usedWords(pair.used)}.
        </p>
      </div>
      {may && (
        <button
          type="button"
          className="link-button"
          aria-label={`Forget: ${pair.sentence}`}
          onClick={() => setAsking(true)}
        >
          Forget
        </button>
      )}
      {asking && (
        <Dialog title="Forget what was learnt" onClose={() => setAsking(false)}>
          <p>{pair.sentence}</p>
          <AskForm
            label="Why"
            action="Forget it"
            busy={forget.isPending}
            needed
            onSubmit={(text) => forget.mutate(text)}
          />
          <ProblemNote error={forget.error} />
        </Dialog>
      )}
    </li>
  )
}

function usedWords(used: number): string {
  if (used === 0) return 'no alert was placed by it yet'
  return used === 1 ? 'one alert was placed by it' : `${used} alerts were placed by it`
}
