// Joins the stream to the cache: entries make answers old, in bunches; without a stream the open answers are polled.
import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useSyncExternalStore } from 'react'
import { announce } from './announce.tsx'
import { staleAfter } from './invalidation.ts'
import { type LiveState, live } from './live.ts'

// Long enough to join a storm of entries into one read, short enough to feel immediate.
const bunchMs = 300
const pollMs = 20_000

export function useLive(): LiveState {
  return useSyncExternalStore(live.subscribe, live.state)
}

export function LiveQueries({ personId }: { personId: string }) {
  const client = useQueryClient()
  const state = useLive()
  useEffect(() => {
    live.start()
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
      const mine = entry.links?.some((link) => link.kind === 'person' && link.id === personId) === true
      const title = typeof entry.data?.title === 'string' ? entry.data.title : ''
      if (entry.type.startsWith('page.') && mine) announce(`You are paged. ${title}`)
      else if (/^alerts?\.opened$/.test(entry.type) && entry.data?.severity === 'critical')
        announce(`Critical alert. ${title}`)
    })
    return () => {
      leave()
      window.clearTimeout(timer)
    }
  }, [client, personId])
  useEffect(() => {
    if (state.kind === 'live') {
      // Whatever happened between two connections is not in any event we saw.
      void client.invalidateQueries()
      return
    }
    const timer = window.setInterval(() => void client.invalidateQueries({ refetchType: 'active' }), pollMs)
    return () => window.clearInterval(timer)
  }, [client, state.kind])
  return null
}
