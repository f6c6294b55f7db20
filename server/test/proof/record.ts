// What a proof measured, for the report. Written only when `tools/prove.ts` runs it: an ordinary test run is no record.
import { appendFileSync } from 'node:fs'
import type { ProofName } from '../../src/app/proofs/report.ts'

export function record(proof: ProofName, figures: Readonly<Record<string, number>>): void {
  const file = process.env.MAINSTAY_PROOF_RESULTS
  if (file === undefined || file === '') return
  appendFileSync(file, `${JSON.stringify({ proof, figures })}\n`)
}
