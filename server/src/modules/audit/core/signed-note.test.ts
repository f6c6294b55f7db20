import { createHash, createPublicKey, generateKeyPairSync, sign, verify } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { fromBase64, fromHex, type Hash, toBase64, toHex, utf8 } from './bytes.ts'
import { formatCheckpoint, parseCheckpoint, signCheckpoint } from './checkpoint.ts'
import { formatNote, formatNoteKey, judgeNote, parseNote, parseNoteKey, type VerifySignature } from './signed-note.ts'

const sha256: Hash = (bytes) => createHash('sha256').update(bytes).digest()
const ed25519: VerifySignature = (publicKey, message, signature) => {
  const x = Buffer.from(publicKey).toString('base64url')
  return verify(null, message, createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' }), signature)
}

test('UTF-8 and base64 agree with the platform', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 60 }), fc.uint8Array({ maxLength: 60 }), (text, bytes) => {
      expect(Buffer.from(utf8(text)).equals(Buffer.from(new TextEncoder().encode(text)))).toBe(true)
      expect(toBase64(bytes)).toBe(Buffer.from(bytes).toString('base64'))
      expect(fromBase64(toBase64(bytes))).toEqual(bytes)
      expect(fromHex(toHex(bytes))).toEqual(bytes)
    }),
  )
  expect(toHex(utf8('\ud800'))).toBe('efbfbd')
})

test.each(['A', 'AA', 'AAA', 'AB==', 'AAB=', '=AAA', 'A=AA', 'AA==AAAA', 'AAA\n', 'AA-_'])(
  '%j is not base64',
  (text) => {
    expect(fromBase64(text)).toBeNull()
  },
)

// The example of the Go package golang.org/x/mod/sumdb/note, which the format was taken from.
const goKey = 'example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k'
const goNote =
  'This is an example message.\n\n\u2014 example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n'

test('a note and a key written by another tool are read and written the same', () => {
  const key = parseNoteKey(sha256, goKey)
  const note = parseNote(goNote)
  if (key === null || note === null) throw new Error('not read')
  expect(formatNoteKey(sha256, key)).toBe(goKey)
  expect(formatNote(note)).toBe(goNote)
  expect(judgeNote(sha256, ed25519, note, [key])).toEqual({ signed: true, by: ['example.com/foo'] })
  const altered = { ...note, text: 'This is another message.\n' }
  expect(judgeNote(sha256, ed25519, altered, [key])).toEqual({ signed: false, because: 'bad-signature' })
  expect(judgeNote(sha256, ed25519, note, [])).toEqual({ signed: false, because: 'no-known-key' })
})

test.each([
  { why: 'the key id of another key', text: goKey.replace('530d903a', '530d903b') },
  { why: 'an unknown algorithm', text: goKey.replace('+Aek', '+Auk') },
  { why: 'no name', text: goKey.replace('example.com/foo', '') },
  { why: 'a space in the name', text: goKey.replace('/foo', ' foo') },
])('a key with $why is refused', ({ text }) => {
  expect(parseNoteKey(sha256, text)).toBeNull()
})

test.each([
  { why: 'no signatures', text: 'text\n' },
  { why: 'an empty list of signatures', text: 'text\n\n' },
  { why: 'a hyphen for the dash', text: goNote.replace('\u2014', '-') },
  { why: 'a tab', text: goNote.replace('an example', 'an\texample') },
  { why: 'a carriage return', text: goNote.replace('message.\n', 'message.\r\n') },
  { why: 'no last newline', text: goNote.slice(0, -1) },
  { why: 'a signature of 4 bytes', text: 'text\n\n\u2014 a AAAAAA==\n' },
  { why: 'a third word', text: goNote.replace('=\n', '= x\n') },
  { why: '101 signatures', text: `text\n\n${'\u2014 a AAAAAAA=\n'.repeat(101)}` },
])('a note with $why is refused', ({ text }) => {
  expect(parseNote(text)).toBeNull()
})

test('a checkpoint is signed, read and verified; a witness may add its line', () => {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519')
  const raw = new Uint8Array(Buffer.from(publicKey.export({ format: 'jwk' }).x ?? '', 'base64url'))
  const key = { name: 'reliability.example.com/journal', publicKey: raw }
  const checkpoint = { origin: key.name, size: 20_852_163, root: sha256(new Uint8Array(0)) }
  const text = signCheckpoint(sha256, checkpoint, key, (message) => sign(null, message, privateKey))
  const note = parseNote(text)
  if (note === null) throw new Error('not read')
  expect(parseCheckpoint(note.text)).toEqual({ ...checkpoint, root: new Uint8Array(checkpoint.root) })
  const witnessed = { ...note, signatures: [...note.signatures, ...(parseNote(goNote)?.signatures ?? [])] }
  expect(judgeNote(sha256, ed25519, parseNote(formatNote(witnessed)) ?? note, [key])).toEqual({
    signed: true,
    by: [key.name],
  })
})

test('the checkpoint of the specification is read', () => {
  const text = 'example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n'
  const checkpoint = parseCheckpoint(text)
  expect(checkpoint).toMatchObject({ origin: 'example.com/behind-the-sofa', size: 20_852_163 })
  if (checkpoint !== null) expect(formatCheckpoint(checkpoint)).toBe(text)
})

const root = 'CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I='
test.each([
  `\n1\n${root}\n`,
  `o\n01\n${root}\n`,
  `o\n-1\n${root}\n`,
  `o\n1e3\n${root}\n`,
  `o\n9999999999999999\n${root}\n`,
  'o\n1\nAAAA\n',
  `o\n1\n${root}`,
  `o\n1\n${root}\n\nextension\n`,
  'o\n1\n',
])('%j is not a checkpoint', (text) => {
  expect(parseCheckpoint(text)).toBeNull()
})

test('an origin cannot smuggle lines into a checkpoint', () => {
  expect(() => formatCheckpoint({ origin: 'a\n9', size: 1, root: sha256(new Uint8Array(0)) })).toThrow(RangeError)
})
