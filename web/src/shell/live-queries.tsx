// Joins the stream to the cache: entries make answers old, in bunches; without a stream the open answers are polled.
import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef, useSyncExternalStore } from 'react'
import { announce } from './announce.tsx'
import type { JournalEntry } from './api.ts'
import { staleAfter } from './invalidation.ts'
import { type LiveState, live } from './live.ts'

// Long enough to join a storm of entries into one read, short enough to feel immediate.
const bunchMs = 300
const pollMs = 20_000
// After the first connection of a page: long enough for it to have drawn what it opened with.
const firstLookMs = 1500

export function useLive(): LiveState {
  return useSyncExternalStore(live.subscribe, live.state)
}

export function LiveQueries({ me }: { me: string }) {
  const client = useQueryClient()
  const state = useLive()
  const isFirst = useRef(true)
  useEffect(() => {
    live.start()
    const names = me.split(' ')
    let waiting = new Set<string>()
    let timer: number | undefined
    const flush = () => {
      timer = undefined
      const keys = waiting
      waiting = new Set()
      for (const key of keys) void client.invalidateQueries({ queryKey: [key] })
    }
    const leave = live.onEntry((entry) => {
      for (const key of staleAfter(entry.type)) waiting.add(key)
      timer ??= window.setTimeout(flush, bunchMs)
      // Only own pages and critical alerts are spoken; everything else is quiet.
      const mine = concerns(entry, names)
      const title = typeof entry.data?.title === 'string' ? entry.data.title : ''
      if (entry.type.startsWith('page.') && mine) announce(`You are paged. ${title}`)
      else if (/^alerts?\.opened$/.test(entry.type) && entry.data?.severity === 'critical')
        announce(`Critical alert. ${title}`)
    })
    return () => {
      leave()
      window.clearTimeout(timer)
    }
  }, [client, me])
  useEffect(() => {
    if (state.kind === 'live') {
      // What the page opened with is drawn first; it was asked for a moment ago.
      const wait = window.setTimeout(
        () => {
          isFirst.current = false
          // Whatever happened between two connections is not in any event we saw. Who looks, and at which server, stays.
          void client.invalidateQueries({
            predicate: ({ queryKey: [first] }) => first !== 'session' && first !== 'version',
          })
        },
        isFirst.current ? firstLookMs : 0,
      )
      return () => window.clearTimeout(wait)
    }
    const timer = window.setInterval(() => void client.invalidateQueries({ refetchType: 'active' }), pollMs)
    return () => window.clearInterval(timer)
  }, [client, state.kind])
  return null
}

/** An entry is mine when it links me, or names me among the people paged. */
function concerns(entry: JournalEntry, names: readonly string[]): boolean {
  return (
    entry.links.some((link) => link.kind === 'person' && names.includes(link.id)) ||
    (Array.isArray(entry.data.people) && entry.data.people.some((each: unknown) => isPersonOf(each, names)))
  )
}

function isPersonOf(value: unknown, names: readonly string[]): boolean {
  return typeof value === 'object' && value !== null && 'person' in value && names.includes(String(value.person))
}
