// Jump or act: commands of this page, rooms, services, objectives, incidents and alerts in one list.
import { useQuery } from '@tanstack/react-query'
import { useDeferredValue, useEffect, useId, useMemo, useState } from 'react'
import { useLocation } from 'wouter'
import { useCommandList } from '../parts/command-hooks.ts'
import { Dialog } from '../parts/dialog.tsx'
import { Icon } from '../parts/icons.tsx'
import { catalog, incidents, objectives } from './api.ts'
import { prepare, rank } from './fuzzy.ts'
import { Keys } from './help-sheet.tsx'
import { closeOverlay } from './overlay-state.ts'

interface Entry {
  readonly id: string
  readonly text: string
  readonly words?: string
  readonly kind: string
  readonly keys?: string
  readonly run: () => void
}

const shownRows = 12

function useEntries(): readonly Entry[] {
  const [, navigate] = useLocation()
  const commands = useCommandList()
  const services = useQuery({
    queryKey: ['services', 'palette'],
    queryFn: ({ signal }) => catalog.services({ limit: 500 }, signal),
    staleTime: 60_000,
  }).data
  const slos = useQuery({
    queryKey: ['objectives', 'palette'],
    queryFn: ({ signal }) => objectives.list({ limit: 500 }, signal),
    staleTime: 60_000,
  }).data
  const open = useQuery({
    queryKey: ['incidents', 'palette'],
    queryFn: ({ signal }) => incidents.list({ limit: 100 }, signal),
    staleTime: 15_000,
  }).data
  return useMemo(
    () => [
      ...commands
        .filter((each) => each.keysOnly !== true)
        .map((each) => ({
          id: each.id,
          text: each.title,
          words: `${each.words ?? ''} ${each.group}`,
          kind: each.group,
          ...(each.keys === undefined ? {} : { keys: each.keys }),
          run: each.run,
        })),
      ...(open?.items ?? []).map((each) => ({
        id: `incident ${each.id}`,
        text: `#${each.number} ${each.title}`,
        words: `incident ${each.severity} ${each.services.join(' ')}`,
        kind: 'Incident',
        run: () => navigate(`/incidents/${each.id}`),
      })),
      ...(services?.items ?? []).map((each) => ({
        id: `service ${each.name}`,
        text: each.displayName.toLowerCase() === each.name ? each.displayName : `${each.displayName} (${each.name})`,
        words: `service ${each.team ?? ''} tier ${each.tier}`,
        kind: 'Service',
        run: () => navigate(`/services/${each.name}`),
      })),
      ...(slos?.items ?? []).map((each) => ({
        id: `objective ${each.name}`,
        text: each.displayName,
        words: `objective slo ${each.service} ${each.name}`,
        kind: 'Objective',
        run: () => navigate(`/objectives/${each.name}`),
      })),
    ],
    [commands, services, slos, open, navigate],
  )
}

export default function Palette() {
  const [query, setQuery] = useState('')
  const [picked, setPicked] = useState(0)
  const entries = useEntries()
  const prepared = useMemo(() => prepare(entries), [entries])
  const wanted = useDeferredValue(query)
  const found = useMemo(() => rank(prepared, wanted, shownRows), [prepared, wanted])
  const listId = useId()
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new search starts at its first row
  useEffect(() => setPicked(0), [wanted])
  const run = (entry: Entry | undefined) => {
    if (entry === undefined) return
    closeOverlay()
    // After the dialog has given the focus back, so that the command may move it.
    window.setTimeout(entry.run, 0)
  }
  const onKey = (event: React.KeyboardEvent) => {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0
    if (step !== 0) {
      event.preventDefault()
      setPicked((before) => (found.length === 0 ? 0 : (before + step + found.length) % found.length))
    } else if (event.key === 'Enter') {
      event.preventDefault()
      run(found[picked])
    }
  }
  return (
    <Dialog title="Jump or act" bare onClose={closeOverlay}>
      <div className="palette">
        <div className="palette-input">
          <Icon name="search" />
          <input
            data-autofocus
            role="combobox"
            aria-expanded="true"
            aria-controls={listId}
            aria-activedescendant={found[picked] === undefined ? undefined : `${listId}-${picked}`}
            aria-label="Search commands, services, objectives and incidents"
            placeholder="A command, a service, an objective, an incident…"
            value={query}
            onChange={(event) => setQuery(event.currentTarget.value)}
            onKeyDown={onKey}
            spellCheck={false}
            autoComplete="off"
          />
        </div>
        <div id={listId} className="palette-list" role="listbox" aria-label="Found">
          {found.map((entry, index) => (
            // The input keeps the focus and the keys (combobox pattern); the pointer is the second way.
            // biome-ignore lint/a11y/useKeyWithClickEvents: see above
            <div
              key={entry.id}
              id={`${listId}-${index}`}
              role="option"
              tabIndex={-1}
              aria-selected={index === picked}
              className="palette-row"
              onClick={() => run(entry)}
              onPointerMove={() => setPicked(index)}
            >
              <span className="palette-text">{entry.text}</span>
              {entry.keys !== undefined && <Keys keys={entry.keys} />}
              <span className="palette-kind">{entry.kind}</span>
            </div>
          ))}
        </div>
        {found.length === 0 && <p className="palette-none">Nothing is called “{query}”. Try a part of the name.</p>}
      </div>
    </Dialog>
  )
}
