// Bodies as they were sent, read: by the one that takes them, and by whoever counts them when that is another process.
import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'
import { AppError } from '../../kernel/app-error.ts'
import {
  type Attributes,
  type Decoded,
  type DecodedWrite,
  type DecodeMemory,
  decodeOtlpJson,
  decodeRemoteWrite,
  defaultLimits,
  type ReadOtlp,
  type RemoteWriteVersion,
  readOtlpProtobuf,
  readSampleBatch,
  type SampleBatch,
} from './core/index.ts'
import { tellsSignals } from './core/signals/index.ts'
import type { BodyForm, OtlpForm } from './inbox.store.ts'
import { sourceName } from './match-points.ts'
import { unpackBody } from './unpack-snappy.ts'

/** What senders bring; the rest is fetched. */
export type SentKind = 'otlp' | 'remote-write'

/** A way in, and what it says of what it tells. */
export interface Way {
  readonly kind: SentKind | 'scrape'
  readonly nameOf: (resource: Attributes) => string
  /**
   * A scrape tells of all series of a target at once: one that was not there before began at 0 since. OTLP gives
   * starts instead.
   */
  readonly wholeTargets: boolean
  /** A Prometheus sends of every process there is: those that nothing counts are not kept. */
  readonly keepsAll: boolean
}

export function targetName(kind: string, target: Attributes): string {
  const named = ['job', 'instance'].flatMap((key) => target.get(key) || [])
  return `${kind}:${named.length === 0 ? 'unnamed' : named.join('/')}`.slice(0, 300)
}
export const nameOfTarget = (target: Attributes): string => targetName('remote-write', target)

export const ways: Readonly<Record<SentKind, Way & { readonly kind: SentKind }>> = {
  'remote-write': { kind: 'remote-write', nameOf: nameOfTarget, wholeTargets: true, keepsAll: false },
  otlp: { kind: 'otlp', nameOf: sourceName, wholeTargets: false, keepsAll: true },
}

export type DecodedBody = Extract<DecodedWrite, { state: 'decoded' }>
/** A request as it was read: the usual way, with objects, or some of it the one way and the rest the other. */
export interface ReadBody {
  readonly way: Way & { readonly kind: SentKind }
  readonly batch: SampleBatch | null
  readonly decoded: DecodedBody | null
}

/** `accepted` is of both. */
export const samplesOf = ({ batch, decoded }: ReadBody): number => decoded?.accepted ?? batch?.times.length ?? 0

/** Throws an AppError that says what is wrong with it. */
export async function readBody(body: Buffer, form: BodyForm, names: DecodeMemory): Promise<ReadBody> {
  if (form === '1.0' || form === '2.0') return readWritten(body, form, names)
  const decoded = decodeOtlp(await unpackOtlp(body, form), form, names)
  if (decoded.state === 'refused') throw unreadable(decoded)
  return otlpBody(decoded)
}

export const otlpBody = (decoded: Extract<ReadOtlp, { state: 'decoded' }>): ReadBody => ({
  way: ways.otlp,
  batch: decoded.batch,
  decoded,
})

export function readWritten(body: Buffer, version: RemoteWriteVersion, names: DecodeMemory): ReadBody {
  const bytes = unpackBody(body)
  const batch = readSampleBatch(bytes, version, names)
  const way = ways['remote-write']
  if (batch !== null) return { way, batch, decoded: null }
  const decoded = decodeRemoteWrite(bytes, version, defaultLimits, names)
  if (decoded.state === 'refused') throw unreadable(decoded)
  return { way, batch: null, decoded }
}

export const unreadable = ({ at, detail }: Extract<Decoded, { state: 'refused' }>): AppError =>
  new AppError('invalid', 'http.unreadable', `The request cannot be read at ${at}: ${detail}`)

/** Once unpacked: a few kilobytes of gzip can hold gigabytes. */
export const unpackedLimit = 8 * 1024 * 1024
const unpack = promisify(gunzip)

export async function unpackOtlp(body: Buffer, form: OtlpForm): Promise<Uint8Array> {
  if (!form.endsWith('+gzip')) return body
  try {
    return await unpack(body, { maxOutputLength: unpackedLimit, chunkSize: unpackedSize(body) })
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE')
      throw new AppError(
        'invalid',
        'http.too-large',
        `The body is larger than ${unpackedLimit / 1024 / 1024} MiB once unpacked. Send smaller batches.`,
      )
    throw new AppError('invalid', 'http.unreadable', 'The body says gzip and is not.')
  }
}

// Gzip ends with how long its content is. In one piece it takes half the memory, and memory beside the heap is what the
// collector is called for. What the end says is only a guess: more is unpacked all the same, and less than said is not waited for.
const [leastPiece, mostPacked] = [16 * 1024, 1_032]
function unpackedSize(body: Buffer): number {
  const told = body.length < 18 ? 0 : body.readUInt32LE(body.length - 4)
  return Math.max(leastPiece, Math.min(told, unpackedLimit, body.length * mostPacked) + 1)
}

// Of what tells golden signals each point is looked at with what stands beside it.
const isPlain = (metric: string): boolean => !tellsSignals(metric)

export function decodeOtlp(bytes: Uint8Array, form: OtlpForm, names: DecodeMemory): ReadOtlp {
  if (form === 'otlp' || form === 'otlp+gzip') return readOtlpProtobuf(bytes, names, isPlain)
  try {
    const decoded = decodeOtlpJson(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)))
    return decoded.state === 'refused' ? decoded : { ...decoded, batch: null }
  } catch {
    return { state: 'refused', at: '', detail: 'it is not JSON.' }
  }
}
