// ServiceNow's Table API for incidents, with the shapes of its public documentation.
import { createHash } from 'node:crypto'
import { type Asked, type Json, type Said, type Stand, startStand } from './tracker-stand.ts'

export interface ServicenowRecord {
  readonly sysId: string
  readonly number: string
  readonly fields: Record<string, string>
}

export interface ServicenowStand extends Stand {
  readonly records: ServicenowRecord[]
  readonly user: string
  readonly token: string
}

const labels: Readonly<Record<string, string>> = {
  '1': 'New',
  '2': 'In Progress',
  '3': 'On Hold',
  '6': 'Resolved',
  '7': 'Closed',
  '8': 'Canceled',
}

export async function startServicenow(table = 'incident'): Promise<ServicenowStand> {
  const records: ServicenowRecord[] = []
  const [user, token] = ['mainstay', 'secret']
  const root = `/api/now/table/${table}`
  const shown = ({ sysId, number, fields }: ServicenowRecord): Json => {
    const both = (value: string, label = value) => ({ display_value: label, value })
    const state = fields.state ?? '1'
    return {
      sys_id: both(sysId),
      number: both(number),
      short_description: both(fields.short_description ?? ''),
      state: both(state, labels[state]),
    }
  }
  const denied: Said = {
    status: 401,
    body: {
      error: { message: 'User Not Authenticated', detail: 'Required to provide Auth information' },
      status: 'failure',
    },
  }

  function answer({ method, path, headers, body, query }: Asked): Said {
    if (headers.authorization !== `Basic ${Buffer.from(`${user}:${token}`).toString('base64')}`) return denied
    const fields = Object.fromEntries(Object.entries(body).map(([name, value]) => [name, String(value)]))
    if (path === root && method === 'POST') {
      const number = `INC${String(10_000 + records.length + 1).padStart(7, '0')}`
      const sysId = createHash('md5').update(number).digest('hex')
      const record: ServicenowRecord = { sysId, number, fields: { state: '1', ...fields } }
      records.push(record)
      return { status: 201, body: { result: shown(record) } }
    }
    if (path === root) {
      const [, name = '', value] = /^(\w+)=(.+)$/.exec(query.get('sysparm_query') ?? '') ?? []
      const found = records.filter((each) =>
        name === '' ? true : name === 'number' ? each.number === value : each.fields[name] === value,
      )
      const plain = query.get('sysparm_display_value') !== 'all'
      const limit = Number(query.get('sysparm_limit') ?? '100')
      return {
        status: 200,
        body: { result: found.slice(0, limit).map((each) => (plain ? { sys_id: each.sysId } : shown(each))) },
      }
    }
    const record = records.find((each) => path === `${root}/${each.sysId}`)
    if (record === undefined)
      return {
        status: 404,
        body: {
          error: { message: 'No Record found', detail: "Record doesn't exist or ACL restricts the record retrieval" },
          status: 'failure',
        },
      }
    if (method === 'PATCH') {
      if (fields.state === '6' && (fields.close_code ?? '') === '')
        return {
          status: 403,
          body: {
            error: { message: 'Operation Failed', detail: 'Data Policy Exception: Resolution code is mandatory' },
            status: 'failure',
          },
        }
      Object.assign(record.fields, fields)
    }
    return { status: 200, body: { result: shown(record) } }
  }

  const stand = await startStand(answer)
  return { ...stand, records, user, token }
}
