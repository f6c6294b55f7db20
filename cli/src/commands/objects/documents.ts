// Documents from files, folders and stdin as one text, and the way back from a line of it to its file.
import { readdirSync, readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import { ProblemError, type ProblemFault } from '../../../../client/src/client.ts'
import { CommandError, exitCodeOfStatus, exitCodes, usageError } from '../../exit-codes.ts'
import type { Call } from '../../line/command.ts'
import { faultText } from '../../print/problem.ts'

export interface Source {
  readonly file: string
  readonly text: string
}

export interface Documents {
  readonly text: string
  readonly sources: readonly Source[]
  /** Of a 1-based line of the text. */
  readonly placeOf: (line: number) => { readonly file: string; readonly line: number }
}

const extensions = new Set(['.yaml', '.yml', '.json'])

export async function readDocuments(call: Call): Promise<Documents> {
  const wanted = [...call.options.all('file'), ...call.args]
  if (wanted.length === 0)
    throw usageError('Which documents?', 'Name a file or folder: -f reliability/, or - for stdin.')
  const sources: Source[] = []
  for (const each of wanted) {
    if (each === '-') sources.push({ file: 'stdin', text: await call.shell.input.readAll() })
    else sources.push(...readPlace(call.shell.folder, each))
  }
  if (sources.length === 0)
    throw new CommandError(exitCodes.error, `There is no .yaml, .yml or .json file in ${wanted.join(', ')}.`)
  return joinSources(sources)
}

/** Files and folders alone, without what is piped in. */
export function readSourcesOf(call: Call, files: readonly string[]): readonly Source[] {
  return files.flatMap((file) => readPlace(call.shell.folder, file))
}

function readPlace(folder: string, given: string): readonly Source[] {
  const place = path.resolve(folder, given)
  try {
    if (!statSync(place).isDirectory()) return [{ file: given, text: readFileSync(place, 'utf8') }]
    return readdirSync(place, { withFileTypes: true })
      .filter((entry) => !entry.name.startsWith('.') && entry.name !== 'node_modules')
      .sort((a, b) => (a.name < b.name ? -1 : 1))
      .flatMap((entry) => {
        const inside = path.join(given, entry.name)
        if (entry.isDirectory()) return readPlace(folder, inside)
        return extensions.has(path.extname(entry.name)) ? readPlace(folder, inside) : []
      })
  } catch (error) {
    if (error instanceof CommandError) throw error
    const missing = error instanceof Error && 'code' in error && error.code === 'ENOENT'
    throw new CommandError(
      missing ? exitCodes.notFound : exitCodes.error,
      missing ? `There is no file or folder ${given}.` : `${given} cannot be read.`,
      null,
      missing ? undefined : error,
    )
  }
}

export function joinSources(sources: readonly Source[]): Documents {
  const starts: number[] = []
  let text = ''
  let line = 1
  for (const source of sources) {
    // A separator of our own, so that the last document of one file and the first of the next stay two.
    if (text !== '') {
      text += '---\n'
      line += 1
    }
    starts.push(line)
    const body = source.text.replace(/^\uFEFF/, '').replace(/\n?$/, '\n')
    text += body
    line += body.split('\n').length - 1
  }
  return {
    text,
    sources,
    placeOf: (asked) => {
      const index = starts.findLastIndex((start) => start <= asked)
      return { file: sources[Math.max(0, index)]?.file ?? '', line: asked - (starts[index] ?? 1) + 1 }
    },
  }
}

/** Faults of the joined text, at their places in the files. */
export function faultTexts(faults: readonly ProblemFault[], documents: Documents): readonly string[] {
  return faults.map((fault) => {
    if (fault.line === undefined) return faultText(fault)
    const place = documents.placeOf(fault.line)
    return faultText({ ...fault, line: place.line }, place.file)
  })
}

/** A refusal of documents names files; any other passes unchanged. */
export function atTheirPlaces(error: unknown, documents: Documents): unknown {
  if (!(error instanceof ProblemError) || error.errors.every((fault) => fault.line === undefined)) return error
  const hint = error.code === 'resources.owned-elsewhere' ? ['Take them over with --force, or leave them out.'] : []
  return new CommandError(
    exitCodeOfStatus(error.status),
    error.detail,
    [...faultTexts(error.errors, documents), ...hint].join('\n'),
  )
}
