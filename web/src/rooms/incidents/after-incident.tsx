// What follows an incident: pin what the graphs show, take everything out as a file, write the postmortem.
import { Button } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useLocation } from 'wouter'
import { useCommands } from '../../parts/command-hooks.ts'
import { presentMs } from '../../parts/now.ts'
import { ProblemNote } from '../../parts/problem-note.tsx'
import { saveText } from '../../parts/save-text.ts'
import { type IncidentDetail, objectives } from '../../shell/api.ts'
import { queries } from '../../shell/queries.ts'
import { incidentRoom, postmortems } from '../../shell/response-api.ts'
import { say } from '../../shell/undo.tsx'
import { beganAt, isOverIncident } from '../../shell/words.ts'

const beforeMs = 15 * 60_000

export function AfterIncident({ incident, may }: { incident: IncidentDetail; may: boolean }) {
  const [, navigate] = useLocation()
  const over = isOverIncident(incident) && incident.kind !== 'scheduled'
  const written = useQuery({
    queryKey: ['postmortems', 'of-incident', incident.id],
    queryFn: ({ signal }) => postmortems.list({ incident: incident.id, limit: 1 }, signal),
  }).data?.items[0]
  const open = useMutation({
    mutationFn: () => postmortems.open(incident.id),
    onSuccess: (postmortem) => {
      void queries.invalidateQueries({ queryKey: ['postmortems'] })
      navigate(`/postmortems/${postmortem.id}`)
    },
  })
  const pin = useMutation({
    mutationFn: async () => {
      const from = new Date(Date.parse(beganAt(incident)) - beforeMs).toISOString()
      const to = incident.resolvedAt ?? new Date(presentMs()).toISOString()
      const of = await Promise.all(
        incident.services
          .slice(0, 5)
          .map((service) => objectives.list({ service, limit: 1 }, new AbortController().signal)),
      )
      const [first] = of.flatMap((page) => page.items)
      if (first === undefined) throw new Error('None of its services has an objective that could be pinned.')
      await incidentRoom.pin(incident.id, { objective: first.name, from, to })
      return first.displayName
    },
    onSuccess: (name) => {
      say({ sentence: `Pinned: ${name}`, undo: null })
      return queries.invalidateQueries({ queryKey: ['incidents'] })
    },
  })
  const take = useMutation({
    mutationFn: () => incidentRoom.export(incident.id),
    onSuccess: ({ markdown }) => saveText(`incident-${incident.number}.md`, markdown),
  })
  useCommands([
    { id: 'incident.export', title: 'Export as Markdown', group: 'Incident', run: () => take.mutate() },
    ...(may
      ? [
          {
            id: 'incident.pin',
            title: 'Pin the worst graph as data',
            group: 'Incident',
            keys: 'p',
            run: () => pin.mutate(),
          },
        ]
      : []),
  ])
  return (
    <>
      {written !== undefined && (
        <Button variant="default" onClick={() => navigate(`/postmortems/${written.id}`)}>
          Postmortem
        </Button>
      )}
      {written === undefined && over && may && (
        <Button variant="default" loading={open.isPending} onClick={() => open.mutate()}>
          Write the postmortem
        </Button>
      )}
      {may && (
        <Button variant="default" loading={pin.isPending} onClick={() => pin.mutate()} rightSection={<kbd>p</kbd>}>
          Pin the graph
        </Button>
      )}
      <Button variant="default" loading={take.isPending} onClick={() => take.mutate()}>
        Export
      </Button>
      <ProblemNote error={open.error ?? pin.error ?? take.error} />
    </>
  )
}
