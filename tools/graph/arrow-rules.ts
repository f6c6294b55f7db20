// Who may import whom. Each rule looks at one arrow and answers with what is wrong, or null.
import { computedImportGrants, granted, purePackages } from './allow.ts'
import type { Arrow, House } from './house.ts'
import { isTest, type Place } from './place.ts'

export interface ArrowRule {
  readonly id: string
  readonly sentence: string
  /** `to` is a file of this repository. Rules on packages look at `arrow.to` themselves. */
  readonly look: (arrow: Arrow, house: House) => string | null
}

type RoomPlace = Extract<Place, { zone: 'room' }>

const target = (arrow: Arrow): Place | null => (arrow.to !== null && 'place' in arrow.to ? arrow.to.place : null)
const file = (arrow: Arrow): string =>
  arrow.to !== null && 'file' in arrow.to ? arrow.to.file : (arrow.taken.specifier ?? '')
const refused = (arrow: Arrow): string => `imports ${file(arrow)}`

const isPureDoor = (to: Place): boolean => to.zone === 'room' && to.door === 'pure'

function leavesFor(arrow: Arrow, allowed: (to: Place) => boolean): string | null {
  const to = target(arrow)
  return to === null || allowed(to) ? null : refused(arrow)
}

function between(arrow: Arrow): { from: RoomPlace; to: RoomPlace } | null {
  const { place: from } = arrow.from
  const to = target(arrow)
  return from.zone === 'room' && to?.zone === 'room' && from.room !== to.room ? { from, to } : null
}

export const arrowRules: readonly ArrowRule[] = [
  {
    id: 'leads-somewhere',
    sentence: 'An import names a file that exists, as plain text, so that the graph can be read.',
    look: (arrow) => {
      if (arrow.to !== null) return null
      if (arrow.taken.specifier === null)
        return granted(computedImportGrants, arrow.from.path) || arrow.from.test ? null : 'imports something computed'
      return `imports ${arrow.taken.specifier}, which does not exist`
    },
  },
  {
    id: 'kernel-alone',
    sentence: 'The kernel imports nothing outside the kernel.',
    look: (arrow) =>
      arrow.from.place.zone === 'kernel' && target(arrow)?.zone !== 'kernel' && arrow.to !== null
        ? refused(arrow)
        : null,
  },
  {
    id: 'platform-below',
    sentence: 'The platform imports the kernel, the platform and packages; it knows no domain.',
    look: (arrow) =>
      arrow.from.place.zone === 'platform'
        ? leavesFor(arrow, (to) => to.zone === 'kernel' || to.zone === 'platform')
        : null,
  },
  {
    id: 'core-pure',
    sentence: 'core/ imports its own core, the kernel, pure doors of other rooms and packages that only compute.',
    look: (arrow) => {
      const { place } = arrow.from
      if (place.zone !== 'room' || place.part !== 'core' || arrow.to === null) return null
      if ('package' in arrow.to) return purePackages.has(arrow.to.package) ? null : refused(arrow)
      const own = (to: Place) => to.zone === 'room' && to.room === place.room && to.part === 'core'
      return leavesFor(arrow, (to) => to.zone === 'kernel' || isPureDoor(to) || own(to))
    },
  },
  {
    id: 'room-order',
    sentence: 'A room imports only rooms before it in modules/order.json; later rooms are told by an event.',
    look: (arrow, house) => {
      const rooms = between(arrow)
      if (rooms === null) return null
      const [to, from] = [house.order.indexOf(rooms.to.room), house.order.indexOf(rooms.from.room)]
      return to !== -1 && to < from ? null : refused(arrow)
    },
  },
  {
    id: 'room-doors',
    sentence: 'Another room is entered by its doors only: index.ts or core/index.ts.',
    look: (arrow) => {
      const rooms = between(arrow)
      return rooms === null || rooms.to.door !== null ? null : refused(arrow)
    },
  },
  {
    id: 'edges-by-manifest',
    sentence: '*.routes.ts and *.jobs.ts are imported by the manifest (*.module.ts) of their room only.',
    look: (arrow) => {
      const to = target(arrow)
      if (to?.zone !== 'room' || (to.part !== 'routes' && to.part !== 'jobs')) return null
      const { place } = arrow.from
      return place.zone === 'room' && place.room === to.room && place.part === 'manifest' ? null : refused(arrow)
    },
  },
  {
    id: 'manifests-by-app',
    sentence: '*.module.ts is imported by server/src/app only.',
    look: (arrow) => {
      const to = target(arrow)
      return to?.zone === 'room' && to.part === 'manifest' && arrow.from.place.zone !== 'app' ? refused(arrow) : null
    },
  },
  {
    id: 'rooms-below-app',
    sentence: 'A room never imports integrations or the app: it states a port, and the app joins them.',
    look: (arrow) => {
      if (arrow.from.place.zone !== 'room') return null
      return leavesFor(arrow, (to) => to.zone === 'kernel' || to.zone === 'platform' || to.zone === 'room')
    },
  },
  {
    id: 'integrations-translate',
    sentence:
      'An integration imports the kernel, the platform, and of rooms their contracts, ports and pure doors only.',
    look: (arrow) => {
      const { place } = arrow.from
      if (place.zone !== 'integration') return null
      return leavesFor(arrow, (to) => {
        if (to.zone === 'integration') return to.system === place.system
        if (to.zone === 'room') return to.door === 'pure' || to.part === 'contract' || to.part === 'ports'
        return to.zone === 'kernel' || to.zone === 'platform'
      })
    },
  },
  {
    id: 'app-joins',
    sentence:
      'The app enters rooms by manifest, doors, contract and ports only, and nothing of the console or the commands.',
    look: (arrow) => {
      if (arrow.from.place.zone !== 'app') return null
      return leavesFor(arrow, (to) => {
        if (to.zone === 'room') return to.door !== null || ['manifest', 'contract', 'ports'].includes(to.part)
        return ['kernel', 'platform', 'integration', 'app'].includes(to.zone)
      })
    },
  },
  {
    id: 'client-alone',
    sentence: 'The client is made from openapi.json alone and imports nothing of the server.',
    look: (arrow) => (arrow.from.place.zone === 'client' ? leavesFor(arrow, (to) => to.zone === 'client') : null),
  },
  {
    id: 'console-by-client',
    sentence: 'The console reaches the server through client/; of the server it may enter the kernel and pure doors.',
    look: (arrow) => {
      if (!arrow.from.place.zone.startsWith('web-')) return null
      return leavesFor(
        arrow,
        (to) => to.zone.startsWith('web-') || to.zone === 'client' || to.zone === 'kernel' || isPureDoor(to),
      )
    },
  },
  {
    id: 'console-rooms-apart',
    sentence: 'A room of the console never imports another room of the console.',
    look: (arrow) => {
      const { place } = arrow.from
      if (place.zone !== 'web-room') return null
      const to = target(arrow)
      return to?.zone === 'web-room' && to.room !== place.room ? refused(arrow) : null
    },
  },
  {
    id: 'parts-know-no-rooms',
    sentence: 'Parts of the console know no domain: they import no room, no shell and no pure door.',
    look: (arrow) =>
      arrow.from.place.zone === 'web-part'
        ? leavesFor(arrow, (to) => to.zone === 'web-part' || to.zone === 'client' || to.zone === 'kernel')
        : null,
  },
  {
    id: 'commands-by-client',
    sentence:
      'Commands speak through client/; they start the app and its platform by a lazy import and may enter the kernel and pure doors.',
    look: (arrow) => {
      const { zone } = arrow.from.place
      if (zone !== 'cli' && zone !== 'runner') return null
      return leavesFor(arrow, (to) => {
        if (to.zone === 'app' || to.zone === 'platform')
          return zone === 'cli' && (arrow.taken.dynamic || arrow.taken.typeOnly)
        // The demo is a set of outside systems that one command starts and switches.
        if (to.zone === 'example') return arrow.from.path.startsWith('cli/src/commands/run/')
        return (
          to.zone === zone ||
          to.zone === 'client' ||
          to.zone === 'kernel' ||
          isPureDoor(to) ||
          (zone === 'cli' && to.zone === 'runner')
        )
      })
    },
  },
  {
    id: 'examples-outside',
    sentence: 'Examples stand outside the product: they import themselves, the client and the kernel.',
    look: (arrow) =>
      arrow.from.place.zone === 'example'
        ? leavesFor(arrow, (to) => to.zone === 'example' || to.zone === 'client' || to.zone === 'kernel')
        : null,
  },
  {
    id: 'product-without-tests',
    sentence: 'The product imports no test, tool or benchmark.',
    look: (arrow) => {
      const to = target(arrow)
      if (to === null || arrow.from.place.zone === 'outside') return null
      return to.zone === 'outside' || isTest(file(arrow)) ? refused(arrow) : null
    },
  },
]
