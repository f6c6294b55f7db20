// Views of a list, kept in this browser: one click away, and one to let go.
import { useState } from 'react'
import { useSearchParams } from 'wouter'
import { InputField } from './field.tsx'
import { longestName, queryOf, readViews, type SavedView, withView } from './saved-views.ts'
import './saved-views.css'

/** A browser may refuse to keep anything; then views last as long as the page. */
function load(key: string): readonly SavedView[] {
  try {
    return readViews(window.localStorage.getItem(key))
  } catch {
    return []
  }
}

function keep(key: string, views: readonly SavedView[]): void {
  try {
    window.localStorage.setItem(key, JSON.stringify(views))
  } catch {
    // Nothing to tell: the view is there, only not tomorrow.
  }
}

/** `list` names whose views they are; parameters in `not` are no part of a view. */
export function SavedViews({ list, not }: { list: string; not: readonly string[] }) {
  const key = `mainstay.views.${list}`
  const [views, setViews] = useState(() => load(key))
  const [search, setSearch] = useSearchParams()
  const [name, setName] = useState<string | null>(null)
  const current = queryOf(search, not)
  const known = views.find((each) => each.query === current)
  const change = (next: readonly SavedView[]) => {
    setViews(next)
    keep(key, next)
  }
  const canSave = current !== '' && known === undefined
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
          onClick={() => change(views.filter((each) => each !== known))}
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
            change(withView(views, { name, query: current }))
            setName(null)
          }}
        >
          <InputField
            title="Name of the view"
            value={name}
            maxLength={longestName}
            required
            // The form was asked for a moment ago.
            autoFocus
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <button type="submit" className="link-button" disabled={name.trim() === ''}>
            Save
          </button>
          <button type="button" className="link-button soft" onClick={() => setName(null)}>
            Cancel
          </button>
        </form>
      )}
    </div>
  )
}
