// Palette trigger, the on-call sentence, the state of the live stream, theme and user.
import { useComputedColorScheme, useMantineColorScheme } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { Link, useLocation } from 'wouter'
import { clockText, relativeText, validZone, zoneName } from '../parts/format.ts'
import { Icon, Logo } from '../parts/icons.tsx'
import { Menu } from '../parts/menu.tsx'
import { useNow } from '../parts/now.ts'
import { oncall, session } from './api.ts'
import type { LiveState } from './live.ts'
import { useLive } from './live-queries.tsx'
import { openOverlay } from './overlay-state.ts'
import { usePerson } from './session.tsx'

export function useThemeSwitch(): () => void {
  const { setColorScheme } = useMantineColorScheme()
  const now = useComputedColorScheme('light', { getInitialValueInEffect: false })
  return () => setColorScheme(now === 'dark' ? 'light' : 'dark')
}

export function TopBar() {
  const mac = /Mac|iPhone|iPad/.test(navigator.userAgent)
  const dark = useComputedColorScheme('light', { getInitialValueInEffect: false }) === 'dark'
  const switchTheme = useThemeSwitch()
  return (
    <header className="bar">
      <Link href="/" className="bar-brand" aria-label="Mainstay, overview">
        <Logo size={20} />
      </Link>
      <button type="button" className="palette-trigger" onClick={() => openOverlay('palette')}>
        <Icon name="search" />
        <span>Jump or act</span>
        <kbd>{mac ? '⌘ K' : 'Ctrl K'}</kbd>
      </button>
      <OnCallSentence />
      <LiveSign />
      <button
        type="button"
        className="icon-button theme-switch"
        onClick={switchTheme}
        aria-label={dark ? 'Switch to light' : 'Switch to dark'}
        title={dark ? 'Switch to light' : 'Switch to dark'}
      >
        <Icon name={dark ? 'sun' : 'moon'} />
      </button>
      <UserMenu />
    </header>
  )
}

function OnCallSentence() {
  const person = usePerson()
  const now = useNow()
  const me = useQuery({ queryKey: ['oncall', 'me'], queryFn: ({ signal }) => oncall.me(signal) }).data
  if (me === undefined) return <span className="oncall-line" />
  const zone = validZone(person.timeZone) ?? Intl.DateTimeFormat().resolvedOptions().timeZone
  if (me.onCall) {
    return (
      <Link href="/oncall" className="oncall-line on">
        <span className="oncall-dot" aria-hidden="true" />
        <span>
          <span className="wide-only">You are </span>on call
          {me.until !== null && (
            <>
              {' '}
              until {clockText(Date.parse(me.until), now, zone)}
              <span className="wide-only"> ({zoneName(zone)})</span>
            </>
          )}
        </span>
      </Link>
    )
  }
  return (
    <Link href="/oncall" className="oncall-line off">
      {me.nextShift === null ? 'Not on call' : `Next shift ${clockText(Date.parse(me.nextShift.start), now, zone)}`}
    </Link>
  )
}

export function liveWords(state: LiveState, now: number): string {
  switch (state.kind) {
    case 'connecting':
      return 'Connecting'
    case 'live':
      return 'Live'
    case 'reconnecting':
      return 'Reconnecting'
    case 'stale':
      return `Stale, last heard ${relativeText(state.since, now)}`
    case 'offline':
      return `Offline, as of ${relativeText(state.since, now)}`
  }
}

function LiveSign() {
  const state = useLive()
  const now = useNow()
  return (
    <span className={`live-sign ${state.kind}`} role="status" title="Changes appear by themselves while this says Live">
      <span className="live-shape" aria-hidden="true" />
      <span>{liveWords(state, now)}</span>
    </span>
  )
}

function UserMenu() {
  const person = usePerson()
  const client = useQueryClient()
  const [, navigate] = useLocation()
  const [open, setOpen] = useState(false)
  const switchTheme = useThemeSwitch()
  const signOut = async () => {
    await session.signOut().catch(() => undefined)
    client.clear()
    window.location.assign('/sign-in')
  }
  return (
    <Menu
      open={open}
      onOpen={setOpen}
      button={(tie) => (
        <button type="button" className="user-button" {...tie}>
          <span aria-hidden="true">{initials(person.name)}</span>
          <span className="sr-only">{person.name}, menu</span>
        </button>
      )}
      head={
        <div className="user-head">
          <strong>{person.name}</strong>
          <span>{person.email}</span>
          <span>
            {person.role}
            {person.teams.length > 0 ? `, ${person.teams.join(', ')}` : ''}
          </span>
        </div>
      }
      items={[
        { title: 'How I am paged', run: () => navigate('/oncall?view=paging') },
        { title: 'My sessions', run: () => navigate('/settings/sessions') },
        { title: 'Switch light and dark', run: switchTheme },
        { title: 'Keys', hint: '?', run: () => openOverlay('help') },
        { title: 'Sign out', run: () => void signOut() },
      ]}
    />
  )
}

function initials(name: string): string {
  const words = name.trim().split(/\s+/)
  return `${words[0]?.[0] ?? ''}${words.length > 1 ? (words.at(-1)?.[0] ?? '') : ''}`.toUpperCase()
}
