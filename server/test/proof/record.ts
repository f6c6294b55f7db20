// What a proof measured, for the report. Written only when `tools/prove.ts` runs it: an ordinary test run is no record.
import { appendFileSync, mkdirSync } from 'node:fs'
import path from 'node:path'
import type { ProofName } from '../../src/app/proofs/report.ts'

export function record(proof: ProofName, figures: Readonly<Record<string, number>>): void {
  const file = process.env.MAINSTAY_PROOF_RESULTS
  if (file === undefined || file === '') return
  appendFileSync(file, `${JSON.stringify({ proof, figures })}\n`)
}

/** For whoever has to find out why a promise broke: what happened when, in the folder MAINSTAY_PROOF_LOGS names. */
export function keepNote(file: string, text: string): void {
  const folder = process.env.MAINSTAY_PROOF_LOGS
  if (folder === undefined || folder === '') return
  mkdirSync(folder, { recursive: true })
  appendFileSync(path.join(folder, file), text)
}
