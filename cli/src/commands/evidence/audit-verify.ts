// The offline verifier: nothing of the server is asked, nothing of the file is believed that a signature does not carry.
import { createHash, createPublicKey, verify as verifySignature } from 'node:crypto'
import { createReadStream, readFileSync } from 'node:fs'
import path from 'node:path'
import { createInterface } from 'node:readline'
import {
  type ExportVerdict,
  type Hash,
  type NoteKey,
  parseNoteKey,
  type VerifySignature,
  verifyJournalExport,
} from '../../../../server/src/modules/audit/core/index.ts'
import { openApi } from '../../connection/api.ts'
import { CommandError, type ExitCode, exitCodes, usageError } from '../../exit-codes.ts'
import type { Call, Run } from '../../line/command.ts'
import { formatOf, printDetail, styleErr } from '../../print/output.ts'
import { harmless } from '../../print/text-width.ts'

const sha256: Hash = (bytes) => createHash('sha256').update(bytes).digest()

const ed25519: VerifySignature = (publicKey, message, signature) => {
  const key = { kty: 'OKP', crv: 'Ed25519', x: Buffer.from(publicKey).toString('base64url') }
  return verifySignature(null, message, createPublicKey({ format: 'jwk', key }), signature)
}

export const verify: Run = async (call) => {
  const [file] = call.args
  if (call.options.has('server')) return verifyServer(call)
  if (file === undefined)
    throw usageError('Verify what?', 'A file: mainstay audit verify journal.jsonl, or the server’s own: --server')
  return verifyFile(call, file)
}

async function verifyServer(call: Call): Promise<ExitCode> {
  const api = await openApi(call)
  const result = await api.client['journal.verify']()
  return report(call, {
    ok: result.ok,
    counts: result,
    findings: result.findings.map((each) => each.sentence),
    caveat: null,
    document: result,
  })
}

async function verifyFile(call: Call, file: string): Promise<ExitCode> {
  const place = path.resolve(call.shell.folder, file)
  const keys = call.options.all('key').map(readKey)
  const checkpoints = call.options.all('checkpoint').map((each) => readText(call, each))
  const lines = createInterface({ input: createReadStream(place, 'utf8'), crlfDelay: Number.POSITIVE_INFINITY })
  const found: ExportVerdict = await verifyJournalExport(lines, {
    hash: sha256,
    verify: ed25519,
    ...(keys.length === 0 ? {} : { keys }),
    ...(checkpoints.length === 0 ? {} : { checkpoints }),
  }).catch((error: unknown) => {
    throw new CommandError(exitCodes.error, `${file} cannot be read.`, null, error)
  })
  if (!found.readable) throw new CommandError(exitCodes.error, `${file}:${found.line}: ${found.sentence}`)
  const { verdict, header } = found
  return report(call, {
    ok: verdict.ok,
    counts: verdict.counts,
    findings: verdict.ok ? [] : verdict.findings.map((each) => each.sentence),
    caveat: found.keyFromOutside
      ? null
      : `The file's own key was taken: it agrees with itself. Compare the key, received another way: ${header.key}`,
    document: { header, keyFromOutside: found.keyFromOutside, ...verdict },
  })
}

function readKey(text: string): NoteKey {
  const key = parseNoteKey(sha256, text.trim())
  if (key === null) throw usageError(`"${text}" is no verifier key.`, 'It looks like name+12345678+AbC….')
  return key
}

function readText(call: Call, file: string): string {
  try {
    return readFileSync(path.resolve(call.shell.folder, file), 'utf8')
  } catch (error) {
    throw new CommandError(exitCodes.error, `${file} cannot be read.`, null, error)
  }
}

interface Outcome {
  readonly ok: boolean
  readonly counts: {
    readonly entries: number
    readonly checkpoints: number
    readonly sealed: number
    readonly unsealed: number
  }
  readonly findings: readonly string[]
  readonly caveat: string | null
  readonly document: unknown
}

async function report(call: Call, { ok, counts, findings, caveat, document }: Outcome): Promise<ExitCode> {
  await printDetail(call, {
    title: ok ? '✓ The journal is what was recorded' : '⬣ The journal is NOT what was recorded',
    facts: [
      ['Entries', String(counts.entries)],
      ['Signed checkpoints', String(counts.checkpoints)],
      ['Covered by a signature', String(counts.sealed)],
      ['Not yet covered', String(counts.unsealed)],
    ],
    sections: [{ title: 'Findings', lines: findings.map(harmless) }],
    name: ok ? 'intact' : 'altered',
    document,
  })
  if (caveat !== null && formatOf(call) !== 'name')
    call.shell.err.write(`${styleErr(call).warning('▲')} ${harmless(caveat)}\n`)
  return ok ? exitCodes.ok : exitCodes.error
}
