// The armed plan on disk: sealed as a whole with a key derived from the installation's, replaced in one step, readable
// by its owner only. A copy of the file without the key file tells nothing.
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { open, readFile, rename, rm } from 'node:fs/promises'
import path from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { setImmediate } from 'node:timers/promises'
import { createGzip, gunzipSync } from 'node:zlib'
import type { Keyring } from '../../platform/secrets/index.ts'
import type { ArmedPlan } from './armed-plan.ts'

const cipher = 'aes-256-gcm'
const purpose = 'lifeboat plan v1'
const mark = Buffer.from('mslb1')
const idBytes = 8
const ivBytes = 12
const tagBytes = 16

type Keys = Pick<Keyring, 'derive'>

// Megabytes in a storm: written in pieces, because whoever posts an alert meanwhile must not wait for all of it, and packed
// beside the main thread.
const itemsAtOnce = 100
const charactersAtOnce = 32_768

async function pack(plan: ArmedPlan): Promise<Buffer> {
  const packed: Buffer[] = []
  await pipeline(Readable.from(inTurns(plan), { objectMode: false }), createGzip(), async (parts) => {
    for await (const part of parts) if (Buffer.isBuffer(part)) packed.push(part)
  })
  return Buffer.concat(packed)
}

async function* inTurns(plan: ArmedPlan): AsyncGenerator<string> {
  let text = ''
  for (const piece of jsonPieces(plan)) {
    text += piece
    if (text.length < charactersAtOnce) continue
    yield text
    text = ''
    await setImmediate()
  }
  if (text !== '') yield text
}

/** What `JSON.stringify` says of plain data, long lists some items at a time. */
export function* jsonPieces(value: unknown): Generator<string> {
  if (Array.isArray(value) && value.length > itemsAtOnce) {
    for (let from = 0; from < value.length; from += itemsAtOnce)
      yield `${from === 0 ? '[' : ','}${JSON.stringify(value.slice(from, from + itemsAtOnce)).slice(1, -1)}`
    yield ']'
  } else if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    let before = '{'
    for (const [name, each] of Object.entries(value)) {
      if (each === undefined) continue
      yield `${before}${JSON.stringify(name)}:`
      yield* jsonPieces(each)
      before = ','
    }
    yield before === '{' ? '{}' : '}'
  } else yield JSON.stringify(value)
}

export async function sealPlan(keys: Keys, plan: ArmedPlan): Promise<Buffer> {
  const [current] = keys.derive(purpose)
  if (current === undefined) throw new Error('A keyring has a current key.')
  const packed = await pack(plan)
  const iv = randomBytes(ivBytes)
  const head = Buffer.concat([mark, Buffer.from(current.id.padEnd(idBytes).slice(0, idBytes), 'latin1'), iv])
  const sealing = createCipheriv(cipher, current.key, iv, { authTagLength: tagBytes }).setAAD(head)
  const body = Buffer.concat([sealing.update(packed), sealing.final()])
  return Buffer.concat([head, sealing.getAuthTag(), body])
}

/** Null when it is none of ours, was changed, or was sealed with a key that is gone. */
export function openPlan(keys: Keys, sealed: Buffer): ArmedPlan | null {
  const headBytes = mark.length + idBytes + ivBytes
  if (sealed.length < headBytes + tagBytes || !sealed.subarray(0, mark.length).equals(mark)) return null
  const head = sealed.subarray(0, headBytes)
  const id = head
    .subarray(mark.length, mark.length + idBytes)
    .toString('latin1')
    .trimEnd()
  const key = keys.derive(purpose).find((each) => each.id === id)
  if (key === undefined) return null
  try {
    const opening = createDecipheriv(cipher, key.key, head.subarray(-ivBytes), { authTagLength: tagBytes })
      .setAAD(head)
      .setAuthTag(sealed.subarray(headBytes, headBytes + tagBytes))
    const body = Buffer.concat([opening.update(sealed.subarray(headBytes + tagBytes)), opening.final()])
    const plan: ArmedPlan = JSON.parse(gunzipSync(body).toString('utf8'))
    return plan
  } catch {
    return null
  }
}

export async function writePlan(file: string, keys: Keys, plan: ArmedPlan): Promise<void> {
  const draft = `${file}.${randomBytes(6).toString('hex')}`
  const handle = await open(draft, 'w', 0o600)
  try {
    await handle.writeFile(await sealPlan(keys, plan))
    await handle.sync()
    await handle.close()
    await rename(draft, file)
  } catch (error) {
    await handle.close().catch(() => undefined)
    await rm(draft, { force: true })
    throw error
  }
  const folder = await open(path.dirname(file), 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}

export async function readPlan(file: string, keys: Keys): Promise<ArmedPlan | null> {
  const sealed = await readFile(file).catch(() => null)
  return sealed === null ? null : openPlan(keys, sealed)
}
