// The declared object behind a page as YAML (`y`), with its history by version.
import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useCommands } from '../parts/command-hooks.ts'
import { Drawer } from '../parts/drawer.tsx'
import { SkeletonRows } from '../parts/empty.tsx'
import { ProblemNote } from '../parts/problem-note.tsx'
import { useUrlState } from '../parts/url-state.ts'
import { Yaml } from '../parts/yaml.tsx'
import { catalog } from './api.ts'

export function useDocumentDrawer(
  plural: string,
  name: string,
): { readonly button: ReactNode; readonly drawer: ReactNode } {
  const [open, setOpen] = useUrlState('yaml', '')
  const toggle = () => setOpen(open === '' ? '1' : '')
  useCommands([
    { id: 'page.yaml', title: 'Show the definition', group: 'This page', keys: 'y', words: 'yaml raw', run: toggle },
  ])
  return {
    button: (
      <Button variant="default" onClick={toggle} aria-expanded={open !== ''} rightSection={<kbd>y</kbd>}>
        Definition
      </Button>
    ),
    drawer: open === '' ? null : <DocumentDrawer plural={plural} name={name} onClose={() => setOpen('')} />,
  }
}

function DocumentDrawer({ plural, name, onClose }: { plural: string; name: string; onClose: () => void }) {
  const query = useQuery({
    queryKey: ['resources', plural, name],
    queryFn: ({ signal }) => catalog.resource(plural, name, signal),
  })
  return (
    <Drawer title={`Definition of ${name}`} onClose={onClose}>
      <ProblemNote error={query.error} retry={() => void query.refetch()} />
      {query.isPending && <SkeletonRows rows={6} />}
      {query.data !== undefined && <Yaml value={query.data} />}
    </Drawer>
  )
}
