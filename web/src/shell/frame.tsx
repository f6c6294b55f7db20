// The frame around every page: rail (bottom bar on a phone), top bar, the page, and what floats above it.
import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useEffect } from 'react'
import { Link, useLocation } from 'wouter'
import { useCommands, useKeyStrokes } from '../parts/command-hooks.ts'
import { compactNumber } from '../parts/format.ts'
import { Icon, Logo } from '../parts/icons.tsx'
import { TimeHover } from '../parts/time.tsx'
import { LiveRegion } from './announce.tsx'
import { demo, oncall, overview, platform } from './api.ts'
import { AwayNote } from './away-note.tsx'
import { LifeboatNote } from './lifeboat-note.tsx'
import { LiveQueries } from './live-queries.tsx'
import { openOverlay } from './overlay-state.ts'
import { Overlays } from './overlays.tsx'
import { demoRoom, type RoomEntry, rooms } from './rooms.ts'
import { usePerson } from './session.tsx'
import { TopBar, useThemeSwitch } from './top-bar.tsx'
import { say, UndoBar } from './undo.tsx'
import { UnkeptNotes } from './unkept.tsx'
import './frame.css'

export function useOverview() {
  return useQuery({ queryKey: ['overview'], queryFn: ({ signal }) => overview.read(signal) })
}

export function useDemo() {
  // What a process serves stays the same until the page is loaded anew.
  const served = useQuery({
    queryKey: ['version'],
    queryFn: ({ signal }) => platform.version(signal),
    staleTime: Number.POSITIVE_INFINITY,
  })
  const running = served.data?.rooms?.includes('demo') ?? false
  const query = useQuery({
    queryKey: ['demo'],
    queryFn: ({ signal }) => demo.read(signal),
    enabled: running,
    refetchInterval: 4000,
    staleTime: 3000,
  })
  return { ...query, running, isKnown: served.isFetched }
}

function isHere(room: RoomEntry, location: string): boolean {
  return room.path === '/' ? location === '/' : location === room.path || location.startsWith(`${room.path}/`)
}

export function Frame({ children }: { children: ReactNode }) {
  const person = usePerson()
  const [location, navigate] = useLocation()
  const counts = useOverview().data
  const shown = useDemo().running ? [...rooms, demoRoom] : rooms
  const onCallMe = useQuery({ queryKey: ['oncall', 'me'], queryFn: ({ signal }) => oncall.me(signal) }).data
  const switchTheme = useThemeSwitch()
  useKeyStrokes()
  useCommands([
    {
      id: 'palette',
      title: 'Jump or act',
      group: 'Everywhere',
      keys: 'mod+k',
      keysOnly: true,
      run: () => openOverlay('palette'),
    },
    {
      id: 'help',
      title: 'Show the keys',
      group: 'Everywhere',
      keys: '?',
      words: 'help shortcuts',
      run: () => openOverlay('help'),
    },
    { id: 'copy-link', title: 'Copy a link to this view', group: 'Everywhere', keys: 'c', run: () => void copyLink() },
    { id: 'theme', title: 'Switch light and dark', group: 'Everywhere', words: 'theme night', run: switchTheme },
    ...shown.map((room) => ({
      id: `go.${room.id}`,
      title: `Go to ${room.title}`,
      group: 'Go to',
      keys: room.jump,
      words: room.words ?? '',
      run: () => navigate(room.path),
    })),
  ])
  // A new page starts at its top and tells screen readers its heading.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the location is the reason to run
  useEffect(() => {
    window.scrollTo(0, 0)
  }, [location])
  const countOf = (room: RoomEntry): number | null => {
    if (room.count === undefined || counts === undefined) return null
    return room.count === 'needsHuman' ? counts.needsHuman.length : counts.counts[room.count]
  }
  const more = shown.filter((room) => room.thumb !== true)
  return (
    <div className="frame">
      <a className="skip" href="#page">
        Skip to the page
      </a>
      <nav className="rail" aria-label="Rooms">
        <Link href="/" className="brand" aria-label="Mainstay, overview">
          <Logo size={22} />
          <span>Mainstay</span>
        </Link>
        <ul>
          {shown.map((room) => (
            <RailItem key={room.id} room={room} here={isHere(room, location)} count={countOf(room)} />
          ))}
        </ul>
      </nav>
      <TopBar />
      <main id="page" className="page" tabIndex={-1}>
        <LifeboatNote />
        <AwayNote />
        <UnkeptNotes />
        {children}
      </main>
      <nav className="thumbs" aria-label="Rooms, bottom bar">
        {shown
          .filter((room) => room.thumb === true)
          .map((room) => (
            <ThumbItem key={room.id} room={room} here={isHere(room, location)} count={countOf(room)} />
          ))}
        <button
          type="button"
          className="thumb"
          data-here={more.some((room) => isHere(room, location))}
          onClick={() => openOverlay('rooms')}
        >
          <Icon name="more" size={20} />
          <span>More</span>
        </button>
      </nav>
      <UndoBar />
      <Overlays rooms={more} />
      <TimeHover />
      <LiveRegion />
      <LiveQueries me={[person.id, onCallMe?.person ?? ''].join(' ').trim()} />
    </div>
  )
}

async function copyLink(): Promise<void> {
  try {
    await navigator.clipboard.writeText(window.location.href)
    say({ sentence: 'Link copied.', undo: null })
  } catch {
    say({ sentence: 'The browser does not allow copying here; take the link from its address bar.', undo: null })
  }
}

function RailItem({ room, here, count }: { room: RoomEntry; here: boolean; count: number | null }) {
  return (
    <li>
      <Link
        href={room.path}
        className="rail-item"
        aria-current={here ? 'page' : undefined}
        title={`${room.title} (${room.jump})`}
      >
        <Icon name={room.icon} />
        <span className="rail-title">{room.title}</span>
        {count !== null && count > 0 && <span className="rail-count">{compactNumber(count)}</span>}
      </Link>
    </li>
  )
}

function ThumbItem({ room, here, count }: { room: RoomEntry; here: boolean; count: number | null }) {
  return (
    <Link href={room.path} className="thumb" data-here={here} aria-current={here ? 'page' : undefined}>
      <Icon name={room.icon} size={20} />
      <span>{room.title}</span>
      {count !== null && count > 0 && <span className="thumb-count">{compactNumber(count)}</span>}
    </Link>
  )
}
