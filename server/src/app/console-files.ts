// The files of the built console in memory, with the compressed copies that the build laid beside them: read once when
// the server starts, so a page asks nothing of the disk, and a build that is swapped in later takes none away.
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import path from 'node:path'

export const encodings = ['br', 'gzip'] as const
type Encoding = (typeof encodings)[number]

export interface ConsoleFile {
  /** `/assets/main-abc.js` */
  readonly address: string
  readonly type: string
  /** Of its content: all its forms are the same file. */
  readonly etag: string
  readonly modified: string
  readonly cacheControl: string
  readonly plain: Buffer
  readonly compressed: Readonly<Partial<Record<Encoding, Buffer>>>
}

export interface ConsoleFiles {
  readonly kept: readonly ConsoleFile[]
  /** Paths within the folder of what did not fit: it is read from the disk each time. */
  readonly left: readonly string[]
}

/** Some fifteen times what a build takes with its copies. */
export const mostBytes = 32 * 1_048_576

const types: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.webmanifest': 'application/manifest+json; charset=utf-8',
  '.woff2': 'font/woff2',
}
const copies: Readonly<Record<Encoding, string>> = { br: '.br', gzip: '.gz' }

/** Names under assets/ carry a hash of their content. */
export const cacheControlOf = (inside: string): string =>
  inside.startsWith('assets/') ? 'public, max-age=31536000, immutable' : 'no-cache'

export function readConsoleFiles(folder: string, most = mostBytes): ConsoleFiles {
  const names = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((each) => each.isFile())
    .map((each) => path.relative(folder, path.join(each.parentPath, each.name)).split(path.sep).join('/'))
    .sort()
  const known = new Set(names)
  const isCopy = (name: string) =>
    Object.values(copies).some((end) => name.endsWith(end) && known.has(name.slice(0, -end.length)))
  const [kept, left]: [ConsoleFile[], string[]] = [[], []]
  let bytes = 0
  for (const name of names) {
    if (isCopy(name)) continue
    const forms = [name, ...Object.values(copies).map((end) => `${name}${end}`)].filter((each) => known.has(each))
    const size = forms.reduce((sum, each) => sum + statSync(path.join(folder, each)).size, 0)
    const type = types[path.extname(name)]
    if (type === undefined || bytes + size > most) left.push(name)
    else {
      bytes += size
      kept.push(readOne(folder, name, { type, known }))
    }
  }
  return { kept, left }
}

function readOne(
  folder: string,
  name: string,
  { type, known }: { readonly type: string; readonly known: ReadonlySet<string> },
): ConsoleFile {
  const read = (each: string) => readFileSync(path.join(folder, each))
  const plain = read(name)
  const compressed = encodings.flatMap((encoding) => {
    const copy = `${name}${copies[encoding]}`
    return known.has(copy) ? [[encoding, read(copy)] as const] : []
  })
  return {
    address: `/${name}`,
    type,
    etag: `W/"${createHash('sha256').update(plain).digest('base64url').slice(0, 22)}"`,
    modified: new Date(statSync(path.join(folder, name)).mtimeMs).toUTCString(),
    cacheControl: cacheControlOf(name),
    plain,
    compressed: Object.fromEntries(compressed),
  }
}

/** The smallest form that the browser takes; null: as it is. */
export function encodingFor(accepted: string | undefined, of: Pick<ConsoleFile, 'compressed'>): Encoding | null {
  const taken = new Map(
    (accepted ?? '').split(',').map((each) => {
      const [name = '', ...parameters] = each.trim().toLowerCase().split(';')
      const weight = parameters.map((part) => /^\s*q=([\d.]+)\s*$/.exec(part)?.[1]).find((found) => found !== undefined)
      return [name.trim(), weight === undefined ? 1 : Number(weight)]
    }),
  )
  const takes = (encoding: Encoding) => (taken.get(encoding) ?? taken.get('*') ?? 0) > 0
  return encodings.find((encoding) => of.compressed[encoding] !== undefined && takes(encoding)) ?? null
}

export interface Conditions {
  readonly 'if-none-match'?: string | undefined
  readonly 'if-modified-since'?: string | undefined
}

/** Whether what the browser has is this (RFC 9110, 13.2.2: the tag decides where one is given). */
export function isKnown(headers: Conditions, { etag, modified }: Pick<ConsoleFile, 'etag' | 'modified'>): boolean {
  const tags = headers['if-none-match']
  if (tags !== undefined) {
    const weak = (tag: string) => tag.trim().replace(/^W\//, '')
    return tags.trim() === '*' || tags.split(',').some((tag) => weak(tag) === weak(etag))
  }
  const since = Date.parse(headers['if-modified-since'] ?? '')
  return !Number.isNaN(since) && Date.parse(modified) <= since
}
