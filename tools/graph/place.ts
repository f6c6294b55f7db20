// Where a file stands in the house, read from its path alone.

export type RoomPart = 'core' | 'contract' | 'ports' | 'store' | 'routes' | 'jobs' | 'manifest' | 'inside'

export type Place =
  | { readonly zone: 'kernel' }
  | { readonly zone: 'platform' }
  | { readonly zone: 'room'; readonly room: string; readonly part: RoomPart; readonly door: 'pure' | 'working' | null }
  | { readonly zone: 'integration'; readonly system: string }
  | { readonly zone: 'app' }
  | { readonly zone: 'client' }
  | { readonly zone: 'web-room'; readonly room: string }
  | { readonly zone: 'web-part' }
  | { readonly zone: 'web-shell' }
  | { readonly zone: 'cli' }
  | { readonly zone: 'runner' }
  | { readonly zone: 'example' }
  /** Benchmarks, tools, configuration: beside the product, not in it. */
  | { readonly zone: 'outside' }

const edges: readonly (readonly [RegExp, RoomPart])[] = [
  [/^core\//, 'core'],
  [/\.contract\.ts$/, 'contract'],
  [/\.ports\.ts$/, 'ports'],
  [/\.store\.ts$/, 'store'],
  [/\.routes\.ts$/, 'routes'],
  [/\.jobs\.ts$/, 'jobs'],
  [/\.module\.ts$/, 'manifest'],
]

export function placeOf(path: string): Place {
  const [top = '', second = '', third = '', fourth = ''] = path.split('/')
  if (top === 'server' && second === 'src') {
    if (third === 'kernel' || third === 'platform' || third === 'app') return { zone: third }
    if (third === 'integrations') return { zone: 'integration', system: fourth }
    if (third === 'modules') return placeInRoom(fourth, path.split('/').slice(4).join('/'))
  }
  if (top === 'web' && second === 'src') {
    if (third === 'rooms') return { zone: 'web-room', room: fourth }
    return { zone: third === 'parts' ? 'web-part' : 'web-shell' }
  }
  if (top === 'client' || top === 'cli' || top === 'runner') return { zone: top }
  if (top === 'examples') return { zone: 'example' }
  return { zone: 'outside' }
}

function placeInRoom(room: string, inside: string): Place {
  const part = edges.find(([pattern]) => pattern.test(inside))?.[1] ?? 'inside'
  const door = inside === 'index.ts' ? 'working' : inside === 'core/index.ts' ? 'pure' : null
  return { zone: 'room', room, part, door }
}

/** Tests may reach everything; nothing may reach them. */
export function isTest(path: string): boolean {
  return (
    /\.(test|walk|bench|fixture)\.tsx?$/.test(path) ||
    /^server\/test\//.test(path) ||
    /(^|\/)(testing|test|walks)\//.test(path)
  )
}

export const isGenerated = (path: string): boolean => path.endsWith('.gen.ts')
