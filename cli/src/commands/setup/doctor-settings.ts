// The settings of the server that would start here, the database they name, and mail.

import { AppError } from '../../../../server/src/kernel/app-error.ts'
import type { Config } from '../../../../server/src/platform/config/config.ts'
import { roughly } from '../../print/times.ts'
import type { Check } from './doctor-machine.ts'

export async function checkConfiguration(
  environment: Readonly<Record<string, string | undefined>>,
): Promise<{ config: Config | null; dataFolder: string | null; check: Check }> {
  const { readConfig } = await import('../../../../server/src/platform/config/config.ts')
  const { dataFolderOf } = await import('../../../../server/src/app/data-source.ts')
  try {
    const config = readConfig(environment)
    return {
      config,
      dataFolder: dataFolderOf(config),
      check: { name: 'settings', state: 'good', sentence: 'They are right. `mainstay config print` shows them.' },
    }
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    const faults = (error.details.faults ?? []).map((fault) => `${fault.pointer ?? ''} ${fault.detail}`)
    return {
      config: null,
      dataFolder: null,
      check: { name: 'settings', state: 'bad', sentence: [error.message, ...faults].join(' ') },
    }
  }
}

const connectWithinMs = 5_000
// Pages are due by the database's clock, certificates and sessions by this machine's.
const mostSkewMs = 2_000

export async function checkDatabase(config: Config, now: number): Promise<Check> {
  const url = config.get('DATABASE_URL')
  if (url === null) return { name: 'database', state: 'good', sentence: 'Its own PostgreSQL, started with the server.' }
  const { parseDatabaseUrl } = await import('../../../../server/src/platform/database/database-url.ts')
  const { atPrimary } = await import('../../../../server/src/platform/database/primary.ts')
  const { default: pg } = await import('pg')
  let client: InstanceType<typeof pg.Client> | null = null
  try {
    client = new pg.Client({ ...(await atPrimary(parseDatabaseUrl(url))), connectionTimeoutMillis: connectWithinMs })
    await client.connect()
    const { rows } = await client.query<{ version: string; epoch: number }>(
      `select current_setting('server_version') as version, extract(epoch from clock_timestamp())::float8 as epoch`,
    )
    const skewMs = (rows[0]?.epoch ?? 0) * 1_000 - now
    const version = rows[0]?.version ?? 'unknown'
    if (Math.abs(skewMs) > mostSkewMs + connectWithinMs)
      return {
        name: 'database',
        state: 'warning',
        sentence: `PostgreSQL ${version} answers, but its clock is ${roughly(skewMs)} ${skewMs > 0 ? 'ahead' : 'behind'}. Use NTP on both.`,
      }
    return { name: 'database', state: 'good', sentence: `PostgreSQL ${version} answers, the clocks agree.` }
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    return { name: 'database', state: 'bad', sentence: `DATABASE_URL cannot be used: ${why}` }
  } finally {
    await client?.end().catch(() => undefined)
  }
}

export function checkMail(config: Config): Check {
  const set = config.get('MAINSTAY_SMTP_URL') !== null
  return {
    name: 'mail',
    state: set ? 'good' : 'warning',
    sentence: set
      ? 'MAINSTAY_SMTP_URL is set.'
      : 'MAINSTAY_SMTP_URL is not set: nobody can be paged by mail, only by web push and webhooks.',
  }
}
