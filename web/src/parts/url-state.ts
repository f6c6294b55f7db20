// View state lives in the address, so that a copied link shows the same view elsewhere.
import { useCallback } from 'react'
import { useSearchParams } from 'wouter'

/** One search parameter; the fallback is left out of the address. */
export function useUrlState<Value extends string = string>(
  name: string,
  fallback: NoInfer<Value>,
  options: { push?: boolean } = {},
): readonly [Value, (value: Value) => void] {
  const [search, setSearch] = useSearchParams()
  const push = options.push === true
  const set = useCallback(
    (value: Value) =>
      setSearch(
        (before) => {
          const next = new URLSearchParams(before)
          if (value === fallback) next.delete(name)
          else next.set(name, value)
          return next
        },
        { replace: !push },
      ),
    [setSearch, name, fallback, push],
  )
  // A value of another hand is read as it stands; pages treat unknown ones as the fallback.
  return [(search.get(name) as Value | null) ?? fallback, set]
}

/** Several parameters in one step of the history. */
export function useUrlPatch(): (patch: Readonly<Record<string, string | null>>) => void {
  const [, setSearch] = useSearchParams()
  return useCallback(
    (patch) =>
      setSearch(
        (before) => {
          const next = new URLSearchParams(before)
          for (const [name, value] of Object.entries(patch)) {
            if (value === null || value === '') next.delete(name)
            else next.set(name, value)
          }
          return next
        },
        { replace: true },
      ),
    [setSearch],
  )
}
