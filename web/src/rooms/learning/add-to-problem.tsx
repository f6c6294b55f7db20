// One more incident or corrective action for a problem, chosen from the newest.
import { Button } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { SelectField } from '../../parts/field.tsx'
import { ProblemNote } from '../../parts/problem-note.tsx'
import { incidents } from '../../shell/api.ts'
import { type ProblemRecord, problems, refreshLearning } from '../../shell/learning-api.ts'
import { actions } from '../../shell/response-api.ts'
import { incidentName } from '../../shell/words.ts'

interface Choosable {
  readonly id: string
  readonly name: string
}

const titles = { incident: 'One more incident', action: 'One more corrective action' } as const

export function AddToProblem({ problem, what }: { problem: ProblemRecord; what: 'incident' | 'action' }) {
  const [chosen, setChosen] = useState('')
  const here = (what === 'incident' ? problem.linkedIncidents : problem.linkedActions).map((each) => each.id)
  const query = useQuery({
    queryKey: ['learning', 'choosable', what],
    queryFn: async ({ signal }): Promise<readonly Choosable[]> =>
      what === 'incident'
        ? (await incidents.list({ limit: 100 }, signal)).items.map((each) => ({
            id: each.id,
            name: `${incidentName(each)} ${each.title}`,
          }))
        : (await actions.list({ limit: 500 }, signal)).items.map((each) => ({
            id: each.id,
            name: `${each.number} ${each.title}`,
          })),
  })
  const link = useMutation({
    mutationFn: () => problems.link(problem.id, what === 'incident' ? { incident: chosen } : { action: chosen }),
    onSuccess: () => {
      setChosen('')
      return refreshLearning()
    },
  })
  const rest = (query.data ?? []).filter((each) => !here.includes(each.id))
  return (
    <form
      className="toolbar"
      onSubmit={(event) => {
        event.preventDefault()
        link.mutate()
      }}
    >
      <SelectField title={titles[what]} value={chosen} onChange={(event) => setChosen(event.currentTarget.value)}>
        <option value="">Choose</option>
        {rest.map((each) => (
          <option key={each.id} value={each.id}>
            {each.name}
          </option>
        ))}
      </SelectField>
      <Button type="submit" variant="default" loading={link.isPending} disabled={chosen === ''}>
        Add it
      </Button>
      <ProblemNote error={query.error ?? link.error} />
    </form>
  )
}
