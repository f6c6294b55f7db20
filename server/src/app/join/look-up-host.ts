// What the DNS says of a status page's own host name.
import { resolveRecords } from '../../integrations/probing/resolve-records.ts'
import { AppError } from '../../kernel/app-error.ts'
import { type HostRecords, proofName } from '../../modules/status/core/index.ts'
import type { Egress } from '../../platform/egress/index.ts'

const lookMs = 5_000

/** A name that is not there, or has no record of the kind, is an answer; only silence is none. `server`: the machine's own unless said. */
export async function lookUpHost(
  egress: Egress,
  host: string,
  server: string | null = null,
): Promise<HostRecords | null> {
  const ask = async (name: string, type: 'TXT' | 'CNAME'): Promise<readonly string[] | null> => {
    try {
      const check = { kind: 'dns', name, type, server, answers: [], timeoutMs: lookMs, withinMs: null } as const
      return await resolveRecords(egress, check)
    } catch (error) {
      if (!(error instanceof AppError) || error.kind !== 'unavailable') throw error
      const { cause } = error.details
      return cause instanceof Error && 'code' in cause && cause.code === 'ENOTFOUND' ? [] : null
    }
  }
  const [txt, cname] = await Promise.all([ask(proofName(host), 'TXT'), ask(host, 'CNAME')])
  return txt === null && cname === null ? null : { txt: txt ?? [], cname: cname ?? [] }
}
