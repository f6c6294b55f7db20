// People, schedules, teams and webhooks by their declared names, for what a name alone does not say: how to call them and
// their zone.
import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { catalog, type Resource } from './api.ts'

export interface Known {
  readonly title: string
  readonly timeZone: string | null
}

function known(items: readonly Resource[]): ReadonlyMap<string, Known> {
  return new Map(
    items.map((item) => [
      item.metadata.name,
      {
        title: item.metadata.displayName ?? item.metadata.name,
        timeZone: zoneOf(item.spec),
      },
    ]),
  )
}

/** A person has a `timeZone`, a schedule a `zone`. */
function zoneOf(spec: Resource['spec']): string | null {
  const zone = spec.timeZone ?? spec.zone
  return typeof zone === 'string' ? zone : null
}

const none: ReadonlyMap<string, Known> = new Map()

function useKnown(plural: string): ReadonlyMap<string, Known> {
  const { data } = useQuery({
    queryKey: ['resources', plural],
    queryFn: ({ signal }) => catalog.resources(plural, signal),
    staleTime: 60_000,
  })
  return useMemo(() => (data === undefined ? none : known(data.items)), [data])
}

export const usePeople = () => useKnown('people')
export const useSchedules = () => useKnown('schedules')
export const useTeams = () => useKnown('teams')
export const useWebhooks = () => useKnown('webhooks')
