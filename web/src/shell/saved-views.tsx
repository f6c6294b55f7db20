// Views of a list that somebody saved, on whatever machine: one click away, and one to let go.
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useSearchParams } from 'wouter'
import { InputField } from '../parts/field.tsx'
import { ProblemNote } from '../parts/problem-note.tsx'
import { longestViewName, queryOf, readKept } from '../parts/saved-views.ts'
import { type SavedList, savedViews } from './api.ts'
import { queries } from './queries.ts'
import './saved-views.css'

/** An earlier version kept them in the browser: they go along, once. */
async function load(list: SavedList, signal: AbortSignal) {
  const key = `mainstay.views.${list}`
  const known = await savedViews.list(list, signal)
  let views = known
  try {
    const kept = readKept(window.localStorage.getItem(key))
    for (const view of kept)
      if (!known.some(({ name }) => name === view.name)) views = await savedViews.save(list, view)
    window.localStorage.removeItem(key)
  } catch {
    // A browser may keep nothing, or the server may be away: next time.
  }
  return views
}

/** `list` names whose views they are; parameters in `not` are no part of a view. */
export function SavedViews({ list, not }: { list: SavedList; not: readonly string[] }) {
  const queryKey = ['views', list]
  const found = useQuery({ queryKey, queryFn: ({ signal }) => load(list, signal) })
  const views = found.data ?? []
  const [search, setSearch] = useSearchParams()
  const [name, setName] = useState<string | null>(null)
  const current = queryOf(search, not)
  const known = views.find((each) => each.query === current)
  const onSuccess = (next: typeof views) => queries.setQueryData(queryKey, next)
  const save = useMutation({
    mutationFn: (view: { name: string; query: string }) => savedViews.save(list, view),
    onSuccess: (next) => {
      onSuccess(next)
      setName(null)
    },
  })
  const forget = useMutation({ mutationFn: (view: string) => savedViews.forget(list, view), onSuccess })
  // Not before they are known: one that is saved already would be offered again.
  const canSave = found.data !== undefined && current !== '' && known === undefined
  if (views.length === 0 && !canSave) return null
  return (
    <div className="saved-views">
      {views.length > 0 && (
        <ul aria-label="Saved views">
          {views.map((each) => (
            <li key={each.name}>
              <button
                type="button"
                className="link-button"
                aria-current={each === known ? 'true' : undefined}
                onClick={() => setSearch(new URLSearchParams(each.query))}
              >
                {each.name}
              </button>
            </li>
          ))}
        </ul>
      )}
      {known !== undefined && (
        <button
          type="button"
          className="link-button soft"
          disabled={forget.isPending}
          onClick={() => forget.mutate(known.name)}
        >
          Forget “{known.name}”
        </button>
      )}
      {canSave && name === null && (
        <button type="button" className="link-button soft" onClick={() => setName('')}>
          Save this view
        </button>
      )}
      {canSave && name !== null && (
        <form
          onSubmit={(event) => {
            event.preventDefault()
            save.mutate({ name: name.trim(), query: current })
          }}
        >
          <InputField
            title="Name of the view"
            value={name}
            maxLength={longestViewName}
            required
            // The form was asked for a moment ago.
            autoFocus
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <button type="submit" className="link-button" disabled={name.trim() === '' || save.isPending}>
            Save
          </button>
          <button type="button" className="link-button soft" onClick={() => setName(null)}>
            Cancel
          </button>
        </form>
      )}
      <ProblemNote error={save.error ?? forget.error} />
    </div>
  )
}
